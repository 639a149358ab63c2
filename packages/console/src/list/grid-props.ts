import type { ReactNode } from 'react'
import type { Anchor } from '../parts/popup-types.ts'
import type { ShownColumn } from './columns.ts'
import type { GridState } from './grid-state.ts'
import type { ListState } from './use-list.ts'

export type RowId = number | string

export interface GridProps<Row> {
  label: string
  list: ListState<Row>
  columns: readonly ShownColumn<Row>[]
  state: GridState
  rowId: (row: Row) => RowId
  isDeleted?: (row: Row) => boolean
  row_height: number
  memory_key: string
  sort?: string
  onSort?: (column: string) => void
  onWidth?: (id: string, width: number) => void
  onMoveColumn?: (id: string, by: -1 | 1) => void
  selected?: ReadonlySet<RowId>
  onSelect?: (ids: readonly RowId[], is_selected: boolean) => void
  onOpen: (row: Row, in_new_tab: boolean) => void
  onPeek?: (row: Row) => void
  onActive?: (row: Row | undefined) => void
  /** Saves a value; rejects with its problem. Without it the cells are read-only. */
  onEdit?: ((row: Row, column: ShownColumn<Row>, value: unknown) => Promise<void>) | undefined
  onEditPopup?: (row: Row, column: ShownColumn<Row>, anchor: HTMLElement) => void
  onMenu?: (row: Row, column: ShownColumn<Row>, anchor: Anchor) => void
  end_text: string
  /** Two lines a row, on a phone. */
  phoneRow?: ((row: Row) => ReactNode) | undefined
}

/** Opens the editor of a cell: within it for texts, over it for the rest. */
export function startEdit<Row>(props: GridProps<Row>, index: number, column: number, scroll: HTMLElement | null): void {
  const { state, list, columns, onEdit, onEditPopup, selected } = props
  const spec = columns[column - (selected ? 1 : 0)]
  const row = list.rows[index]
  if (!row || !spec?.editor || !onEdit || props.isDeleted?.(row)) return
  if (spec.editor.kind === 'text' || spec.editor.kind === 'number') {
    state.setActive({ row: index, column })
    state.setEditing({ row: index, column })
    return
  }
  const cell = scroll?.querySelector<HTMLElement>(`[data-row="${index}"][data-column="${column}"]`)
  if (cell) onEditPopup?.(row, spec, cell)
}
