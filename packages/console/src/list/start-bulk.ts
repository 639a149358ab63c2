import { describeError } from '../api/problem.ts'
import { countQuery, queryClient } from '../api/queries.ts'
import { formatNumber, type RowCount } from '../parts/format.ts'
import { closeToast, showToast, updateToast } from '../parts/toast.ts'
import { collectRows, runBulk } from './bulk.ts'
import { runBulkJob } from './bulk-job.ts'
import { BULK_ROWS_MAX, type BulkAction, type BulkRow, confirmation } from './bulk-state.ts'
import type { Selection } from './use-selection.ts'

const CONFIRM_FROM = 50

function confirm(count: number, action: BulkAction, is_final = false): Promise<boolean> {
  if (count < CONFIRM_FROM && !is_final) return Promise.resolve(true)
  return new Promise((resolve) => {
    const answer = (is_confirmed: boolean): void => {
      confirmation.set(null)
      resolve(is_confirmed)
    }
    confirmation.set({ count, action, is_final, answer })
  })
}

type AnySelection = Selection<BulkRow>

/** Finds the rows that a selection means, asks where it is many, and changes them. */
export async function startBulk(
  selection: AnySelection,
  count: RowCount | undefined,
  action: BulkAction,
): Promise<void> {
  if (selection.is_all) {
    const total = await countExactly(selection, count, action)
    if (total === null) return
    if (total > BULK_ROWS_MAX) return startJob(selection, total, action)
  }
  const rows = selection.is_all ? await collect(selection, action) : selection.rows
  if (!rows) return
  const { kind, verb, patchOf, is_restore = false } = action
  const usable = rows.filter(({ is_deleted = false }) => is_deleted === is_restore)
  if (!(await confirm(usable.length, action))) return
  const plain = is_restore ? ('restored' as const) : ('deleted' as const)
  await runBulk(usable, patchOf ? { kind, verb, patchOf } : { kind, verb: plain })
}

/** Above a limit the service works alone: the browser would have to read every row first. */
async function startJob({ query }: AnySelection, total: number, { job, ...action }: BulkAction): Promise<void> {
  if (!job) {
    const { plural } = action.kind
    const detail = `Narrow the filters: so many ${plural} cannot be ${action.verb} at once.`
    showToast(`More than ${formatNumber(BULK_ROWS_MAX)} ${plural}`, { tone: 'bad', detail })
    return
  }
  if (await confirm(total, action, true)) await runBulkJob(query, total, action.verb, job)
}

/** The list's own count ends at some thousands. */
async function countExactly(
  { query }: AnySelection,
  count: RowCount | undefined,
  { kind }: BulkAction,
): Promise<number | null> {
  if (count?.relation === 'exact') return count.value
  try {
    return (await queryClient.fetchQuery(countQuery(kind.list, `/${kind.list}`, query, 'exact'))).value
  } catch (error) {
    showToast(`The ${kind.plural} cannot be counted`, { tone: 'bad', detail: describeError(error) })
    return null
  }
}

async function collect(selection: AnySelection, action: BulkAction): Promise<readonly BulkRow[] | null> {
  const { plural } = action.kind
  const stop = new AbortController()
  const toast = showToast(`Finding the ${plural} …`, {
    progress: 0,
    action: { label: 'Stop', run: () => stop.abort() },
  })
  try {
    const found = await collectRows(
      action.kind,
      selection.query,
      action.fields,
      (found_count) => updateToast(toast, { text: `Found ${formatNumber(found_count)} ${plural} …`, progress: 0.5 }),
      stop.signal,
    )
    closeToast(toast)
    return found
  } catch (error) {
    closeToast(toast)
    if (!stop.signal.aborted) showToast(describeError(error), { tone: 'bad' })
    return null
  }
}
