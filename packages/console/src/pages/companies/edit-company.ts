import { describeError, isApiError } from '../../api/problem.ts'
import type { ListedCompany } from '../../api/queries.ts'
import { changeRow, deleteRow, restoreRow } from '../../list/change-row.ts'
import { companyKind, type Patch } from '../../list/row-kinds.ts'
import { showToast } from '../../parts/toast.ts'

type Row = ListedCompany & Record<string, unknown>

/** Changes a company and offers to undo it. @throws ApiError for a value that is refused; others become a toast */
export async function editCompany(company: ListedCompany, patch: Patch, what: string): Promise<void> {
  try {
    await changeRow(companyKind, company as Row, patch, `${what} changed`)
  } catch (error) {
    if (isApiError(error, 'validation_failed')) throw error
    showToast(`${what} not saved`, { tone: 'bad', detail: describeError(error) })
  }
}

export function deleteCompany(company: ListedCompany): void {
  deleteRow(companyKind, company as Row, `${company.name} deleted`).catch((error: unknown) =>
    showToast('Not deleted', { tone: 'bad', detail: describeError(error) }),
  )
}

export const restoreCompany = ({ id }: { id?: number }): void =>
  void restoreRow(companyKind, id as number).then(
    () => showToast('Company restored', { tone: 'good' }),
    (error: unknown) => showToast('Not restored', { tone: 'bad', detail: describeError(error) }),
  )
