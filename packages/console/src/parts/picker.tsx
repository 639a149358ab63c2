import CheckIcon from 'lucide-react/icons/check'
import SearchIcon from 'lucide-react/icons/search'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Store } from '../api/store.ts'
import { cx } from './cx.ts'
import css from './popups.module.css'

export interface PickerOption {
  value: string
  label: string
  icon?: ReactNode
  note?: ReactNode
  group?: string
}

interface PickerProps {
  label: string
  options: readonly PickerOption[]
  placeholder?: string
  /** Ticked ones, when several may be chosen. */
  chosen?: ReadonlySet<string>
  onPick: (value: string, event: KeyboardEvent | React.MouseEvent) => void
  /** Offers what was typed when no option is it. */
  onTyped?: (text: string) => void
  typedLabel?: (text: string) => string
  /** Called at each letter; the caller then brings the options. Without it the picker filters them. */
  onQuery?: (text: string) => void
  /** Letters that were typed before the search box had the focus, until it takes them. */
  typedAhead?: Store<string>
  emptyText?: string
  listHeight?: number
  foot?: ReactNode
}

const TYPED = '\u0000typed'

const normalize = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** A search box over a list: arrow keys move, Enter picks. The one list of choices of the console, palette included. */
export function Picker(props: PickerProps) {
  const { label, placeholder, chosen, emptyText, listHeight, foot } = props
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const { query, shown, index, setActive, change, pick, onKeyDown } = useChoice(props)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  return (
    <>
      <div className={css.search}>
        <SearchIcon size={14} aria-hidden />
        <input
          role="combobox"
          aria-expanded
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[index] ? `${id}-${index}` : undefined}
          aria-label={label}
          placeholder={placeholder ?? label}
          value={query}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        aria-multiselectable={chosen ? true : undefined}
        className={css.list}
        style={listHeight ? { maxHeight: listHeight } : undefined}
      >
        {shown.map((option, position) => (
          <PickerRow
            key={option.value}
            id={`${id}-${position}`}
            option={option}
            before={shown[position - 1]}
            isActive={position === index}
            isTicked={chosen?.has(option.value)}
            onPoint={() => setActive(position)}
            onPick={(event) => pick(option, event)}
          />
        ))}
      </div>
      {shown.length === 0 && <p className={css.none}>{emptyText ?? 'Nothing matches.'}</p>}
      {foot && <div className={css.foot}>{foot}</div>}
    </>
  )
}

/** What is typed, the options that match it, and the one that Enter would pick. */
function useChoice({ options, chosen, onPick, onTyped, typedLabel, onQuery, typedAhead }: PickerProps) {
  const [query, setQuery] = useState('')
  const latest = useRef('')
  const [active, setActive] = useState(0)
  const shown = filterOptions(options, query, { is_filtered: !onQuery, typedLabel: onTyped && typedLabel })
  const index = Math.min(active, shown.length - 1)
  const change = (text: string): void => {
    latest.current = text
    setQuery(text)
    setActive(0)
    onQuery?.(text)
  }
  useTypedAhead(typedAhead, (letters) => change(latest.current + letters))
  const pick = (option: PickerOption | undefined, event: KeyboardEvent | React.MouseEvent): void => {
    if (!option) return
    if (option.value === TYPED) onTyped?.(query.trim())
    else onPick(option.value, event)
    if (chosen && query !== '') change('')
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    const move = moves[event.key]
    if (move !== undefined) {
      event.preventDefault()
      const next = index + move
      setActive(
        Math.abs(move) === 1 ? (next + shown.length) % shown.length : Math.max(0, Math.min(shown.length - 1, next)),
      )
    } else if (event.key === 'Enter') {
      event.preventDefault()
      pick(shown[index], event)
    }
  }
  return { query, shown, index, setActive, change, pick, onKeyDown }
}

/**
 * Takes each letter once and draws it before the next key: otherwise one that the box itself receives in between would
 * replace it.
 */
function useTypedAhead(store: Store<string> | undefined, append: (letters: string) => void): void {
  const latest = useRef(append)
  latest.current = append
  useLayoutEffect(() => {
    if (!store) return
    const take = (): void => {
      const letters = store.get()
      store.set('')
      if (letters !== '') latest.current(letters)
    }
    take()
    return store.subscribe(() => {
      if (store.get() !== '') flushSync(take)
    })
  }, [store])
}

function filterOptions(
  options: readonly PickerOption[],
  query: string,
  { is_filtered, typedLabel }: { is_filtered: boolean; typedLabel: ((text: string) => string) | undefined },
): PickerOption[] {
  const words = normalize(query).split(/\s+/).filter(Boolean)
  const found = is_filtered
    ? options.filter(({ label, value, group = '' }) => {
        const text = normalize(`${label} ${value} ${group}`)
        return words.every((word) => text.includes(word))
      })
    : [...options]
  const typed = query.trim()
  if (!typedLabel || typed === '' || found.some(({ value }) => value === typed)) return found
  return [...found, { value: TYPED, label: typedLabel(typed) }]
}

interface PickerRowProps {
  id: string
  option: PickerOption
  before: PickerOption | undefined
  isActive: boolean
  isTicked: boolean | undefined
  onPoint: () => void
  onPick: (event: React.MouseEvent) => void
}

function PickerRow({ id, option, before, isActive, isTicked, onPoint, onPick }: PickerRowProps) {
  return (
    <>
      {option.group && option.group !== before?.group && (
        <div className={css.group} role="presentation">
          {option.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search box above */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isActive}
        aria-checked={isTicked}
        className={cx(css.item)}
        onPointerMove={isActive ? undefined : onPoint}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onPick}
      >
        {isTicked !== undefined && (
          <i className={css.tick} aria-hidden>
            {isTicked && <CheckIcon size={14} />}
          </i>
        )}
        {option.icon}
        <span>{option.label}</span>
        {option.note !== undefined && <span className={css.note}>{option.note}</span>}
      </div>
    </>
  )
}
