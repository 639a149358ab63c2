import { loadPart } from '../../api/load-part.ts'
import { describeError, isApiError } from '../../api/problem.ts'
import type { ListedLead } from '../../api/queries.ts'
import { leadName } from '../../list/lead-columns.tsx'
import { leadKind, type Patch } from '../../list/row-kinds.ts'
import { showToast } from '../../parts/toast.ts'

/** Loaded with the first change: a page can be read without it. */
const loadChanges = () => loadPart(() => import('../../list/change-row.ts'))

type Row = ListedLead & Record<string, unknown>

/** Changes a lead and offers to undo it. @throws ApiError for a value that is refused; others become a toast */
export async function editLead(lead: ListedLead, patch: Patch, what: string): Promise<void> {
  try {
    const { changeRow } = await loadChanges()
    await changeRow(leadKind, lead as Row, patch, `${what} changed`)
  } catch (error) {
    if (isApiError(error, 'validation_failed')) throw error
    showToast(`${what} not saved`, {
      tone: 'bad',
      detail: describeError(error),
      action: { label: 'Try again', run: () => void editLead(lead, patch, what).catch(() => {}) },
    })
  }
}

/** The same from a menu, which has no field to show an error at. */
export const editLeadQuietly = (lead: ListedLead, patch: Patch, what: string): void =>
  void editLead(lead, patch, what).catch((error: unknown) => showToast(describeError(error), { tone: 'bad' }))

export function deleteLead(lead: ListedLead): void {
  const deleting = loadChanges().then(({ deleteRow }) => deleteRow(leadKind, lead as Row, `${leadName(lead)} deleted`))
  deleting.catch((error: unknown) => showToast('Not deleted', { tone: 'bad', detail: describeError(error) }))
}
