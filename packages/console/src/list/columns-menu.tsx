import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import ChevronUpIcon from 'lucide-react/icons/chevron-up'
import SearchIcon from 'lucide-react/icons/search'
import { type KeyboardEvent, useState } from 'react'
import { Button, checkboxClass, checkClass, IconButton } from '../parts/basics.tsx'
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
  const movable = shown.filter((id) => !all.find((column) => column.id === id)?.is_pinned)
  const hidden = all.filter(({ id, is_pinned }) => !is_pinned && !movable.includes(id)).map(({ id }) => id)
  const matches = [...movable, ...hidden]
    .flatMap((id) => all.find((column) => column.id === id) ?? [])
    .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
  const toggle = (id: string): void =>
    onChange(movable.includes(id) ? movable.filter((each) => each !== id) : [...movable, id])
  const move = (id: string, by: number): void => {
    const from = movable.indexOf(id)
    const to = from + by
    if (from < 0 || to < 0 || to >= movable.length) return
    const next = [...movable]
    next.splice(to, 0, ...next.splice(from, 1))
    onChange(next)
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
      <ul className={css.list}>
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

interface ColumnRowProps {
  label: string
  is_shown: boolean
  is_movable: boolean
  is_first: boolean
  is_last: boolean
  onToggle: () => void
  onMove: (by: -1 | 1) => void
}

function ColumnRow({ label, is_shown, is_movable, is_first, is_last, onToggle, onMove }: ColumnRowProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <li className={css.row} onKeyDown={onKeyDown}>
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
