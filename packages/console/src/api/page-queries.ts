import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from './client.ts'
import type { components } from './paths.ts'
import { type ImportBatch, SECOND_MS } from './queries.ts'

/** What single pages ask: no part of the first script. */

export const rejectionsQuery = (run_id: string, resolved_at = '') =>
  infiniteQueryOptions({
    queryKey: ['sync', run_id, 'rejections', resolved_at],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/syncs/{run_id}/rejections', {
          params: {
            path: { run_id },
            query: {
              limit: 100,
              include: 'raw_data',
              ...(pageParam && { cursor: pageParam }),
              ...(resolved_at && { resolved_at }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5 * SECOND_MS,
  })

interface Facet {
  value: string
  leads_count: number
  relation: 'exact' | 'at_least'
}

/** The most frequent values of a field that begin with a text. The two lists' answers differ in one name only. */
export const facetsQuery = (list: 'leads' | 'companies', field: string, prefix: string) =>
  queryOptions({
    queryKey: ['facets', list, field, prefix],
    queryFn: async ({ signal }): Promise<Facet[]> => {
      const query = { field: field as 'country', ...(prefix.trim() && { prefix: prefix.trim() }) }
      const answer =
        list === 'leads'
          ? await unwrap(api.GET('/leads/facets', { params: { query }, signal }))
          : await unwrap(api.GET('/companies/facets', { params: { query }, signal }))
      return answer.data.map((row) => ({
        value: row.value,
        leads_count: 'leads_count' in row ? row.leads_count : (row as { companies_count: number }).companies_count,
        relation: row.relation,
      }))
    },
    staleTime: 5 * 60 * SECOND_MS,
    placeholderData: keepPreviousData,
  })

/** Why items of a run became no lead, counted over all of them. */
export const reasonsQuery = (run_id: string) =>
  queryOptions({
    queryKey: ['sync', run_id, 'reasons'],
    queryFn: ({ signal }) => unwrap(api.GET('/rejections/reasons', { params: { query: { run_id } }, signal })),
    staleTime: 5 * SECOND_MS,
  })

export const importsQuery = (limit = 100) =>
  queryOptions({
    queryKey: ['imports', limit],
    queryFn: ({ signal }) => unwrap(api.GET('/imports', { params: { query: { limit } }, signal })),
    refetchInterval: ({ state }) =>
      (state.data?.data.some(({ batch_status }) => /ing$/.test(batch_status)) ? 2 : 30) * SECOND_MS,
  })

export const importQuery = (import_batch_id: string) =>
  queryOptions({
    queryKey: ['import', import_batch_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/imports/{import_batch_id}', { params: { path: { import_batch_id } }, signal }),
      ) as Promise<ImportBatch>,
    refetchInterval: ({ state }) => (/ing$/.test(state.data?.batch_status ?? '') ? 2 : 60) * SECOND_MS,
  })

export const importRejectionsQuery = (import_batch_id: string) =>
  infiniteQueryOptions({
    queryKey: ['import', import_batch_id, 'rejections'],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/imports/{import_batch_id}/rejections', {
          params: {
            path: { import_batch_id },
            query: { limit: 100, ...(pageParam !== null && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  })

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => unwrap(api.GET('/api-keys', { params: { query: { limit: 500, sort: '-id' } }, signal })),
  staleTime: 0,
  gcTime: 0,
})

export type Service = components['schemas']['Service']

/** Versions, findings and tasks of the service, for admins. */
export const serviceQuery = queryOptions({
  queryKey: ['service'],
  queryFn: ({ signal }) => unwrap(api.GET('/service', { signal })),
  staleTime: 30 * SECOND_MS,
  refetchInterval: 60 * SECOND_MS,
})
