import type { ListedLead } from '../../api/queries.ts'
import type { ShownColumn } from '../../list/columns.ts'
import type { GridState } from '../../list/grid-state.ts'
import { leadColumns } from '../../list/lead-columns.tsx'
import { findFilterButton } from '../../list/toolbar-buttons.tsx'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'
import { type Popup, usePopup } from '../../parts/popup.tsx'
import { type Shortcut, useShortcuts } from '../../shell/shortcuts.ts'
import type { LeadsDialog } from './dialogs-props.ts'
import { deleteLead } from './edit-lead.ts'

export interface CellTarget {
  lead: ListedLead
  column: ShownColumn<ListedLead>
}

export interface LeadPopups {
  editor: Popup<CellTarget>
  menu: Popup<CellTarget>
}

interface ShortcutContext {
  place: AddressState
  list: ListState<ListedLead>
  state: GridState
  columns: readonly ShownColumn<ListedLead>[]
  active: ListedLead | undefined
  selection: Selection<ListedLead>
  can_write: boolean
  filter_popup: Popup<string>
  area: { current: HTMLElement | null }
  openDialog: (dialog: LeadsDialog) => void
}

const GROUP = 'This list'

const activeCell = ({ area, state }: ShortcutContext, column = state.active.column): HTMLElement | null =>
  area.current?.querySelector<HTMLElement>(`[data-row="${state.active.row}"][data-column="${column}"]`) ?? null

/** Keys of the list of leads, and the popups that they open. */
export function useLeadShortcuts(context: ShortcutContext): LeadPopups {
  const popups: LeadPopups = { editor: usePopup<CellTarget>(), menu: usePopup<CellTarget>() }
  const { list, place, selection, filter_popup, openDialog } = context
  useShortcuts([
    { keys: 'j', label: 'Next row', group: GROUP, is_hidden: true, run: () => focusFirst(context) },
    { keys: 'k', label: 'Previous row', group: GROUP, is_hidden: true },
    { keys: 'Enter', label: 'Open', group: GROUP, is_hidden: true },
    { keys: 'Space', label: 'Peek', group: GROUP, is_hidden: true },
    { keys: 'f', label: 'Add a filter', group: GROUP, run: () => filter_popup.open(findFilterButton(), '') },
    {
      keys: 'v',
      label: 'Views',
      group: GROUP,
      run: () => document.querySelector<HTMLElement>('[data-views-button]')?.click(),
    },
    { keys: 'r', label: 'Refresh', group: GROUP, run: list.restart },
    { keys: 'mod+shift+e', label: 'Export', group: GROUP, run: () => openDialog('export') },
    { keys: 'x', label: 'Select the row', group: GROUP, run: () => toggleActive(context) },
    { keys: 'mod+a', label: 'Select all loaded rows', group: GROUP, run: selection.selectLoaded },
    { keys: 'mod+shift+a', label: 'Select all matching', group: GROUP, run: selection.selectAll },
    { keys: 'Shift ↑↓', label: 'Extend the selection', group: GROUP, is_hidden: true },
    { keys: '.', label: 'Menu of the row', group: GROUP, is_hidden: true, run: () => openMenu(context, popups) },
    {
      keys: 'Escape',
      label: 'Close, then clear the selection',
      group: GROUP,
      is_hidden: true,
      run: () => leave(place, selection),
    },
    ...writeShortcuts(context, popups),
  ])
  return popups
}

function writeShortcuts(context: ShortcutContext, popups: LeadPopups): Shortcut[] {
  const { can_write, selection, active, openDialog } = context
  if (!can_write) return []
  const many = selection.ids.size > 0
  return [
    { keys: 'c', label: 'New lead', group: GROUP, run: () => openDialog('new') },
    {
      keys: 's',
      label: 'Set the status',
      group: GROUP,
      run: () => (many ? clickBar('status') : openEditor(context, popups, 'lead_status')),
    },
    {
      keys: 't',
      label: 'Set the tags',
      group: GROUP,
      run: () => (many ? clickBar('tags') : openEditor(context, popups, 'tags')),
    },
    { keys: 'e', label: 'Edit the cell', group: GROUP, is_hidden: true, run: () => editActive(context) },
    {
      keys: 'Backspace',
      label: 'Delete',
      group: GROUP,
      run: () => (many ? clickBar('delete') : active && !active.is_deleted && deleteLead(active)),
    },
  ]
}

const clickBar = (name: string): void => document.querySelector<HTMLElement>(`[data-bulk="${name}"]`)?.click()

function focusFirst(context: ShortcutContext): void {
  activeCell(context)?.focus()
}

function toggleActive({ active, selection }: ShortcutContext): void {
  if (active) selection.change([active.id as number], !selection.ids.has(active.id as number))
}

function openEditor(context: ShortcutContext, { editor }: LeadPopups, id: string): void {
  const { active, columns } = context
  if (!active || active.is_deleted) return
  const shown = columns.findIndex((column) => column.id === id)
  const spec = leadColumns.find((column) => column.id === id)
  if (!spec) return
  const anchor = activeCell(context, shown < 0 ? context.state.active.column : shown + 1) ?? activeCell(context)
  context.state.wants_focus.current = true
  editor.open(anchor, { lead: active, column: { ...spec, shown_width: spec.width } })
}

function editActive(context: ShortcutContext): void {
  activeCell(context)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', bubbles: true }))
}

function openMenu(context: ShortcutContext, { menu }: LeadPopups): void {
  const { active, columns, state } = context
  const column = columns[Math.max(0, state.active.column - 1)]
  if (active && column) menu.open(activeCell(context), { lead: active, column })
}

function leave(place: AddressState, selection: Selection<ListedLead>): void {
  if (place.address.ui.peek) place.setUi({ peek: '' })
  else if (selection.ids.size > 0) selection.clear()
}
