import type { InfiniteData } from '@tanstack/react-query'
import { api, ifMatch, unwrap } from '../api/client.ts'
import type { CompanyPatch, LeadPatch, ListedLead, Page } from '../api/queries.ts'
import { queryClient } from '../api/queries.ts'
import { leadName } from './lead-columns.tsx'

/** A row that a person may change: a lead or a company. */
export interface EditableRow {
  id?: number
  version?: number
  is_deleted?: boolean
  tags?: string[]
}

export type Patch = Record<string, unknown>

/** One operation of a batch. */
export type RowOperation =
  | { operation: 'update'; id: number; version: number; patch: Patch }
  | { operation: 'delete'; id: number; version: number }
  | { operation: 'restore'; id: number }

export interface BatchResponse {
  results: { status: number; version?: number | null; problem?: { detail?: string } }[]
}

/** What is the same for leads and companies, by other addresses. */
export interface RowKind {
  noun: string
  plural: string
  /** First part of the query keys of its lists, and of its addresses. */
  list: 'leads' | 'companies'
  /** First part of the query key of one row. */
  one: 'lead' | 'company'
  get(id: number, include_deleted?: boolean): Promise<Record<string, unknown>>
  patch(id: number, version: number, patch: Patch): Promise<Record<string, unknown>>
  remove(id: number, version: number): Promise<unknown>
  restore(id: number): Promise<Record<string, unknown>>
  batch(operations: readonly RowOperation[]): Promise<BatchResponse>
  nameOf(row: EditableRow): string
}

type Answer = Promise<Record<string, unknown>>

export const leadKind: RowKind = {
  noun: 'lead',
  plural: 'leads',
  list: 'leads',
  one: 'lead',
  get: (id, is_deleted_too) =>
    unwrap(
      api.GET('/leads/{id}', {
        params: { path: { id }, query: is_deleted_too ? { include_deleted: 'true' } : {} },
      }),
    ) as Answer,
  patch: (id, version, body) =>
    unwrap(
      api.PATCH('/leads/{id}', { params: { path: { id }, header: ifMatch(version) }, body: body as LeadPatch }),
    ) as Answer,
  remove: (id, version) => unwrap(api.DELETE('/leads/{id}', { params: { path: { id }, header: ifMatch(version) } })),
  restore: (id) => unwrap(api.POST('/leads/{id}/restore', { params: { path: { id } } })) as Answer,
  batch: (operations) => unwrap(api.POST('/leads/batch', { body: { operations: operations as never } })),
  nameOf: (row) => leadName(row as ListedLead),
}

export const companyKind: RowKind = {
  noun: 'company',
  plural: 'companies',
  list: 'companies',
  one: 'company',
  get: (id, is_deleted_too) =>
    unwrap(
      api.GET('/companies/{id}', {
        params: { path: { id }, query: is_deleted_too ? { include_deleted: 'true' } : {} },
      }),
    ) as Answer,
  patch: (id, version, body) =>
    unwrap(
      api.PATCH('/companies/{id}', {
        params: { path: { id }, header: ifMatch(version) },
        body: body as CompanyPatch,
      }),
    ) as Answer,
  remove: (id, version) =>
    unwrap(api.DELETE('/companies/{id}', { params: { path: { id }, header: ifMatch(version) } })),
  restore: (id) => unwrap(api.POST('/companies/{id}/restore', { params: { path: { id } } })) as Answer,
  batch: (operations) => unwrap(api.POST('/companies/batch', { body: { operations: operations as never } })),
  nameOf: (row) => (row as { name?: string }).name ?? `Company ${row.id}`,
}

/** Changes rows everywhere in the cache: in each list and on their own pages. */
export function patchCaches(kind: RowKind, changes: ReadonlyMap<number, Patch>): void {
  queryClient.setQueriesData<InfiniteData<Page<EditableRow>>>({ queryKey: [kind.list, 'list'] }, (data) => {
    if (!data) return data
    let is_changed = false
    const pages = data.pages.map((page) => {
      if (!page.data.some((row) => changes.has(row.id as number))) return page
      is_changed = true
      return { ...page, data: page.data.map((row) => mergeRow(row, changes.get(row.id as number))) }
    })
    return is_changed ? { ...data, pages } : data
  })
  for (const [id, change] of changes)
    queryClient.setQueryData<EditableRow>([kind.one, id], (row) => row && { ...row, ...change })
}

/** Lists carry some columns only: what they do not show is not put into them. */
function mergeRow(row: EditableRow, change: Patch | undefined): EditableRow {
  if (!change) return row
  const shown = Object.entries(change).filter(([name]) => name in row || name === 'is_deleted')
  return { ...row, ...Object.fromEntries(shown) }
}

/** The row as the cache knows it. */
export function findCached(kind: RowKind, id: number): Record<string, unknown> | undefined {
  const one = queryClient.getQueryData<Record<string, unknown>>([kind.one, id])
  if (one) return one
  for (const [, data] of queryClient.getQueriesData<InfiniteData<Page<EditableRow>>>({ queryKey: [kind.list, 'list'] }))
    for (const page of data?.pages ?? [])
      for (const row of page.data) if (row.id === id) return row as Record<string, unknown>
  return undefined
}

/** Counts and figures that a change may have moved. */
export function refreshCounts(kind: RowKind): void {
  void queryClient.invalidateQueries({ queryKey: [kind.list, 'count'] })
  void queryClient.invalidateQueries({ queryKey: ['stats'] })
}

export const isSameValue = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
