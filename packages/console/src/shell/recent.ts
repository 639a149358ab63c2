import { createKeptStore } from '../api/store.ts'

export interface Opened {
  kind: 'lead' | 'company' | 'sync'
  id: string
  name: string
}

const OPENED_MAX = 5

/** What was opened last in this browser: the palette begins with it. */
export const recentlyOpened = createKeptStore<readonly Opened[]>('recent', [])

export const noteOpened = (opened: Opened): void =>
  recentlyOpened.set((all) => {
    const [first] = all
    if (first?.kind === opened.kind && first.id === opened.id && first.name === opened.name) return all
    return [opened, ...all.filter(({ kind, id }) => kind !== opened.kind || id !== opened.id)].slice(0, OPENED_MAX)
  })
