import { createStore } from '../api/store.ts'

export type Overlay = 'palette' | 'help' | 'navigation' | null

/** Which of the shell's own overlays is open. */
export const overlay = createStore<Overlay>(null)

/** Letters typed before the palette has the focus, which it takes over. */
export const typedAhead = createStore('')

/** Until an overlay is loaded and has the focus, keys are meant for it: they must not act on the page behind. */
function keepFromPage(event: KeyboardEvent): void {
  const is_inside = event.target instanceof Element && event.target.closest('dialog, [role="dialog"]') !== null
  if (overlay.get() === null || is_inside || event.key === 'Tab') return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (event.key === 'Escape') overlay.set(null)
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) typedAhead.set((text) => text + event.key)
}

addEventListener('keydown', keepFromPage, true)
