import ChevronRightIcon from 'lucide-react/icons/chevron-right'
import SearchIcon from 'lucide-react/icons/search'
import { useState } from 'react'
import { Copy } from './basics.tsx'
import { cx } from './cx.ts'
import css from './json-view.module.css'

const OPEN_LEVELS = 2
const STRING_CHARACTERS = 200
const CHILDREN_SHOWN = 100

/** JSON as a tree: deep parts are closed, long texts cut, long lists shown by the hundred. Everything is rendered as text. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const [query, setQuery] = useState('')
  return (
    <section aria-label={label}>
      <div className={css.bar}>
        <SearchIcon size={13} aria-hidden />
        <input
          type="search"
          aria-label={`Find in ${label}`}
          placeholder="Find a key or value"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <Copy text={JSON.stringify(value, null, 2)} label={`Copy ${label}`} />
      </div>
      <div className={css.view}>
        <Node name={null} value={value} level={0} path="" query={query.trim().toLowerCase()} />
      </div>
    </section>
  )
}

interface NodeProps {
  name: string | null
  value: unknown
  level: number
  path: string
  query: string
}

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null

const matches = (name: string | null, value: unknown, query: string): boolean =>
  query !== '' &&
  ((name ?? '').toLowerCase().includes(query) || (!isBranch(value) && String(value).toLowerCase().includes(query)))

/** Whether the search matches somewhere below; such branches open. */
function hasMatch(value: unknown, query: string): boolean {
  if (query === '' || !isBranch(value)) return false
  return Object.entries(value).some(([name, child]) => matches(name, child, query) || hasMatch(child, query))
}

function Node(props: NodeProps) {
  const { name, value, query, path } = props
  if (isBranch(value)) return <Branch {...props} value={value} />
  return (
    <div className={cx(css.line, matches(name, value, query) && css.found)}>
      <Key name={name} />
      <Leaf value={value} />
      <Actions value={value} path={path} />
    </div>
  )
}

const Key = ({ name }: { name: string | null }) => (name === null ? null : <span className={css.key}>{name}:</span>)

function Branch({ name, value, level, path, query }: NodeProps & { value: object }) {
  const [chosen, setOpen] = useState<boolean | null>(null)
  const [shown, setShown] = useState(CHILDREN_SHOWN)
  const is_list = Array.isArray(value)
  const entries = Object.entries(value)
  const is_open = chosen ?? (level < OPEN_LEVELS || hasMatch(value, query))
  const size = is_list ? `[${entries.length}]` : `{${entries.length}}`
  return (
    <div>
      <div className={cx(css.line, matches(name, value, query) && css.found)}>
        <button
          type="button"
          className={cx(css.toggle, is_open && css.open)}
          aria-expanded={is_open}
          onClick={() => setOpen(!is_open)}
        >
          <ChevronRightIcon size={11} aria-hidden />
          <Key name={name} />
          <span className={css.dim}>{size}</span>
          {name === null && <span className="visually-hidden">top level</span>}
        </button>
        <Actions value={value} path={path} />
      </div>
      {is_open && (
        <div className={css.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <Node
              key={key}
              name={key}
              value={child}
              level={level + 1}
              path={is_list ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`}
              query={query}
            />
          ))}
          {entries.length > shown && (
            <button type="button" className={css.more} onClick={() => setShown(shown + CHILDREN_SHOWN)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function Leaf({ value }: { value: unknown }) {
  const [is_whole, setWhole] = useState(false)
  if (typeof value !== 'string')
    return <span className={typeof value === 'number' ? css.number : css.word}>{String(value)}</span>
  const is_cut = value.length > STRING_CHARACTERS && !is_whole
  return (
    <span className={css.string}>
      <bdi>{is_cut ? `${value.slice(0, STRING_CHARACTERS)}…` : value}</bdi>
      {is_cut && (
        <button type="button" className={css.more} onClick={() => setWhole(true)}>
          {value.length - STRING_CHARACTERS} more characters
        </button>
      )}
    </span>
  )
}

function Actions({ value, path }: { value: unknown; path: string }) {
  const text = isBranch(value) ? JSON.stringify(value, null, 2) : String(value)
  return (
    <span className={css.actions}>
      <Copy text={text} label="Copy value" />
      {path !== '' && <Copy text={path} label={`Copy path ${path}`} />}
    </span>
  )
}
