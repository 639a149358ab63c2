import type { ListedCompany } from '../../api/queries.ts'
import type { BulkForm } from '../../list/bulk-dialogs.tsx'
import type { ShownColumn } from '../../list/columns.ts'
import type { GridState } from '../../list/grid-state.ts'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'
import type { Popup } from '../../parts/popup.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { deleteCompany } from './edit-company.ts'

export interface CompanyCell {
  company: ListedCompany
  column: ShownColumn<ListedCompany>
}

interface CompanyKeys {
  list: ListState<ListedCompany>
  columns: readonly ShownColumn<ListedCompany>[]
  state: GridState
  selection: Selection<ListedCompany>
  can_write: boolean
  openForm: (form: BulkForm) => void
  editor: Popup<CompanyCell>
}

/** Keys that act on the row with the focus, or on the chosen ones. */
export function useCompanyKeys({ list, columns, state, selection, can_write, openForm, editor }: CompanyKeys): void {
  const active = list.rows[state.active.row]
  const group = 'This list'
  const has_selection = selection.ids.size > 0
  const editTags = (): void => {
    const position = columns.findIndex(({ id }) => id === 'tags')
    const column = columns[position]
    const cell = document.querySelector(`[data-row="${state.active.row}"][data-column="${position + 1}"]`)
    if (active && column && !active.is_deleted) editor.open(cell, { company: active, column })
  }
  const toggle = (): void => {
    if (active) selection.change([active.id as number], !selection.ids.has(active.id as number))
  }
  const remove = (): void => {
    if (has_selection) openForm('bulk-delete')
    else if (active && !active.is_deleted) deleteCompany(active)
  }
  useShortcuts([
    { keys: 'x', label: 'Select the row', group, run: toggle },
    ...(can_write
      ? [
          { keys: 't', label: 'Set the tags', group, run: () => (has_selection ? openForm('bulk-tags') : editTags()) },
          { keys: 'Backspace', label: 'Delete', group, run: remove },
        ]
      : []),
  ])
}
