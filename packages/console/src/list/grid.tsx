import { type CSSProperties, useLayoutEffect, useRef } from 'react'
import { describeError } from '../api/problem.ts'
import { Button, Skeleton } from '../parts/basics.tsx'
import type { ShownColumn } from './columns.ts'
import css from './grid.module.css'
import { useFocusedCell, useGridPointer, useHandlers } from './grid-handlers.ts'
import { GridHead } from './grid-head.tsx'
import { handleGridKey } from './grid-keys.ts'
import type { GridProps } from './grid-props.ts'
import { GridRow, type RowHandlers } from './grid-row.tsx'
import { rememberPlace } from './grid-state.ts'
import type { ListState } from './use-list.ts'
import { type DrawnItem, useRowWindow } from './use-row-window.ts'

export const HEAD_HEIGHT = 32
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
  const { items, scrollTo } = useRowWindow(props, scroll, phoneRow ? 0 : HEAD_HEIGHT)
  useFocusedCell(props, scroll, scrollTo)
  usePlaceMemory(props, scroll)
  const handlers = useHandlers(props, scroll)
  const pointer = useGridPointer(handlers)
  const is_selectable = selected !== undefined
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
        style={gridStyle(columns, is_selectable)}
        tabIndex={rows.length === 0 ? 0 : -1}
        onKeyDown={(event) => handleGridKey(event, props, { page_rows: pageRows(scroll.current, row_height) })}
        onScroll={(event) => rememberPlace(memory_key, event.currentTarget.scrollTop, state.active)}
        {...pointer}
      >
        <div className={css.inner}>
          {!phoneRow && <GridHead {...props} is_selectable={is_selectable} />}
          <div className={css.body} role="presentation" style={{ height: rows.length * row_height }}>
            {items.map((item) => (
              <DrawnItemRow key={item.slot} {...props} item={item} handlers={handlers} />
            ))}
          </div>
          <GridFoot list={list} end_text={props.end_text} row_height={row_height} />
        </div>
      </div>
    </div>
  )
}

/** Remembers each move of the focus at once: a list may be left before the browser tells that it has scrolled. */
function usePlaceMemory<Row>(
  { state: { active }, memory_key }: GridProps<Row>,
  scroll: { current: HTMLDivElement | null },
): void {
  useLayoutEffect(() => {
    const element = scroll.current
    if (element?.contains(document.activeElement)) rememberPlace(memory_key, element.scrollTop, active)
  }, [active, memory_key, scroll])
}

type DrawnItemRowProps<Row> = GridProps<Row> & { item: DrawnItem; handlers: RowHandlers<Row> }

function DrawnItemRow<Row>({ item, handlers, ...props }: DrawnItemRowProps<Row>) {
  const { list, state, selected } = props
  const row = list.rows[item.index]
  if (!row) return null
  const id = props.rowId(row)
  return (
    <GridRow<Row>
      row={row}
      row_id={id}
      index={item.index}
      top={item.top}
      height={props.row_height}
      columns={props.columns}
      is_selectable={selected !== undefined}
      is_selected={selected?.has(id) ?? false}
      is_deleted={props.isDeleted?.(row) ?? false}
      active_column={state.active.row === item.index ? state.active.column : -1}
      editing={state.editing?.row === item.index ? state.editing : null}
      handlers={handlers}
      phoneRow={props.phoneRow}
    />
  )
}

const pageRows = (element: HTMLElement | null, row_height: number): number =>
  Math.max(1, Math.floor(((element?.clientHeight ?? 400) - HEAD_HEIGHT) / row_height) - 1)

function gridStyle<Row>(columns: readonly ShownColumn<Row>[], is_selectable: boolean): CSSProperties {
  const widths = columns.map(({ shown_width }) => `${shown_width}px`)
  const template = [...(is_selectable ? [`${SELECT_WIDTH}px`] : []), ...widths, 'minmax(0, 1fr)'].join(' ')
  return { '--columns': template } as CSSProperties
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
