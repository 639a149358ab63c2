import { type FocusEvent, type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { describeError } from '../api/problem.ts'
import { pointAnchor } from '../parts/popup.tsx'
import { type GridProps, startEdit } from './grid-props.ts'
import type { RowHandlers } from './grid-row.tsx'
import { useLongPress } from './use-long-press.ts'

/** Moves the focus to the active cell when a key or a return to the page wants it there. */
export function useFocusedCell<Row>(
  { state, list, onActive }: GridProps<Row>,
  scroll: { current: HTMLDivElement | null },
  scrollTo: (index: number) => void,
): void {
  const { active, wants_focus } = state
  const row = list.rows[active.row]
  const has_rows = list.rows.length > 0
  // At every render until it is done: rows are drawn some renders after the list has come.
  useLayoutEffect(() => {
    if (!wants_focus.current || !has_rows) return
    const find = () =>
      scroll.current?.querySelector<HTMLElement>(`[data-row="${active.row}"][data-column="${active.column}"]`)
    if (active.row >= 0) scrollTo(active.row)
    const cell = find()
    if (!cell) return
    wants_focus.current = false
    cell.focus({ preventScroll: true })
    keepInSight(scroll.current, cell)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller wants to hear of another row only
  useEffect(() => {
    if (scroll.current?.contains(document.activeElement)) onActive?.(row)
  }, [row])
}

/** Scrolls sideways until the cell is next to the pinned ones. */
function keepInSight(scroll: HTMLElement | null, cell: HTMLElement): void {
  if (!scroll || getComputedStyle(cell).position === 'sticky') return
  const frame = scroll.getBoundingClientRect()
  const box = cell.getBoundingClientRect()
  const pinned = [...(cell.parentElement?.querySelectorAll<HTMLElement>('[data-pinned]') ?? [])].map(
    (each) => each.getBoundingClientRect().right,
  )
  const left = Math.max(frame.left, ...pinned)
  if (box.left < left) scroll.scrollLeft -= left - box.left
  else if (box.right > frame.right) scroll.scrollLeft += Math.min(box.right - frame.right, box.left - left)
}

/** Handlers that stay the same object, so that rows that did not change are not drawn again. */
export function useHandlers<Row>(props: GridProps<Row>, scroll: { current: HTMLDivElement | null }): RowHandlers<Row> {
  const latest = useRef(props)
  latest.current = props
  const handlers = useRef<RowHandlers<Row>>(null)
  handlers.current ??= {
    focusCell(row, column) {
      const { state } = latest.current
      if (state.active.row !== row || state.active.column !== column) state.setActive({ row, column })
      if (state.editing && (state.editing.row !== row || state.editing.column !== column)) state.setEditing(null)
    },
    toggle(index, is_range) {
      const { list, rowId, selected, onSelect, state } = latest.current
      const row = list.rows[index]
      if (!row || !onSelect) return
      const is_selected = !selected?.has(rowId(row))
      const from = is_range ? (state.range_start.current ?? index) : index
      const range = list.rows.slice(Math.min(from, index), Math.max(from, index) + 1)
      onSelect(range.map(rowId), is_range || is_selected)
      state.range_start.current = index
    },
    startEdit(row, column) {
      startEdit(latest.current, row, column, scroll.current)
    },
    stopEdit() {
      const { state } = latest.current
      state.wants_focus.current = true
      state.setEditing(null)
    },
    async save(index, column, value, next) {
      const { state, list, columns, onEdit } = latest.current
      const row = list.rows[index]
      const spec = columns[column - (latest.current.selected ? 1 : 0)]
      if (!row || !spec || !onEdit) return
      state.wants_focus.current = next !== 'none'
      state.setEditing(null)
      if (next === 'right') startEdit(latest.current, index, nextEditable(latest.current, column), scroll.current)
      try {
        await onEdit(row, spec, value)
      } catch (error) {
        state.setEditing({ row: index, column, draft: String(value ?? ''), error: describeError(error) })
      }
    },
    open(index, in_new_tab) {
      const row = latest.current.list.rows[index]
      if (row) latest.current.onOpen(row, in_new_tab)
    },
    menu(index, column, anchor) {
      const { list, columns, onMenu, selected } = latest.current
      const row = list.rows[index]
      const spec = columns[Math.max(0, column - (selected ? 1 : 0))]
      if (row && spec) onMenu?.(row, spec, anchor)
    },
  }
  return handlers.current
}

function nextEditable<Row>({ columns, selected }: GridProps<Row>, column: number): number {
  const offset = selected ? 1 : 0
  const next = columns.findIndex(({ editor }, index) => index + offset > column && editor?.kind === 'text')
  return next < 0 ? column : next + offset
}

const cellOf = (target: EventTarget): { row: number; column: number; cell: HTMLElement } | null => {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column), cell } : null
}

/** Pointers of the whole grid; a long press selects its row. */
export function useGridPointer<Row>(handlers: RowHandlers<Row>) {
  const { takesContextMenu, ...press } = useLongPress((target) => {
    const found = cellOf(target)
    if (found && found.row >= 0) handlers.toggle(found.row, false)
  })
  return {
    ...press,
    onFocus: (event: FocusEvent) => {
      const found = cellOf(event.target)
      if (found) handlers.focusCell(found.row, found.column)
    },
    onDoubleClick: (event: MouseEvent) => {
      const found = cellOf(event.target)
      if (found && found.row >= 0) handlers.startEdit(found.row, found.column)
    },
    onContextMenu: (event: MouseEvent) => {
      const found = cellOf(event.target)
      if (!found || found.row < 0) return
      event.preventDefault()
      if (!takesContextMenu(event)) handlers.menu(found.row, found.column, pointAnchor(event.clientX, event.clientY))
    },
  }
}
