import { useLayoutEffect } from 'react'
import { createStore } from '../api/store.ts'

export type Overlay = 'palette' | 'help' | 'navigation' | null

/** Which of the shell's own overlays is open. */
export const overlay = createStore<Overlay>(null)

/** Letters typed before a search box has the focus. The box takes them out. */
export const typedAhead = createStore('')
const LETTERS_KEPT_MS = 10_000

/** Popups that are on their way: their code is being loaded. */
let coming_count = 0

/** Stands where a popup will be, until its code is there. */
export function PopupComing(): null {
  useLayoutEffect(() => {
    coming_count += 1
    return () => {
      coming_count -= 1
    }
  }, [])
  return null
}

let timer: ReturnType<typeof setTimeout> | undefined

function keepLetter(letter: string): void {
  typedAhead.set((text) => text + letter)
  clearTimeout(timer)
  timer = setTimeout(() => typedAhead.set(''), LETTERS_KEPT_MS)
}

/** Until an overlay is loaded and has the focus, keys are meant for it: they must not act on the page behind. */
function keepFromPage(event: KeyboardEvent): void {
  const is_inside = event.target instanceof Element && event.target.closest('dialog, [role="dialog"]') !== null
  if ((overlay.get() === null && coming_count === 0) || is_inside || event.key === 'Tab') return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (event.key === 'Escape') overlay.set(null)
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) keepLetter(event.key)
}

addEventListener('keydown', keepFromPage, true)
