import { describeError } from '../../api/problem.ts'
import type { ListedLead } from '../../api/queries.ts'
import { collectLeads, runBulk } from '../../list/bulk.ts'
import { BULK_LEADS_MAX, type BulkAction, confirmation } from '../../list/bulk-state.ts'
import { formatNumber, type RowCount } from '../../parts/format.ts'
import { closeToast, showToast, updateToast } from '../../parts/toast.ts'
import type { Selection } from './use-selection.ts'

const CONFIRM_FROM = 50

function confirm(count: number, action: BulkAction): Promise<boolean> {
  if (count < CONFIRM_FROM) return Promise.resolve(true)
  return new Promise((resolve) => {
    const answer = (is_confirmed: boolean): void => {
      confirmation.set(null)
      resolve(is_confirmed)
    }
    confirmation.set({ count, action, answer })
  })
}

/** Finds the leads that a selection means, asks where it is many, and changes them. */
export async function startBulk(selection: Selection, count: RowCount | undefined, action: BulkAction): Promise<void> {
  if (selection.is_all && count && count.value > BULK_LEADS_MAX) return tooMany()
  const leads = selection.is_all ? await collect(selection, action) : selection.leads
  if (!leads) return
  if (leads.length >= BULK_LEADS_MAX && selection.is_all) return tooMany()
  const usable = leads.filter(({ is_deleted }) => !is_deleted)
  if (!(await confirm(usable.length, action))) return
  const { verb, patchOf } = action
  await runBulk(usable, patchOf ? { verb, patchOf } : { verb: 'deleted' })
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

function tooMany(): void {
  showToast(`More than ${formatNumber(BULK_LEADS_MAX)} leads`, {
    tone: 'bad',
    detail: 'Narrow the filters, or use the command line: npm run leads -- leads --help',
  })
}
