import SearchIcon from 'lucide-react/icons/search'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Kbd } from '../parts/basics.tsx'
import { useShortcuts } from '../shell/shortcuts.ts'
import css from './toolbar.module.css'

const DEBOUNCE_MS = 150

interface SearchBoxProps {
  label: string
  value: string
  onChange: (text: string) => void
  /** Backspace in an empty box removes the last filter. */
  onBackspace?: () => void
  onDown?: () => void
}

export function SearchBox({ label, value, onChange, onBackspace, onDown }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (document.activeElement !== input.current) setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  useShortcuts([{ keys: '/', label: 'Search', group: 'This list', run: () => input.current?.focus() }])
  const change = (next: string): void => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange(next), DEBOUNCE_MS)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (text) change('')
      else input.current?.blur()
    } else if (event.key === 'Backspace' && text === '') onBackspace?.()
    else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault()
      clearTimeout(timer.current)
      if (text !== value) onChange(text)
      onDown?.()
    }
  }
  return (
    <search className={css.search}>
      <SearchIcon size={14} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder="Search"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        spellCheck={false}
      />
      {text === '' && <Kbd>/</Kbd>}
    </search>
  )
}
