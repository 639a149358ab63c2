import { describeError } from '../../api/problem.ts'
import { countQuery, type ListedLead, queryClient } from '../../api/queries.ts'
import { collectLeads, runBulk } from '../../list/bulk.ts'
import { runBulkJob } from '../../list/bulk-job.ts'
import { BULK_LEADS_MAX, type BulkAction, confirmation } from '../../list/bulk-state.ts'
import { formatNumber, type RowCount } from '../../parts/format.ts'
import { closeToast, showToast, updateToast } from '../../parts/toast.ts'
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

/** Finds the leads that a selection means, asks where it is many, and changes them. */
export async function startBulk(selection: Selection, count: RowCount | undefined, action: BulkAction): Promise<void> {
  if (selection.is_all) {
    const total = await countExactly(selection, count)
    if (total === null) return
    if (total > BULK_LEADS_MAX) return startJob(selection, total, action)
  }
  const leads = selection.is_all ? await collect(selection, action) : selection.leads
  if (!leads) return
  const usable = leads.filter(({ is_deleted }) => !is_deleted)
  if (!(await confirm(usable.length, action))) return
  const { verb, patchOf } = action
  await runBulk(usable, patchOf ? { verb, patchOf } : { verb: 'deleted' })
}

/** Above a limit the service works alone: the browser would have to read every lead first. */
async function startJob({ query }: Selection, total: number, { job, ...action }: BulkAction): Promise<void> {
  if (!job) {
    const detail = 'Narrow the filters: tags of so many leads cannot be changed at once.'
    showToast(`More than ${formatNumber(BULK_LEADS_MAX)} leads`, { tone: 'bad', detail })
    return
  }
  if (await confirm(total, action, true)) await runBulkJob(query, total, action.verb, job)
}

/** The list's own count ends at some thousands. */
async function countExactly({ query }: Selection, count: RowCount | undefined): Promise<number | null> {
  if (count?.relation === 'exact') return count.value
  try {
    return (await queryClient.fetchQuery(countQuery('leads', '/leads', query, 'exact'))).value
  } catch (error) {
    showToast('The leads cannot be counted', { tone: 'bad', detail: describeError(error) })
    return null
  }
}

async function collect(selection: Selection, action: BulkAction): Promise<readonly ListedLead[] | null> {
  const stop = new AbortController()
  const toast = showToast('Finding the leads …', { progress: 0, action: { label: 'Stop', run: () => stop.abort() } })
  try {
    const found = await collectLeads(
      selection.query,
      action.fields,
      (found_count) => updateToast(toast, { text: `Found ${formatNumber(found_count)} leads …`, progress: 0.5 }),
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
