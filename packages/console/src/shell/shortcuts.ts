import { useEffect, useRef } from 'react'
import { getSession } from '../api/session.ts'
import { createStore, useStore } from '../api/store.ts'
import { preferences } from './preferences.ts'

/** A key of the page at hand. Without `run` it is only listed: the element that has the focus acts on it. */
export interface Shortcut {
  /** `j`, `?`, `Escape`, `mod+k`, `mod+shift+e`, or two keys in a row: `g l`. */
  keys: string
  label: string
  group: string
  run?: () => void
  /** Not worth a line in the palette. */
  is_hidden?: boolean
}

const registered = createStore<readonly (readonly Shortcut[])[]>([])
const SEQUENCE_MS = 900

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent)

/** `mod+k` as printed on the keyboard: ⌘K or Ctrl K. */
export function keyLabel(keys: string): string {
  return keys
    .replace('mod+', IS_MAC ? '⌘' : 'Ctrl ')
    .replace('shift+', IS_MAC ? '⇧' : 'Shift ')
    .replace(
      /(^| )([a-z])$/,
      (_, space: string, key: string) => space + (keys.includes('mod+') ? key.toUpperCase() : key),
    )
    .replace('Backspace', '⌫')
    .replace('Escape', 'Esc')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
}

export const useAllShortcuts = (): readonly Shortcut[] => useStore(registered).flat()

/** Registers keys while the component is mounted. Later ones win. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  const signature = shortcuts.map(({ keys, label }) => `${keys} ${label}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: what runs is read when the key is pressed
  useEffect(() => {
    const stable = latest.current.map((shortcut, index) => ({
      ...shortcut,
      ...(shortcut.run && { run: () => latest.current[index]?.run?.() }),
    }))
    registered.set((all) => [...all, stable])
    return () => registered.set((all) => all.filter((each) => each !== stable))
  }, [signature])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox]):not([type=radio])'))

const isInOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('dialog, [role="dialog"], [role="menu"]') !== null

function describeKey(event: KeyboardEvent): string {
  const has_mod = event.metaKey || event.ctrlKey
  const key = event.key.length === 1 && has_mod ? event.key.toLowerCase() : event.key
  return `${has_mod ? 'mod+' : ''}${has_mod && event.shiftKey ? 'shift+' : ''}${key}`
}

let pending = ''
let pending_since = 0

function findShortcut(keys: string): Shortcut | undefined {
  return registered
    .get()
    .flat()
    .findLast((shortcut) => shortcut.keys === keys && shortcut.run)
}

function onKeyDown(event: KeyboardEvent): void {
  forgetEarlyKey()
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const key = describeKey(event)
  const is_single = !key.startsWith('mod+')
  if (isInOverlay(event.target) && key !== 'mod+k') return
  // An input's own undo and its letters are the input's.
  if (isTyping(event.target) && (is_single ? key !== 'Escape' : key === 'mod+z' || key === 'mod+a')) return
  if (is_single && event.key.length === 1 && !preferences.get().has_single_keys) return
  const sequence = pending !== '' && Date.now() - pending_since < SEQUENCE_MS ? `${pending} ${key}` : key
  const shortcut = findShortcut(sequence) ?? findShortcut(key)
  pending = ''
  if (shortcut) {
    event.preventDefault()
    shortcut.run?.()
    return
  }
  const starts = registered.get().some((group) => group.some(({ keys }) => keys.startsWith(`${key} `)))
  if (starts && is_single) {
    pending = key
    pending_since = Date.now()
  } else if (getSession().me === null) early_key = { key, path: location.pathname }
}

/**
 * A key pressed before the API has answered what this person may do: the shortcuts of a writer are not registered yet,
 * though the rows are already shown. It runs as soon as they are.
 */
let early_key: { key: string; path: string } | undefined

function runEarlyKey(): void {
  if (!early_key || getSession().me === null || early_key.path !== location.pathname) return
  const shortcut = findShortcut(early_key.key)
  if (!shortcut) return
  early_key = undefined
  shortcut.run?.()
}

function forgetEarlyKey(): void {
  early_key = undefined
}

export function startShortcuts(): void {
  document.addEventListener('keydown', onKeyDown)
  document.addEventListener('pointerdown', forgetEarlyKey)
  registered.subscribe(runEarlyKey)
}
