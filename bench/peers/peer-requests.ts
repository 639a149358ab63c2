import { eventColumns } from '@leads/core/events/list-events'
import { leadDetailColumns, leadViewColumns } from '@leads/core/leads/lead-views'
import { encodeRequest, type LoadGenerator, type PeerRequest, type PeerResponse } from './load.ts'
import type { PeerName } from './peer-server.ts'

/** The same six requests in the language of each peer. Every response has the same columns of the same rows. */

/** Updates come last: they add to the history. */
export const rowNames = ['list', 'lead', 'deep page', 'history', 'search', 'update'] as const
export type RowName = (typeof rowNames)[number]

const PAGE_ROWS = 100
/** Pages in front of the deep one. */
const DEEP_PAGES = 200

const toCamelCase = (column: string): string =>
  column.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** PostGraphile calls the column `id` `rowId`: `id` is the global identifier of a row. */
const toGraphQl = (columns: readonly string[]): string =>
  columns.map((column) => (column === 'id' ? 'rowId' : toCamelCase(column))).join(' ')

const listFields = toGraphQl(leadViewColumns)
const detailFields = toGraphQl(leadDetailColumns)
const eventFields = toGraphQl(eventColumns)

const graphQl = (query: string, variables: Record<string, unknown> = {}): PeerRequest => ({
  method: 'POST',
  path: '/graphql',
  body: { query, variables },
})

const LIST_QUERY = `query ($first: Int!, $condition: SalesLeadCondition, $after: Cursor) {
  allSalesLeads(first: $first, condition: $condition, orderBy: [CREATED_AT_DESC, ROW_ID_DESC], after: $after) {
    nodes { ${listFields} } pageInfo { endCursor hasNextPage } } }`
const LEAD_QUERY = `query ($id: Int!) { salesLeadByRowId(rowId: $id) { ${detailFields} } }`
const HISTORY_QUERY = `query ($id: Int!) { salesLeadByRowId(rowId: $id) {
  leadEventsByLeadId(first: 50, orderBy: [EVENT_TIMESTAMP_DESC, ROW_ID_DESC]) { nodes { ${eventFields} } } } }`
const UPDATE_QUERY = `mutation ($id: Int!, $notes: String) {
  updateSalesLeadByRowId(input: { rowId: $id, salesLeadPatch: { notes: $notes } }) { salesLead { ${detailFields} } } }`
const SEARCH_QUERY = `query ($q: String!) { searchLeads(q: $q, first: ${PAGE_ROWS}) {
  nodes { ${listFields} } pageInfo { endCursor hasNextPage } } }`

const platformaticFields = leadViewColumns.map(toCamelCase).join()
const platformaticList = (query: string): PeerRequest => ({
  method: 'GET',
  path: `/salesLeads/?limit=${PAGE_ROWS}&where.isDeleted.eq=false&orderby.createdAt=desc&orderby.id=desc&cursor=true&fields=${platformaticFields}${query}`,
})

/** Platformatic's PUT needs all columns that are not null: those of fillLeads. */
const statuses = ['new', 'new', 'new', 'contacted', 'qualified', 'converted']
const requiredFields = (id: number): Record<string, unknown> => ({
  emailVerified: false,
  phoneVerified: false,
  source: 'apify',
  enrichmentStatus: 'pending',
  leadStatus: statuses[Math.floor(id / 10) % statuses.length],
  version: 1,
  isDeleted: false,
})

const notes = (turn: number): string => `Called on day ${turn}, wants an offer.`

/** Requests that need no answer of an earlier one. `turn` changes with every request. */
const requests: Record<PeerName, Record<Exclude<RowName, 'deep page'>, (id: number, turn: number) => PeerRequest>> = {
  product: {
    list: () => ({ method: 'GET', path: `/leads?country=DE&lead_status=new&limit=${PAGE_ROWS}` }),
    lead: (id) => ({ method: 'GET', path: `/leads/${id}` }),
    history: (id) => ({ method: 'GET', path: `/leads/${id}/events` }),
    update: (id, turn) => ({ method: 'PATCH', path: `/leads/${id}`, body: { notes: notes(turn) } }),
    search: (id) => ({ method: 'GET', path: `/leads?q=last${id}&limit=${PAGE_ROWS}` }),
  },
  hono: {
    list: () => ({ method: 'GET', path: '/leads?country=DE&lead_status=new' }),
    lead: (id) => ({ method: 'GET', path: `/leads/${id}` }),
    history: (id) => ({ method: 'GET', path: `/leads/${id}/events` }),
    update: (id, turn) => ({ method: 'PATCH', path: `/leads/${id}`, body: { notes: notes(turn) } }),
    search: (id) => ({ method: 'GET', path: `/leads?q=last${id}` }),
  },
  postgraphile: {
    list: () =>
      graphQl(LIST_QUERY, {
        first: PAGE_ROWS,
        condition: { country: 'DE', leadStatus: 'new' },
      }),
    lead: (id) => graphQl(LEAD_QUERY, { id }),
    history: (id) => graphQl(HISTORY_QUERY, { id }),
    update: (id, turn) => graphQl(UPDATE_QUERY, { id, notes: notes(turn) }),
    search: (id) => graphQl(SEARCH_QUERY, { q: `last${id}` }),
  },
  platformatic: {
    list: () => platformaticList('&where.country.eq=DE&where.leadStatus.eq=new'),
    lead: (id) => ({ method: 'GET', path: `/salesLeads/${id}` }),
    history: (id) => ({
      method: 'GET',
      path: `/leadEvents/?limit=50&where.leadId.eq=${id}&orderby.eventTimestamp=desc&orderby.id=desc`,
    }),
    update: (id, turn) => ({
      method: 'PUT',
      path: `/salesLeads/${id}`,
      body: { ...requiredFields(id), notes: notes(turn) },
    }),
    search: (id) => platformaticList(`&where.fullName.ilike=${encodeURIComponent(`%last${id}%`)}`),
  },
}

const firstPage: Record<PeerName, PeerRequest> = {
  product: { method: 'GET', path: `/leads?limit=${PAGE_ROWS}` },
  hono: { method: 'GET', path: '/leads' },
  postgraphile: graphQl(LIST_QUERY, { first: PAGE_ROWS, condition: {} }),
  platformatic: platformaticList(''),
}

/** The request for the page behind the one that was answered. */
function nextPage(name: PeerName, { headers, body }: PeerResponse): PeerRequest {
  if (name === 'platformatic') {
    const cursor = /\r\nx-start-after: *(\S+)/i.exec(headers)?.[1] ?? ''
    return platformaticList(`&startAfter=${encodeURIComponent(cursor)}`)
  }
  if (name === 'postgraphile') {
    const { data } = JSON.parse(body) as { data: { allSalesLeads: { pageInfo: { endCursor: string } } } }
    return graphQl(LIST_QUERY, {
      first: PAGE_ROWS,
      condition: {},
      after: data.allSalesLeads.pageInfo.endCursor,
    })
  }
  const { next_cursor } = JSON.parse(body) as { next_cursor: string }
  const { path } = firstPage[name]
  return { method: 'GET', path: `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next_cursor)}` }
}

async function findDeepPage(name: PeerName, load: LoadGenerator, key: string): Promise<PeerRequest> {
  let request = firstPage[name]
  for (let page = 0; page < DEEP_PAGES; page += 1) {
    const response = await load.request(encodeRequest(request, key))
    if (response.status !== 200) throw new Error(`${name} answered page ${page}:\n${response.body.slice(0, 1000)}`)
    request = nextPage(name, response)
  }
  return request
}

/** Rows of a response in any of the peers' forms. */
export function countRows(body: string): number {
  const value = JSON.parse(body) as Record<string, unknown>
  if (value.errors) throw new Error(JSON.stringify(value.errors).slice(0, 1000))
  const find = (inner: unknown): number => {
    if (Array.isArray(inner)) return inner.length
    if (typeof inner !== 'object' || inner === null) return 0
    const { data, nodes, ...rest } = inner as Record<string, unknown>
    if (Array.isArray(data) || Array.isArray(nodes)) return ((data ?? nodes) as unknown[]).length
    if (data !== undefined) return find(data)
    if ('fullName' in rest || 'full_name' in rest) return 1
    return Math.max(0, ...Object.values(rest).map(find))
  }
  return find(value)
}

/** Rows that each response must have at least. */
export const rowsMin: Record<RowName, number> = {
  list: PAGE_ROWS,
  lead: 1,
  'deep page': PAGE_ROWS,
  history: 1,
  update: 1,
  search: 1,
}

/** Ids of five digits: `last…` then finds one lead among 100,000. */
const ID_FIRST = 10_001
const ID_STEP = 7_919

/** Returns the next request of a row, as bytes. Leads come in an order that touches all pages of the table. */
export async function buildRequests(
  name: PeerName,
  row: RowName,
  { load, key, leads }: { load: LoadGenerator; key: string; leads: number },
): Promise<() => string> {
  if (row === 'deep page') {
    const deep = encodeRequest(await findDeepPage(name, load, key), key)
    return () => deep
  }
  const build = requests[name][row]
  const ids = leads - ID_FIRST
  let turn = 0
  return () => {
    turn += 1
    return encodeRequest(build(ID_FIRST + ((turn * ID_STEP) % ids), turn), key)
  }
}
