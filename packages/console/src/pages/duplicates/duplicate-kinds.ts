import { api, unwrap } from '../../api/client.ts'
import type { components, paths } from '../../api/paths.ts'
import { type Company, fetchPage, type Lead, type Page } from '../../api/queries.ts'
import { leadName } from '../../list/lead-columns.tsx'

type Schemas = components['schemas']
type MergeBody<Path extends '/leads/{id}/merge' | '/companies/{id}/merge'> =
  paths[Path]['post']['requestBody']['content']['application/json']
type LeadChoice = NonNullable<MergeBody<'/leads/{id}/merge'>['fields_from_merged']>[number]
type CompanyChoice = NonNullable<MergeBody<'/companies/{id}/merge'>['fields_from_merged']>[number]
export type PairStatus = Schemas['DuplicatePair']['duplicate_status']

/** A pair of leads or of companies. */
export interface Pair extends Omit<Schemas['DuplicatePair'], 'lead_a' | 'lead_b'> {
  a: number
  b: number
  /** Names of both; `Lead 12` for one that is deleted. */
  names: readonly [string, string]
}

/** A lead or a company, as far as it is compared. */
export type ComparedRow = Record<string, unknown> & { id: number; is_deleted: boolean }

interface PairPage {
  pairs: Pair[]
  next_cursor: string | null
}

/** What is the same for pairs of leads and of companies, by other addresses. */
export interface DuplicateKind {
  of: 'leads' | 'companies'
  noun: string
  /** Fields that the name is made of. */
  name_fields: string
  /** "The leads are separate again". */
  plural: string
  /** First parts of the query keys that a decision changes. */
  changes: readonly string[]
  /** Compared fields with their labels. */
  compared: Readonly<Record<string, string>>
  /** Compared fields of which one value is chosen, each with the field of the API that is asked for it. */
  choosable: Readonly<Record<string, string>>
  nameOf(row: ComparedRow): string
  list(status: PairStatus, cursor: string | null, signal: AbortSignal): Promise<PairPage>
  /** Both rows, the lower id first. */
  compare(a: number, b: number, signal: AbortSignal): Promise<readonly ComparedRow[]>
  /** The keeper has its own values, but for the named fields. */
  merge(keeper: number, other: number, fields_from_merged: readonly string[]): Promise<unknown>
  unmerge(id: number): Promise<unknown>
  dismiss(a: number, b: number): Promise<unknown>
}

const PAGE_ROWS = 50

const pageQuery = (status: PairStatus, cursor: string | null) => ({
  status,
  limit: PAGE_ROWS,
  ...(cursor && { cursor }),
})

const IDS_PER_REQUEST = 50

/** The list of pairs has ids only. */
async function addNames(
  kind: DuplicateKind,
  pairs: readonly Omit<Pair, 'names'>[],
  signal: AbortSignal,
): Promise<Pair[]> {
  const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  const requests: Promise<Page<ComparedRow>>[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_REQUEST) {
    const id = `in:${ids.slice(at, at + IDS_PER_REQUEST).join(',')}`
    const query = { id, limit: String(IDS_PER_REQUEST), fields: kind.name_fields }
    requests.push(fetchPage<ComparedRow>(`/${kind.of}`, query, signal))
  }
  const rows = (await Promise.all(requests)).flatMap(({ data }) => data)
  const names = new Map(rows.map((row) => [row.id, kind.nameOf(row)]))
  const nameOf = (id: number): string => names.get(id) ?? `${capitalize(kind.noun)} ${id}`
  return pairs.map((pair) => ({ ...pair, names: [nameOf(pair.a), nameOf(pair.b)] }))
}

export const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

export const leadPairs: DuplicateKind = {
  of: 'leads',
  noun: 'lead',
  name_fields: 'id,full_name,company_name,email,phone',
  plural: 'leads',
  changes: ['duplicates', 'leads', 'lead', 'stats'],
  compared: {
    full_name: 'Name',
    title: 'Title',
    email: 'Email',
    phone: 'Phone',
    company_name: 'Company',
    company_domain: 'Domain',
    city: 'City',
    country: 'Country',
    industry: 'Industry',
    tags: 'Tags',
    lead_status: 'Status',
    lead_score: 'Score',
    notes: 'Notes',
    external_id: 'External id',
    source: 'Source',
    created_at: 'Added',
  } satisfies Partial<Record<keyof Lead, string>>,
  choosable: {
    full_name: 'full_name',
    title: 'title',
    email: 'email',
    phone: 'phone',
    company_name: 'company_name',
    company_domain: 'company_name',
    city: 'city',
    country: 'city',
    industry: 'industry',
    lead_status: 'lead_status',
    lead_score: 'lead_score',
  } satisfies Partial<Record<keyof Lead, LeadChoice>>,
  nameOf: (row) => leadName(row as unknown as Lead),
  async list(status, cursor, signal) {
    const page = await unwrap(api.GET('/duplicates', { params: { query: pageQuery(status, cursor) }, signal }))
    const pairs = page.data.map(({ lead_a, lead_b, ...pair }) => ({ ...pair, a: lead_a, b: lead_b }))
    return { pairs: await addNames(leadPairs, pairs, signal), next_cursor: page.next_cursor }
  },
  async compare(a, b, signal) {
    return (await unwrap(api.GET('/duplicates/{a}/{b}', { params: { path: { a, b } }, signal }))).leads
  },
  merge(id, other, fields) {
    const body = { lead_ids: [other], fields_from_merged: fields as LeadChoice[] }
    return unwrap(api.POST('/leads/{id}/merge', { params: { path: { id } }, body }))
  },
  unmerge: (id) => unwrap(api.POST('/leads/{id}/unmerge', { params: { path: { id } } })),
  dismiss: (a, b) => unwrap(api.DELETE('/duplicates/{a}/{b}', { params: { path: { a, b } } })),
}

export const companyPairs: DuplicateKind = {
  of: 'companies',
  noun: 'company',
  name_fields: 'id,name',
  plural: 'companies',
  changes: ['duplicates', 'companies', 'company', 'leads', 'lead'],
  compared: {
    name: 'Name',
    domain: 'Domain',
    website: 'Website',
    linkedin_url: 'LinkedIn',
    industry: 'Industry',
    company_type: 'Type',
    employee_count: 'Employees',
    city: 'City',
    country: 'Country',
    tags: 'Tags',
    description: 'Description',
    company_key: 'Key',
    created_at: 'Added',
  } satisfies Partial<Record<keyof Company, string>>,
  choosable: {
    name: 'name',
    domain: 'domain',
    website: 'website',
    linkedin_url: 'linkedin_url',
    industry: 'industry',
    company_type: 'company_type',
    employee_count: 'employee_count',
    city: 'city',
    country: 'country',
    description: 'description',
  } satisfies Partial<Record<keyof Company, CompanyChoice>>,
  nameOf: (row) => String(row.name),
  async list(status, cursor, signal) {
    const query = pageQuery(status, cursor)
    const page = await unwrap(api.GET('/duplicates/companies', { params: { query }, signal }))
    const pairs = page.data.map(({ company_a, company_b, ...pair }) => ({ ...pair, a: company_a, b: company_b }))
    return { pairs: await addNames(companyPairs, pairs, signal), next_cursor: page.next_cursor }
  },
  async compare(a, b, signal) {
    const pair = await unwrap(api.GET('/duplicates/companies/{a}/{b}', { params: { path: { a, b } }, signal }))
    return pair.companies
  },
  merge(id, other, fields) {
    const body = { company_ids: [other], fields_from_merged: fields as CompanyChoice[] }
    return unwrap(api.POST('/companies/{id}/merge', { params: { path: { id } }, body }))
  },
  unmerge: (id) => unwrap(api.POST('/companies/{id}/unmerge', { params: { path: { id } } })),
  dismiss: (a, b) => unwrap(api.DELETE('/duplicates/companies/{a}/{b}', { params: { path: { a, b } } })),
}

export const pairsQuery = (kind: DuplicateKind, status: PairStatus) => ({
  queryKey: ['duplicates', kind.of, status],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    kind.list(status, pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }: PairPage) => next_cursor,
})

export const comparisonQuery = (kind: DuplicateKind, a: number, b: number) => ({
  queryKey: ['duplicates', kind.of, 'pair', a, b],
  queryFn: ({ signal }: { signal: AbortSignal }) => kind.compare(a, b, signal),
})
