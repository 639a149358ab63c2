import { createStore } from '../api/store.ts'

export type Overlay = 'palette' | 'help' | 'navigation' | null

/** Which of the shell's own overlays is open. */
export const overlay = createStore<Overlay>(null)
