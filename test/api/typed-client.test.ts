import { createApiKey } from '@leads/core/api-keys/api-keys'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import type { paths } from '@leads/functions/openapi/paths'
import createClient from 'openapi-fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type TestApi } from './client.ts'
import { document } from './document.ts'
import { type FakeQueue, startFakeQueue } from './fake-queue.ts'
import { seedLeads } from './seed.ts'

/** Every operation of the document works with the generated types. The compiler checks each call, the API answers it. */

const WEBHOOK_SECRET = 'a-secret-of-at-least-16'

interface Described {
  operationId: string
}
const described = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Described>).map(([method, { operationId }]) => ({
    operation_id: operationId,
    method: method.toUpperCase(),
    // Fixed parts of a path go before parameters, as at the gateway: /leads/export is no lead.
    parameters_count: path.split('{').length,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  })),
)
const byPrecision = described.toSorted((a, b) => a.parameters_count - b.parameters_count)
const called = new Set<string>()

let api: TestApi
let queue: FakeQueue

const fetchFromApi = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url)
  const operation = byPrecision.find(({ method, pattern }) => method === request.method && pattern.test(pathname))
  const text = await request.text()
  const answer = await api.request(request.method, pathname + search, {
    headers: Object.fromEntries(request.headers),
    ...(text !== '' && { body: text }),
  })
  if (operation && answer.status < 300) called.add(operation.operation_id)
  const headers = { 'content-type': String(answer.headers['content-type'] ?? '') }
  return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers })
}
const client = createClient<paths>({ baseUrl: 'https://api.test', fetch: fetchFromApi })

/** Returns the body of a response, typed. */
async function read<Data>(pending: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const { data, error, response } = await pending
  expect([response.status, error]).toEqual([expect.toSatisfy((status: number) => status < 300), undefined])
  return data as Data
}

beforeAll(async () => {
  queue = await startFakeQueue()
  process.env.APIFY_WEBHOOK_SECRET = WEBHOOK_SECRET
  api = await startApi('sqlite')
  const twin = { first_name: 'Mirela', last_name: 'Stoica', email: 'mirela.stoica@post.example' }
  await seedLeads(api.db, [
    { full_name: 'Asha Rao', country: 'India', tags: ['fair'] },
    { ...twin, external_id: 'twin:a' },
    { ...twin, external_id: 'twin:b', phone: '+40215550101' },
    { first_name: 'Ion', last_name: 'Albu', email: 'ion.albu@post.example', external_id: 'other:a' },
    { first_name: 'Ion', last_name: 'Albu', email: 'ion.albu@post.example', external_id: 'other:b' },
  ])
  await api.db.kysely
    .insertInto('apify_sync_states')
    .values({ run_id: 'runA', actor_id: 'actor1', sync_status: 'completed', total_records: 1, failed_records: 1 })
    .execute()
  await api.db.kysely
    .insertInto('sync_rejections')
    .values({ run_id: 'runA', dataset_id: 'd', item_offset: 3, reason: 'empty', raw_data: {} })
    .execute()
  await findDuplicates({ db: api.db, log: noopLog, now: () => new Date() })
})
afterAll(async () => {
  queue?.close()
  await api?.close()
})

describe('the generated types call', () => {
  test('leads', async () => {
    const { id } = await read(client.POST('/leads', { body: { full_name: 'Typed Person', tags: ['x'] } }))
    const params = { path: { id } }
    const changed = await read(client.PATCH('/leads/{id}', { params, body: { lead_status: 'qualified' } }))
    expect(changed.lead_status).toBe('qualified')
    const query = { lead_status: 'qualified', limit: 5 }
    const list = await read(client.GET('/leads', { params: { query } }))
    expect(list.data.map((lead) => lead.id)).toEqual([id])
    expect((await read(client.GET('/leads/{id}', { params }))).full_name).toBe('Typed Person')
    const facets = await read(client.GET('/leads/facets', { params: { query: { field: 'country' } } }))
    expect(facets.data[0]).toMatchObject({ value: 'India', leads_count: 1 })
    await read(client.POST('/leads/{id}/events', { params, body: { event_type: 'call_made', event_name: 'Called' } }))
    const events = await read(client.GET('/leads/{id}/events', { params }))
    expect(events.data.map(({ event_type }) => event_type)).toContain('call_made')
    await read(client.GET('/leads/{id}/source', { params }))
    await read(client.PUT('/leads/{id}/enrichment', { params, body: { status: 'enriched', data: { size: 3 } } }))
    const csv = await read(client.GET('/leads/export', { params: { query: { format: 'csv' } }, parseAs: 'text' }))
    expect(csv).toContain('Typed Person')
    expect((await read(client.GET('/leads/changes', {}))).data.length).toBeGreaterThan(0)
    await read(client.DELETE('/leads/{id}', { params }))
    expect((await read(client.POST('/leads/{id}/restore', { params }))).is_deleted).toBe(false)
    const operations = [{ operation: 'update' as const, id, patch: { city: 'Pune' } }]
    await read(client.POST('/leads/batch', { body: { operations } }))
    const missing = await client.GET('/leads/{id}', { params: { path: { id: 4_711_000 } } })
    expect(missing.error?.code).toBe('not_found')
  })

  test('duplicates', async () => {
    const pairs = (await read(client.GET('/duplicates', {}))).data
    const [first, second] = pairs.map(({ lead_a, lead_b }) => ({ a: lead_a, b: lead_b }))
    if (!first || !second) throw new Error('The seeded leads are two pairs.')
    expect((await read(client.GET('/duplicates/{a}/{b}', { params: { path: first } }))).leads).toHaveLength(2)
    const params = { path: { id: first.a } }
    await read(client.POST('/leads/{id}/merge', { params, body: { lead_ids: [first.b] } }))
    await read(client.GET('/leads/{id}/identities', { params }))
    await read(client.POST('/leads/{id}/unmerge', { params: { path: { id: first.b } } }))
    await read(client.DELETE('/duplicates/{a}/{b}', { params: { path: second } }))
  })

  test('duplicates of companies', async () => {
    const create = async (name: string, domain: string) =>
      (await read(client.POST('/companies', { body: { name, domain } }))).id
    const [a, b] = [await create('Typed Prints', 'prints.example'), await create('Typed Print', 'print.example')]
    expect((await read(client.GET('/duplicates/companies', {}))).data).toEqual([])
    const pair = { params: { path: { a, b } } }
    expect((await read(client.GET('/duplicates/companies/{a}/{b}', pair))).companies.map(({ id }) => id)).toEqual([
      a,
      b,
    ])
    const body = { company_ids: [b] }
    expect(
      (await read(client.POST('/companies/{id}/merge', { params: { path: { id: a } }, body }))).merges,
    ).toHaveLength(1)
    await read(client.POST('/companies/{id}/unmerge', { params: { path: { id: b } } }))
    await read(client.DELETE('/duplicates/companies/{a}/{b}', pair))
  })

  test('companies', async () => {
    const { id } = await read(client.POST('/companies', { body: { name: 'Typed Works', domain: 'typed.example' } }))
    const params = { path: { id } }
    expect((await read(client.PATCH('/companies/{id}', { params, body: { city: 'Pune' } }))).city).toBe('Pune')
    expect((await read(client.GET('/companies', {}))).data.map((company) => company.id)).toContain(id)
    expect((await read(client.GET('/companies/{id}', { params }))).domain).toBe('typed.example')
    await read(client.GET('/companies/{id}/leads', { params }))
    await read(client.GET('/companies/facets', { params: { query: { field: 'city' } } }))
    await read(client.DELETE('/companies/{id}', { params }))
    await read(client.POST('/companies/{id}/restore', { params }))
    const operations = [{ operation: 'update' as const, id, patch: { industry: 'Tools' } }]
    await read(client.POST('/companies/batch', { body: { operations } }))
  })

  test('jobs', async () => {
    const create = () =>
      read(client.POST('/jobs', { body: { job_type: 'update', query: 'country=India', patch: { tags: ['spring'] } } }))
    const params = { path: { id: (await create()).id } }
    await read(client.GET('/jobs', {}))
    await read(client.GET('/jobs/{id}', { params }))
    await read(client.POST('/jobs/{id}/run', { params }))
    await read(client.DELETE('/jobs/{id}', { params: { path: { id: (await create()).id } } }))
  })

  test('syncs and rejections', async () => {
    const params = { path: { run_id: 'runA' } }
    await read(client.POST('/syncs', { body: { run_id: 'runB' } }))
    expect((await read(client.GET('/syncs', {}))).data.map(({ run_id }) => run_id)).toContain('runA')
    expect((await read(client.GET('/syncs/{run_id}', { params }))).actor_id).toBe('actor1')
    const rejections = await read(client.GET('/syncs/{run_id}/rejections', { params }))
    await read(client.GET('/rejections', {}))
    await read(client.GET('/rejections/reasons', {}))
    const id = rejections.data[0]?.id ?? 0
    expect((await read(client.GET('/rejections/{id}', { params: { path: { id } } }))).reason).toBe('empty')
    expect((await read(client.POST('/syncs/{run_id}/replay', { params }))).tried).toBe(1)
    await read(client.POST('/syncs/{run_id}/retry', { params }))
  })

  test('imports', async () => {
    const content = 'Name,Mail\nJo Poe,jo@import.example\n,not an address\n'
    await read(client.POST('/imports/preview', { body: { content } }))
    const import_batch_id = 'typed'
    const made = await read(client.POST('/imports', { body: { content, import_batch_id, is_last: false } }))
    const params = { path: { import_batch_id } }
    const part = { content: 'Name,Mail\nAl Roe,al@import.example\n', from_record: made.next_record, is_last: true }
    await read(client.POST('/imports/{import_batch_id}/parts', { params, body: part }))
    await read(client.GET('/imports', {}))
    await read(client.GET('/imports/{import_batch_id}', { params }))
    expect((await read(client.GET('/imports/{import_batch_id}/rejections', { params }))).data).toHaveLength(1)
    expect((await read(client.POST('/imports/{import_batch_id}/undo', { params }))).counts.deleted).toBe(2)
  })

  test('stats, views and the service', async () => {
    expect((await read(client.GET('/stats', {}))).leads_count).toBeGreaterThan(0)
    await read(client.GET('/stats/series', { params: { query: { measure: 'leads' } } }))
    const view = { list: 'leads' as const, name: 'India', query: 'country=India' }
    const params = { path: { id: (await read(client.POST('/views', { body: view }))).id } }
    await read(client.GET('/views', {}))
    await read(client.GET('/views/{id}', { params }))
    expect((await read(client.PATCH('/views/{id}', { params, body: { position: 2 } }))).position).toBe(2)
    await read(client.DELETE('/views/{id}', { params }))
    await read(client.GET('/service', {}))
    expect((await read(client.GET('/me', {}))).scopes).toEqual(['admin'])
    expect((await read(client.GET('/health', {}))).status).toBe('ok')
    expect(await read(client.GET('/openapi.json', {}))).toHaveProperty('paths')
    expect(await read(client.GET('/docs', { parseAs: 'text' }))).toContain('<html')
    const file = { path: { file: 'swagger-ui.css' as const } }
    expect(await read(client.GET('/docs/{file}', { params: file, parseAs: 'text' }))).toContain('swagger')
  })

  test('API keys', async () => {
    const { api_key } = await createApiKey(api.db, { name: 'seeded', scopes: ['read'] }, 'test')
    const made = await read(client.POST('/api-keys', { body: { name: 'crm', scopes: ['write'] } }))
    expect(made.secret).toMatch(/^lk_/)
    expect((await read(client.GET('/api-keys', {}))).data.map(({ id }) => id)).toContain(api_key.id)
    const params = { path: { id: api_key.id } }
    await read(client.GET('/api-keys/{id}', { params }))
    await read(client.POST('/api-keys/{id}/rotate', { params, body: { grace_s: 60 } }))
    await read(client.DELETE('/api-keys/{id}', { params: { path: { id: made.api_key.id } } }))
  })

  test('the webhook', async () => {
    const headers = { authorization: `Bearer ${WEBHOOK_SECRET}` }
    const answer = await read(client.POST('/webhooks/apify', { headers, body: { runId: 'runC' } }))
    expect(answer).toEqual({ status: 'queued', run_id: 'runC' })
  })
})

test('every operation of the document has been called with success', () => {
  const missing = described.map(({ operation_id }) => operation_id).filter((operation_id) => !called.has(operation_id))
  expect(missing).toEqual([])
})
