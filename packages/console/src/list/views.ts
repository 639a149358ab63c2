import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, unwrap } from '../api/client.ts'
import type { components } from '../api/paths.ts'
import { queryClient, SECOND_MS } from '../api/queries.ts'
import { getSession, hasScope, useSession } from '../api/session.ts'
import { keep } from '../api/store.ts'
import { parseSearch, type Search, stringifySearch } from './address.ts'
import { leadColumns } from './lead-columns.tsx'
import { VIEWS_KEPT } from './views-kept.ts'

type SavedView = components['schemas']['SavedView']

/** A named list of leads. Without an id it comes with the console. */
export interface View {
  id?: number
  name: string
  /** Filters, search and order, as the API takes them. */
  query: string
  /** Names of columns in their order, each with `=` and its width where that was changed. */
  columns: readonly string[] | null
  is_shared: boolean
  position: number
  created_by: string | null
}

const VIEWS_MAX = 200

export const viewsQuery = queryOptions({
  queryKey: ['views', 'leads'],
  queryFn: async ({ signal }): Promise<readonly View[]> => {
    const query = { list: 'leads', limit: VIEWS_MAX }
    const { data } = await unwrap(api.GET('/views', { params: { query }, signal }))
    keep(VIEWS_KEPT, data.length)
    return data as SavedView[]
  },
  staleTime: 60 * SECOND_MS,
})

/** Views of the key in use, then those that others share. */
export function useViews(): { mine: readonly View[]; shared: readonly View[]; error: Error | null } {
  const { data = [], error } = useQuery(viewsQuery)
  const { me } = useSession()
  const is_mine = ({ created_by }: View): boolean => created_by === me?.name
  return { mine: data.filter(is_mine), shared: data.filter((view) => !is_mine(view)), error }
}

/** Only its author and an admin may change a view. */
export function canChange({ id, created_by }: View): boolean {
  const { me } = getSession()
  return id !== undefined && (created_by === me?.name || hasScope(me, 'admin'))
}

const today = (): string => new Date(new Date().setHours(0, 0, 0, 0)).toISOString()
const builtIn = (name: string, query: string): View => ({
  name,
  query,
  columns: null,
  is_shared: false,
  position: 0,
  created_by: null,
})

export const builtInViews = (): readonly View[] => [
  builtIn('All leads', ''),
  builtIn('New', 'lead_status=new'),
  builtIn('Contacted, not qualified', 'lead_status=contacted'),
  builtIn('Without email', 'email=is:null'),
  builtIn('Without phone', 'phone=is:null'),
  builtIn('From files', 'source=import'),
  builtIn('Added today', `created_at=gte:${today()}`),
]

const withoutMark = (search: string): string => search.replace(/^\?/, '')

/** What of an address a view keeps: a query that any client of the API may use as it is, and the columns. */
export function toViewContent(search: Search): Pick<View, 'query' | 'columns'> {
  const own = Object.entries(search).filter(([name]) => !name.startsWith('ui.'))
  const query = withoutMark(stringifySearch(Object.fromEntries(own.toSorted(([a], [b]) => (a < b ? -1 : 1)))))
  const cols = String(search['ui.cols'] ?? '')
  const widths = String(search['ui.widths'] ?? '')
  if (cols === '' && widths === '') return { query, columns: null }
  const sizes = new Map(widths.split(',').map((pair) => pair.split('.') as [string, string]))
  const ids = cols === '' ? leadColumns.filter(({ is_default }) => is_default).map(({ id }) => id) : cols.split(',')
  return { query, columns: ids.map((id) => (sizes.has(id) ? `${id}=${sizes.get(id)}` : id)) }
}

export function searchOfView({ name, query, columns }: View): Search {
  const pairs = (columns ?? []).map((column) => column.split('='))
  const widths = pairs.flatMap(([id, width]) => (width ? [`${id}.${width}`] : []))
  return {
    ...parseSearch(query),
    ...(pairs.length > 0 && { 'ui.cols': pairs.map(([id]) => id).join(',') }),
    ...(widths.length > 0 && { 'ui.widths': widths.join(',') }),
    'ui.view': name,
  }
}

export const linkOfView = (view: View): string =>
  `${location.origin}/console/leads${stringifySearch(searchOfView(view) as Record<string, unknown>)}`

export function isShown(view: View, search: Search): boolean {
  const shown = toViewContent(search)
  const kept = toViewContent(searchOfView(view))
  return shown.query === kept.query && String(shown.columns) === String(kept.columns)
}

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey })

const cached = (): readonly View[] => queryClient.getQueryData(viewsQuery.queryKey) ?? []

/** Saves what is shown under a new name. @throws ApiError already_exists */
export async function createView(name: string, search: Search, is_shared: boolean): Promise<void> {
  const position = Math.max(-1, ...cached().map((view) => view.position)) + 1
  const { query, columns } = toViewContent(search)
  const body = { list: 'leads' as const, name, query, columns: columns && [...columns], is_shared, position }
  await unwrap(api.POST('/views', { body }))
  await refresh()
}

type ViewChange = Partial<Pick<View, 'name' | 'query' | 'columns' | 'is_shared' | 'position'>>

/** @throws ApiError */
export async function changeView(id: number, change: ViewChange): Promise<void> {
  const { columns, ...rest } = change
  const body = { ...rest, ...(columns !== undefined && { columns: columns && [...columns] }) }
  const params = { path: { id } }
  queryClient.setQueryData<readonly View[]>(viewsQuery.queryKey, (all) =>
    all
      ?.map((view) => (view.id === id ? { ...view, ...change } : view))
      .toSorted((a, b) => a.position - b.position || (a.id ?? 0) - (b.id ?? 0)),
  )
  try {
    await unwrap(api.PATCH('/views/{id}', { params, body }))
  } finally {
    await refresh()
  }
}

/** @throws ApiError */
export async function deleteView(id: number): Promise<void> {
  await unwrap(api.DELETE('/views/{id}', { params: { path: { id } } }))
  await refresh()
}

/** Moves a view among those of the key in use. @throws ApiError */
export async function moveView(id: number, by: number): Promise<void> {
  const name = getSession().me?.name
  const mine = cached().filter(({ created_by }) => created_by === name)
  const from = mine.findIndex((view) => view.id === id)
  const to = from + by
  if (from < 0 || by === 0 || to < 0 || to >= mine.length) return
  const ordered = mine.toSpliced(from, 1).toSpliced(to, 0, mine[from] as View)
  for (const [position, view] of ordered.entries())
    if (view.id !== undefined && view.position !== position) await changeView(view.id, { position })
}
