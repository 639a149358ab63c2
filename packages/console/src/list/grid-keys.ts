import type { KeyboardEvent } from 'react'
import { preferences } from '../shell/preferences.ts'
import { type GridProps, startEdit } from './grid-props.ts'

const WIDTH_STEP = 16

/** Where a key moves the focus: rows and columns to go. */
function moveOf(event: KeyboardEvent, page_rows: number): [rows: number, columns: number] | null {
  const has_single_keys = preferences.get().has_single_keys && !event.shiftKey
  switch (event.key) {
    case 'ArrowDown':
      return [1, 0]
    case 'ArrowUp':
      return [-1, 0]
    case 'j':
      return has_single_keys ? [1, 0] : null
    case 'k':
      return has_single_keys ? [-1, 0] : null
    case 'ArrowRight':
      return [0, 1]
    case 'ArrowLeft':
      return [0, -1]
    case 'PageDown':
      return [page_rows, 0]
    case 'PageUp':
      return [-page_rows, 0]
    case 'Home':
      return [-Infinity, 0]
    case 'End':
      return [Infinity, 0]
    default:
      return null
  }
}

/** The keys of a grid. Other keys are passed to the page's shortcuts. */
export function handleGridKey<Row>(
  event: KeyboardEvent<HTMLElement>,
  props: GridProps<Row>,
  { page_rows }: { page_rows: number },
): void {
  if (props.state.editing || event.metaKey || event.ctrlKey) {
    if (event.key === 'Enter' && !props.state.editing) act(event, props, () => openActive(props, true))
    return
  }
  const { active } = props.state
  if (active.row === -1 && handleHeadKey(event, props)) return
  const move = moveOf(event, page_rows)
  if (move) act(event, props, () => moveActive(event, props, move))
  else if (event.key === 'Enter') act(event, props, () => openActive(props, false))
  else if (event.key === ' ') act(event, props, () => peekOrToggle(props))
  else if (event.key === 'F2') act(event, props, () => startEdit(props, active.row, active.column, event.currentTarget))
}

function act<Row>(event: KeyboardEvent, props: GridProps<Row>, run: () => void): void {
  if (props.list.rows.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  run()
}

function moveActive<Row>(event: KeyboardEvent, props: GridProps<Row>, [rows, columns]: [number, number]): void {
  const { state, list, selected, onSelect, rowId, phoneRow } = props
  const column_last = phoneRow ? 0 : props.columns.length - 1 + (selected ? 1 : 0)
  const row_first = phoneRow || Math.abs(rows) !== 1 ? 0 : -1
  const row = Math.max(row_first, Math.min(list.rows.length - 1, state.active.row + rows))
  const column = Math.max(0, Math.min(column_last, state.active.column + columns))
  const is_range = event.shiftKey && onSelect && rows !== 0 && row >= 0
  if (is_range) {
    const start = state.range_start.current ?? state.active.row
    state.range_start.current = start
    const [from, to] = start < row ? [start, row] : [row, start]
    onSelect(list.rows.slice(Math.max(0, from), to + 1).map(rowId), true)
  } else if (rows !== 0) state.range_start.current = null
  state.wants_focus.current = true
  state.setActive({ row, column })
}

function openActive<Row>({ state, list, onOpen }: GridProps<Row>, in_new_tab: boolean): void {
  const row = list.rows[state.active.row]
  if (row) onOpen(row, in_new_tab)
}

function peekOrToggle<Row>({ state, list, selected, onSelect, onPeek, rowId }: GridProps<Row>): void {
  const row = list.rows[state.active.row]
  if (!row) return
  if (selected && state.active.column === 0) onSelect?.([rowId(row)], !selected.has(rowId(row)))
  else onPeek?.(row)
}

/** Enter sorts, Shift ← → changes the width, Alt ← → moves the column. */
function handleHeadKey<Row>(event: KeyboardEvent, props: GridProps<Row>): boolean {
  const { state, columns, selected, onSort, onWidth, onMoveColumn, onSelect, list, rowId } = props
  const column = columns[state.active.column - (selected ? 1 : 0)]
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (!column) {
    if (event.key !== ' ' && event.key !== 'Enter') return false
    act(event, props, () => onSelect?.(list.rows.map(rowId), selected?.size !== list.rows.length))
    return true
  }
  if (step !== 0 && event.shiftKey) {
    act(event, props, () => onWidth?.(column.id, column.shown_width + step * WIDTH_STEP))
    return true
  }
  if (step !== 0 && event.altKey) {
    act(event, props, () => onMoveColumn?.(column.id, step))
    return true
  }
  if (event.key !== 'Enter' && event.key !== ' ') return false
  act(event, props, () => column.sort && onSort?.(column.sort))
  return true
}
