import type { ListedCompany } from '../../api/queries.ts'
import { useStore } from '../../api/store.ts'
import BulkDialogs, { type BulkForm } from '../../list/bulk-dialogs.tsx'
import { bulkFailures, confirmation } from '../../list/bulk-state.ts'
import { companyKind } from '../../list/row-kinds.ts'
import { SelectionBar } from '../../list/selection-bar.tsx'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'

interface CompanyBulkProps {
  selection: Selection<ListedCompany>
  list: ListState<ListedCompany>
  can_write: boolean
  form: BulkForm | null
  openForm: (form: BulkForm | null) => void
}

/** The bar of the chosen companies, and its dialogs. */
export default function CompanyBulk({ selection, list, can_write, form, openForm }: CompanyBulkProps) {
  const asked = useStore(confirmation)
  const failed = useStore(bulkFailures)
  return (
    <>
      <SelectionBar selection={selection} list={list} can_write={can_write} openForm={openForm} />
      {(form || asked || failed) && (
        <BulkDialogs
          kind={companyKind}
          form={form}
          onClose={() => openForm(null)}
          selection={selection}
          list={list}
          asked={asked}
          failed={failed}
        />
      )}
    </>
  )
}
