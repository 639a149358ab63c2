import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query'
import { api, apiFetch, connection, unwrap } from './client.ts'
import type { components, paths } from './paths.ts'
import { ApiError, isApiError, isTemporary, toApiError } from './problem.ts'
import { getSession, type Me } from './session.ts'

type Schemas = components['schemas']
export type Lead = Schemas['LeadWithIncludes']
export type ListedLead = Schemas['ListedLead']
export type LeadEvent = Schemas['LeadEvent']
export type LeadPatch = Schemas['LeadPatch']
export type LeadSource = Schemas['LeadSource']
export type Company = Schemas['Company']
export type CompanyPatch = Schemas['CompanyPatch']
export type Sync = Schemas['Sync']
export type SyncRejection = Schemas['ListedRejection']
/** The count of candidates is that of a single import. */
export type ImportBatch = Schemas['Import'] & Partial<Pick<Schemas['ShownImport'], 'candidate_pairs'>>
export type ApiKey = Schemas['ApiKey']
export type ListedCompany = Schemas['ListedCompany']
export type Stats = paths['/stats']['get']['responses'][200]['content']['application/json']

export type ListName = 'leads' | 'companies' | 'syncs'
export type ApiQuery = Readonly<Record<string, string | string[]>>
export interface Page<Row> {
  data: Row[]
  next_cursor: string | null
  count?: { value: number; relation: 'exact' | 'at_least' }
}

export const SECOND_MS = 1000
const BACKOFF_MAX_MS = 60_000
const FIRST_PAGE_ROWS = 100
const PAGE_ROWS = 200

/** A read that failed is asked again when that can help: later each time, or when the service says. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => isTemporary(error) && failures < 60,
      retryDelay: (failures, error) => {
        const told = isApiError(error) ? error.retry_after_s : undefined
        return told === undefined ? Math.min(2 * SECOND_MS * 2 ** failures, BACKOFF_MAX_MS) : told * SECOND_MS
      },
      refetchIntervalInBackground: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** "Try now" of the banner. */
export function retryNow(): void {
  connection.set({ is_up: true, failures: 0 })
  void queryClient.cancelQueries().then(() => queryClient.refetchQueries({ type: 'active' }))
}

type Paths = '/leads' | '/companies' | '/syncs'

/** A page of a list. The path is one of three whose answers have one shape, which the types cannot say. */
export async function fetchPage<Row>(
  path: Paths | `/companies/${number}/leads`,
  query: ApiQuery,
  signal?: AbortSignal,
): Promise<Page<Row>> {
  return unwrap(api.GET(path as '/leads', { params: { query }, ...(signal && { signal }) })) as Promise<Page<Row>>
}

/** A list by cursor: a short first page, longer ones after it. */
export const listQuery = <Row>(list: string, path: Paths | `/companies/${number}/leads`, query: ApiQuery) =>
  infiniteQueryOptions({
    queryKey: [list, 'list', path, query],
    queryFn: ({ pageParam, signal }) => {
      const limit = String(pageParam === null ? FIRST_PAGE_ROWS : PAGE_ROWS)
      return fetchPage<Row>(path, { ...query, limit, ...(pageParam !== null && { cursor: pageParam }) }, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<Row>) => page.next_cursor,
    staleTime: 30 * SECOND_MS,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  })

/** How many rows there are: requested in parallel with the rows, never before them. */
export const countQuery = (
  list: string,
  path: Paths | `/companies/${number}/leads`,
  query: ApiQuery,
  mode: 'estimated' | 'exact' = 'estimated',
) => {
  // Another order has the same number of rows.
  const { sort: _, ...filters } = query
  return queryOptions({
    queryKey: [list, 'count', path, filters, mode],
    queryFn: async ({ signal }) => {
      const fields = path === '/syncs' ? {} : { fields: 'id' }
      const page = await fetchPage(path, { ...filters, limit: '1', ...fields, count: mode }, signal)
      return page.count ?? { value: page.data.length, relation: 'at_least' as const }
    },
    staleTime: 60 * SECOND_MS,
    placeholderData: keepPreviousData,
  })
}

/** A lead, asked by version: an unchanged one is answered with 304 and no body. */
export const leadQuery = (id: number, include_deleted = false) =>
  queryOptions({
    queryKey: ['lead', id],
    queryFn: async ({ signal, client }): Promise<Lead> => {
      const before = client.getQueryData<Lead>(['lead', id])
      const known = before?.lead_source === undefined ? undefined : before
      const answer = await api.GET('/leads/{id}', {
        params: {
          path: { id },
          query: { include: 'company,source', ...(include_deleted && { include_deleted: 'true' as const }) },
          header: known ? { 'If-None-Match': `"${known.version}"` } : {},
        },
        signal,
      })
      if (answer.response.status === 304 && known) return known
      if (!answer.response.ok) throw await toApiError(answer.response, answer.error)
      return answer.data as Lead
    },
    staleTime: 10 * SECOND_MS,
    refetchInterval: 20 * SECOND_MS,
  })

export const eventsQuery = (id: number, event_type = '') =>
  infiniteQueryOptions({
    queryKey: ['lead', id, 'events', event_type],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/leads/{id}/events', {
          params: {
            path: { id },
            query: { limit: 50, ...(pageParam && { cursor: pageParam }), ...(event_type && { event_type }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10 * SECOND_MS,
  })

export const companyQuery = (id: number, include_deleted = false) =>
  queryOptions({
    queryKey: ['company', id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/companies/{id}', {
          params: { path: { id }, query: include_deleted ? { include_deleted: 'true' } : {} },
          signal,
        }),
      ) as Promise<Company>,
    staleTime: 10 * SECOND_MS,
    refetchInterval: 20 * SECOND_MS,
  })

const isRunning = (sync: Sync): boolean => sync.sync_status === 'pending' || sync.sync_status === 'syncing'

/** Two seconds while something moves, half a minute otherwise. */
export const syncInterval = (rows: readonly Sync[]): number => (rows.some(isRunning) ? 2 : 30) * SECOND_MS

export const latestSyncsQuery = (limit: number, query: ApiQuery = {}) =>
  queryOptions({
    queryKey: ['syncs', 'latest', limit, query],
    queryFn: ({ signal }) => fetchPage<Sync>('/syncs', { ...query, limit: String(limit) }, signal),
    refetchInterval: ({ state }) => syncInterval(state.data?.data ?? []),
  })

export const syncQuery = (run_id: string) =>
  queryOptions({
    queryKey: ['sync', run_id],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/syncs/{run_id}', { params: { path: { run_id } }, signal })) as Promise<Sync>,
    refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? 60 : 2) * SECOND_MS,
  })

export const statsQuery = (period: { since?: string; until?: string }) =>
  queryOptions({
    queryKey: ['stats', period],
    queryFn: ({ signal }) => unwrap(api.GET('/stats', { params: { query: period }, signal })),
    staleTime: 30 * SECOND_MS,
    refetchInterval: 60 * SECOND_MS,
    placeholderData: keepPreviousData,
  })

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async () => {
    const response = await apiFetch(new Request(`${location.origin}/health`))
    return response.ok
  },
  refetchInterval: 30 * SECOND_MS,
  retry: false,
})

/** Asks whose key this is. @throws ApiError unauthorized, network, unavailable */
export async function fetchMe(key: string, signal?: AbortSignal): Promise<Me> {
  const headers = { authorization: `Bearer ${key}` }
  const ask = async (target: string): Promise<Response> => {
    try {
      return await fetch(target, { headers, cache: 'no-store', ...(signal && { signal }) })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ApiError(0, undefined)
    }
  }
  const answer = await ask('/me')
  if (!answer.ok) throw await toApiError(answer)
  const { scopes, ...rest } = (await answer.json()) as components['schemas']['CurrentKey']
  return { ...rest, scope: (['admin', 'write'] as const).find((scope) => scopes.includes(scope)) ?? 'read' }
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => fetchMe(getSession().key ?? '', signal),
  staleTime: 5 * 60 * SECOND_MS,
})
