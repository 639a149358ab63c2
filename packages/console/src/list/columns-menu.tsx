import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import ChevronUpIcon from 'lucide-react/icons/chevron-up'
import GripVerticalIcon from 'lucide-react/icons/grip-vertical'
import SearchIcon from 'lucide-react/icons/search'
import { type KeyboardEvent, useRef, useState } from 'react'
import { Button, checkboxClass, checkClass, IconButton } from '../parts/basics.tsx'
import { cx } from '../parts/cx.ts'
import { Popover } from '../parts/popup.tsx'
import type { Anchor } from '../parts/popup-types.ts'
import popups from '../parts/popups.module.css'
import type { Column } from './columns.ts'
import css from './columns-menu.module.css'

interface ColumnsMenuProps<Row> {
  anchor: Anchor | null
  onClose: () => void
  all: readonly Column<Row>[]
  shown: readonly string[]
  onChange: (ids: readonly string[] | null) => void
}

/** Which columns are shown, and in which order. */
export default function ColumnsMenu<Row>({ anchor, onClose, all, shown, onChange }: ColumnsMenuProps<Row>) {
  const [query, setQuery] = useState('')
  const stored = shown.filter((id) => !all.find((column) => column.id === id)?.is_pinned)
  const { order: movable, list, dragged, drag, drop } = useDraggedOrder(stored, onChange)
  const hidden = all.filter(({ id, is_pinned }) => !is_pinned && !movable.includes(id)).map(({ id }) => id)
  const matches = [...movable, ...hidden]
    .flatMap((id) => all.find((column) => column.id === id) ?? [])
    .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
  const toggle = (id: string): void =>
    onChange(movable.includes(id) ? movable.filter((each) => each !== id) : [...movable, id])
  const move = (id: string, by: number): void => {
    const to = movable.indexOf(id) + by
    if (to >= 0 && to < movable.length) onChange(moveTo(movable, id, to))
  }
  return (
    <Popover anchor={anchor} onClose={onClose} label="Columns" align="end">
      <div className={popups.search}>
        <SearchIcon size={14} aria-hidden />
        <input
          aria-label="Search columns"
          placeholder="Columns …"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <ul className={css.list} ref={list}>
        {matches.map(({ id, label }) => (
          <ColumnRow
            key={id}
            label={label}
            is_shown={movable.includes(id)}
            is_movable={query === ''}
            is_first={movable[0] === id}
            is_last={movable.at(-1) === id}
            onToggle={() => toggle(id)}
            onMove={(by) => move(id, by)}
            is_dragged={dragged === id}
            onDrag={(client_y) => drag(id, client_y)}
            onDrop={drop}
          />
        ))}
      </ul>
      <div className={popups.foot}>
        <Button onClick={() => onChange(null)}>Reset</Button>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Popover>
  )
}

const ROW_PX = 32

function moveTo(ids: readonly string[], id: string, to: number): string[] {
  const others = ids.filter((each) => each !== id)
  return [...others.slice(0, to), id, ...others.slice(to)]
}

/** The order while a row is dragged; the drop stores it. */
function useDraggedOrder(stored: readonly string[], onChange: (ids: readonly string[]) => void) {
  const [dragged, setDragged] = useState<{ id: string; to: number } | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const order = dragged ? moveTo(stored, dragged.id, dragged.to) : stored
  return {
    order,
    list,
    dragged: dragged?.id,
    drag(id: string, client_y: number): void {
      if (!list.current) return
      const y = client_y - list.current.getBoundingClientRect().top + list.current.scrollTop
      setDragged({ id, to: Math.max(0, Math.min(stored.length - 1, Math.floor(y / ROW_PX))) })
    },
    drop(is_kept: boolean): void {
      setDragged(null)
      if (is_kept && dragged && order.join() !== stored.join()) onChange(order)
    },
  }
}

interface ColumnRowProps {
  label: string
  is_shown: boolean
  is_movable: boolean
  is_first: boolean
  is_last: boolean
  onToggle: () => void
  onMove: (by: -1 | 1) => void
  is_dragged: boolean
  onDrag: (client_y: number) => void
  onDrop: (is_kept: boolean) => void
}

/** Dragged by its handle, or moved by Alt ↑ ↓ and the buttons. */
function ColumnRow(props: ColumnRowProps) {
  const { label, is_shown, is_movable, is_first, is_last, is_dragged, onToggle, onMove, onDrag, onDrop } = props
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <li className={cx(css.row, is_dragged && css.dragged)} onKeyDown={onKeyDown}>
      <span
        className={css.grip}
        data-grip={is_shown && is_movable ? label : undefined}
        aria-hidden
        onPointerDown={(event) => {
          if (!is_shown || !is_movable) return
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
          onDrag(event.clientY)
        }}
        onPointerMove={(event) => is_dragged && onDrag(event.clientY)}
        onPointerUp={() => onDrop(true)}
        onPointerCancel={() => onDrop(false)}
      >
        {is_shown && is_movable && <GripVerticalIcon size={14} />}
      </span>
      <label className={checkClass}>
        <input type="checkbox" className={checkboxClass} checked={is_shown} onChange={onToggle} />
        {label}
      </label>
      {is_shown && is_movable && (
        <span className={css.moves}>
          <IconButton label={`Move ${label} up`} onClick={() => onMove(-1)} disabled={is_first}>
            <ChevronUpIcon size={14} aria-hidden />
          </IconButton>
          <IconButton label={`Move ${label} down`} onClick={() => onMove(1)} disabled={is_last}>
            <ChevronDownIcon size={14} aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  )
}
