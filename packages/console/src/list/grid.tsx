import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, useEffect, useLayoutEffect, useRef } from 'react'
import { describeError } from '../api/problem.ts'
import { Button, Skeleton } from '../parts/basics.tsx'
import { pointAnchor } from '../parts/popup.tsx'
import type { ShownColumn } from './columns.ts'
import css from './grid.module.css'
import { GridHead } from './grid-head.tsx'
import { handleGridKey } from './grid-keys.ts'
import { type GridProps, startEdit } from './grid-props.ts'
import { GridRow, type RowHandlers } from './grid-row.tsx'
import { recallPlace, rememberPlace } from './grid-state.ts'
import type { ListState } from './use-list.ts'

export const HEAD_HEIGHT = 32
const OVERSCAN_ROWS = 12
const ROWS_AHEAD = 60
const SELECT_WIDTH = 36
const SKELETON_ROWS = 3
const FIRST_SKELETON_ROWS = 24

/**
 * A table of any length: rows of one height, of which those in sight are drawn, and a cell that has the focus. It says
 * header, value and position of each cell to assistive technology (`role="grid"`).
 */
export function Grid<Row>(props: GridProps<Row>) {
  const { list, columns, state, row_height, memory_key, selected, phoneRow } = props
  const { rows } = list
  const scroll = useRef<HTMLDivElement>(null)
  const head_height = phoneRow ? 0 : HEAD_HEIGHT
  const { active } = state
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => row_height,
    overscan: OVERSCAN_ROWS,
    scrollMargin: head_height,
    scrollPaddingStart: head_height,
    initialOffset: () => recallPlace(memory_key)?.top ?? 0,
    rangeExtractor: (range) => withActiveRow(defaultRangeExtractor(range), active.row, rows.length),
  })
  // Another list keeps the drawn rows until its own come, and begins where it was left.
  useLayoutEffect(() => {
    if (scroll.current) scroll.current.scrollTop = recallPlace(memory_key)?.top ?? 0
  }, [memory_key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height makes every offset wrong
  useEffect(() => virtualizer.measure(), [row_height])
  const items = virtualizer.getVirtualItems()
  const last = items.findLast(({ index }) => index !== active.row)?.index ?? 0
  const { has_more, loadMore, is_loading_more, error } = list
  useEffect(() => {
    if (has_more && !is_loading_more && !error && last >= rows.length - ROWS_AHEAD) loadMore()
  })
  useFocusedCell(props, scroll, (index) => virtualizer.scrollToIndex(index, { align: 'auto' }))
  const handlers = useHandlers(props, scroll)
  const is_selectable = selected !== undefined
  const style = gridStyle(columns, is_selectable)
  const body_height = rows.length * row_height
  return (
    <div className={css.frame}>
      {list.is_stale && (
        <div className={css.stale} aria-hidden>
          <i />
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by hand, which a table does not allow */}
      <div
        ref={scroll}
        className={css.scroll}
        role="grid"
        aria-label={props.label}
        aria-rowcount={list.count?.relation === 'exact' ? list.count.value + 1 : -1}
        aria-colcount={columns.length + (is_selectable ? 1 : 0)}
        aria-multiselectable={is_selectable || undefined}
        aria-busy={list.is_loading || list.is_stale}
        style={style}
        tabIndex={rows.length === 0 ? 0 : -1}
        onKeyDown={(event) => handleGridKey(event, props, { page_rows: pageRows(scroll.current, row_height) })}
        onScroll={(event) => rememberPlace(memory_key, event.currentTarget.scrollTop, state.active)}
        {...gridMouse(handlers)}
      >
        <div className={css.inner}>
          {!phoneRow && <GridHead {...props} is_selectable={is_selectable} />}
          <div className={css.body} role="presentation" style={{ height: body_height }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              const id = props.rowId(row)
              return (
                <GridRow<Row>
                  // Other rows in the same places are text in the same elements, which is drawn in half the time.
                  key={item.index}
                  row={row}
                  row_id={id}
                  index={item.index}
                  top={item.start - head_height}
                  height={row_height}
                  columns={columns}
                  is_selectable={is_selectable}
                  is_selected={selected?.has(id) ?? false}
                  is_deleted={props.isDeleted?.(row) ?? false}
                  active_column={active.row === item.index ? active.column : -1}
                  editing={state.editing?.row === item.index ? state.editing : null}
                  handlers={handlers}
                  phoneRow={phoneRow}
                />
              )
            })}
          </div>
          <GridFoot list={list} end_text={props.end_text} row_height={row_height} />
        </div>
      </div>
    </div>
  )
}

const pageRows = (element: HTMLElement | null, row_height: number): number =>
  Math.max(1, Math.floor(((element?.clientHeight ?? 400) - HEAD_HEIGHT) / row_height) - 1)

/** The row that has the focus stays drawn, so that scrolling does not lose it. */
function withActiveRow(range: number[], active: number, count: number): number[] {
  // The head is row -1: always drawn, and no row of the body.
  if (active < 0 || active >= count || range.includes(active)) return range
  return [...range, active].sort((a, b) => a - b)
}

function gridStyle<Row>(columns: readonly ShownColumn<Row>[], is_selectable: boolean): CSSProperties {
  const widths = columns.map(({ shown_width }) => `${shown_width}px`)
  const template = [...(is_selectable ? [`${SELECT_WIDTH}px`] : []), ...widths, 'minmax(0, 1fr)'].join(' ')
  return { '--columns': template } as CSSProperties
}

function useFocusedCell<Row>(
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
  const pinned = [...scroll.querySelectorAll<HTMLElement>('[data-pinned]')].map(
    (each) => each.getBoundingClientRect().right,
  )
  const left = Math.max(frame.left, ...pinned)
  if (box.left < left) scroll.scrollLeft -= left - box.left
  else if (box.right > frame.right) scroll.scrollLeft += Math.min(box.right - frame.right, box.left - left)
}

/** Handlers that stay the same object, so that rows that did not change are not drawn again. */
function useHandlers<Row>(props: GridProps<Row>, scroll: { current: HTMLDivElement | null }): RowHandlers<Row> {
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

function gridMouse<Row>(handlers: RowHandlers<Row>) {
  return {
    onFocus: (event: React.FocusEvent) => {
      const found = cellOf(event.target)
      if (found) handlers.focusCell(found.row, found.column)
    },
    onDoubleClick: (event: React.MouseEvent) => {
      const found = cellOf(event.target)
      if (found && found.row >= 0) handlers.startEdit(found.row, found.column)
    },
    onContextMenu: (event: React.MouseEvent) => {
      const found = cellOf(event.target)
      if (!found || found.row < 0) return
      event.preventDefault()
      const is_touch = (event.nativeEvent as PointerEvent).pointerType === 'touch'
      if (is_touch) handlers.toggle(found.row, false)
      else handlers.menu(found.row, found.column, pointAnchor(event.clientX, event.clientY))
    },
  }
}

function GridFoot<Row>({ list, end_text, row_height }: { list: ListState<Row>; end_text: string; row_height: number }) {
  if (list.error && !list.is_loading)
    return (
      <div className={css.foot} role="alert">
        Could not load more: {describeError(list.error)}
        <Button onClick={list.refresh}>Try again</Button>
      </div>
    )
  if (list.is_loading || list.has_more)
    return (
      <div aria-hidden>
        {Array.from({ length: list.is_loading ? FIRST_SKELETON_ROWS : SKELETON_ROWS }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <div key={index} className={css.foot} style={{ height: row_height }}>
            <Skeleton width={`${46 - ((index * 7) % 23)}%`} />
          </div>
        ))}
      </div>
    )
  return list.rows.length > 0 ? <div className={css.foot}>{end_text}</div> : null
}
