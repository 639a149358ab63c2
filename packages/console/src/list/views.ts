import { createKeptStore, useStore } from '../api/store.ts'
import { parseSearch, type Search, stringifySearch } from './address.ts'

/** A named list: its address, without what is open next to it. */
export interface View {
  name: string
  search: string
}

export const savedViews = createKeptStore<readonly View[]>('views', [])
export const useSavedViews = (): readonly View[] => useStore(savedViews)

const today = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString()

export const builtInViews = (): readonly View[] => [
  { name: 'All leads', search: '' },
  { name: 'New', search: '?lead_status=new' },
  { name: 'Contacted, not qualified', search: '?lead_status=contacted' },
  { name: 'Without email', search: '?email=is:null' },
  { name: 'Without phone', search: '?phone=is:null' },
  { name: 'From files', search: '?source=import' },
  { name: 'Added today', search: `?created_at=gte:${today()}` },
]

const NOT_KEPT = new Set(['ui.peek', 'ui.view'])

/** What of an address a view keeps. */
export function viewSearch(search: Search): string {
  const kept = Object.entries(search).filter(([name]) => !NOT_KEPT.has(name))
  return stringifySearch(Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

export const searchOfView = ({ name, search }: View): Search => ({ ...parseSearch(search), 'ui.view': name })

export function saveView(name: string, search: Search): void {
  const view = { name, search: viewSearch(search) }
  savedViews.set((all) => {
    const index = all.findIndex((each) => each.name === name)
    return index < 0 ? [...all, view] : all.map((each) => (each.name === name ? view : each))
  })
}

export const deleteView = (name: string): void => savedViews.set((all) => all.filter((view) => view.name !== name))

export const moveView = (name: string, by: number): void =>
  savedViews.set((all) => {
    const from = all.findIndex((view) => view.name === name)
    const to = from + by
    if (from < 0 || to < 0 || to >= all.length) return all
    const next = [...all]
    next.splice(to, 0, ...next.splice(from, 1))
    return next
  })
