import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import ChevronUpIcon from 'lucide-react/icons/chevron-up'
import SearchIcon from 'lucide-react/icons/search'
import { useState } from 'react'
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
          <li
            key={id}
            className={css.row}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
              event.preventDefault()
              move(id, event.key === 'ArrowUp' ? -1 : 1)
            }}
          >
            <label className={checkClass}>
              <input
                type="checkbox"
                className={checkboxClass}
                checked={movable.includes(id)}
                onChange={() => toggle(id)}
              />
              {label}
            </label>
            {movable.includes(id) && query === '' && (
              <span className={css.moves}>
                <IconButton label={`Move ${label} up`} onClick={() => move(id, -1)} disabled={movable[0] === id}>
                  <ChevronUpIcon size={14} aria-hidden />
                </IconButton>
                <IconButton label={`Move ${label} down`} onClick={() => move(id, 1)} disabled={movable.at(-1) === id}>
                  <ChevronDownIcon size={14} aria-hidden />
                </IconButton>
              </span>
            )}
          </li>
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
