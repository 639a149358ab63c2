import type { ListedLead } from '../../api/queries.ts'
import type { BulkForm } from '../../list/bulk-dialogs.tsx'
import type { ShownColumn } from '../../list/columns.ts'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'

export type LeadsDialog = 'new' | 'export' | 'export-selected' | BulkForm

export interface DialogsProps {
  dialog: LeadsDialog | null
  onClose: () => void
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  selection: Selection<ListedLead>
}
