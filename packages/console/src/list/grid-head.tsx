import ArrowDownIcon from 'lucide-react/icons/arrow-down'
import ArrowUpIcon from 'lucide-react/icons/arrow-up'
import { type PointerEvent, useRef } from 'react'
import { checkboxClass } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import { clampWidth, type ShownColumn } from './columns.ts'
import css from './grid.module.css'
import type { GridProps } from './grid-props.ts'

const SELECT_WIDTH = 36

type HeadProps<Row> = GridProps<Row> & { is_selectable: boolean }

export function GridHead<Row>(props: HeadProps<Row>) {
  const { columns, is_selectable, list, selected, onSelect, rowId, state } = props
  const offset = is_selectable ? 1 : 0
  const count = selected?.size ?? 0
  let left = is_selectable ? SELECT_WIDTH : 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
    <div role="row" aria-rowindex={1} className={css.head}>
      {is_selectable && (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        <div
          role="columnheader"
          aria-colindex={1}
          aria-label="Selection"
          tabIndex={state.active.row === -1 && state.active.column === 0 ? 0 : -1}
          data-row={-1}
          data-column={0}
          data-pinned
          className={cx(css.th, css.select, css.pinned)}
          style={{ left: 0 }}
        >
          <input
            type="checkbox"
            className={checkboxClass}
            tabIndex={-1}
            aria-label="Select all loaded rows"
            checked={count > 0 && count >= list.rows.length}
            ref={(element) => {
              if (element) element.indeterminate = count > 0 && count < list.rows.length
            }}
            onChange={(event) => onSelect?.(list.rows.map(rowId), event.target.checked)}
          />
        </div>
      )}
      {columns.map((column, position) => {
        const at = left
        if (column.is_pinned) left += column.shown_width
        return (
          <HeadCell
            key={column.id}
            {...props}
            column={column}
            position={position + offset}
            left={column.is_pinned ? at : undefined}
            is_last_pinned={column.is_pinned === true && !columns[position + 1]?.is_pinned}
          />
        )
      })}
    </div>
  )
}

type HeadCellProps<Row> = HeadProps<Row> & {
  column: ShownColumn<Row>
  position: number
  left: number | undefined
  is_last_pinned: boolean
}

function HeadCell<Row>({ column, position, left, is_last_pinned, sort, onSort, onWidth, state }: HeadCellProps<Row>) {
  const direction =
    column.sort && sort === column.sort ? 'ascending' : sort === `-${column.sort}` ? 'descending' : undefined
  const Arrow = direction === 'ascending' ? ArrowUpIcon : ArrowDownIcon
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid acts on keys
    <div
      role="columnheader"
      aria-colindex={position + 1}
      aria-sort={column.sort ? (direction ?? 'none') : undefined}
      tabIndex={state.active.row === -1 && state.active.column === position ? 0 : -1}
      data-row={-1}
      data-column={position}
      data-pinned={left === undefined ? undefined : true}
      className={cx(
        css.th,
        column.align === 'end' && css.end,
        column.sort && css.thSort,
        direction && css.sorted,
        left !== undefined && css.pinned,
        is_last_pinned && css.lastPinned,
      )}
      style={left === undefined ? undefined : { left }}
      onClick={() => column.sort && onSort?.(column.sort)}
    >
      <span>{column.label}</span>
      {direction && <Arrow size={12} aria-hidden />}
      {onWidth && <WidthHandle width={column.shown_width} onWidth={(width) => onWidth(column.id, width)} />}
    </div>
  )
}

/** Drag to make the column wider; Shift ← → on the header does the same. */
function WidthHandle({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width }
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (start.current) onWidth(clampWidth(start.current.width + event.clientX - start.current.x))
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the header itself takes the keys
    // biome-ignore lint/a11y/noStaticElementInteractions: the header itself takes the keys
    <i
      className={css.handle}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        start.current = null
      }}
      onClick={(event) => event.stopPropagation()}
    />
  )
}
