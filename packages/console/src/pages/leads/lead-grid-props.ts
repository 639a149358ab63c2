import type { ListedLead } from '../../api/queries.ts'
import type { ShownColumn } from '../../list/columns.ts'
import type { GridState } from '../../list/grid-state.ts'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'
import type { LeadPopups } from './lead-shortcuts.ts'

export interface LeadGridProps {
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  state: GridState
  row_height: number
  selection: Selection<ListedLead>
  can_write: boolean
  popups: LeadPopups
  onOpen: (lead: ListedLead, in_new_tab: boolean) => void
  end_text: string
  /** Parameter of the address for this list's peek; none on a company's page. */
  has_peek?: boolean
}
