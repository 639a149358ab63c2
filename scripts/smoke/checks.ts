import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Ask, assert, assertProblem, assertStatus, createAsk } from './http.ts'

export interface SmokeOptions {
  /** Address of the API. */
  url: string
  /** A key with scope admin. */
  key: string
  webhook_secret?: string | undefined
  /** An origin in CORS_ORIGINS. */
  origin?: string | undefined
  /** A run of Apify: its webhook is sent, and its sync is followed to the end. */
  run_id?: string | undefined
  /** Follow the run for longer than the 8 minutes after which Lambda would stop it. */
  is_long?: boolean
}

export interface SmokeCheck {
  name: string
  /** Returns figures to print. @throws Error that names the problem */
  run(): Promise<string | undefined>
}

const PAGE_BYTES_MAX = 6_000_000
/** Marks the rows of the smoke test, so that none is taken for a person. */
const TAG = 'smoke-test'

/** Every check leaves the data as it was: what it creates, it deletes. */
export function createSmokeChecks(options: SmokeOptions): SmokeCheck[] {
  const ask = createAsk(options.url, options.key)
  const check = (name: string, run: () => Promise<string | undefined>): SmokeCheck => ({ name, run })
  return [
    check('health, with the time of the first answer', () => checkHealth(ask)),
    check('documents, compressed', () => checkDocuments(ask)),
    check('404, 405, HEAD and OPTIONS in the form of the API', () => checkMethods(ask)),
    check('no key, a wrong key, a key without the scope', () => checkKeys(ask)),
    check('headers', () => checkHeaders(ask)),
    check('the life of a lead', () => checkLead(ask)),
    check('two rows imported and undone', () => checkImport(ask)),
    check('a body that is too large', () => checkLargeBody(ask)),
    check('an export to its end, pages of raw items below 6 MB', () => checkExport(ask)),
    check('webhook', () => checkWebhook(ask, options)),
    check('CORS', () => checkCors(ask, options.origin)),
    check('20 requests at once', () => checkConcurrency(ask)),
    ...(options.run_id ? [check(`run ${options.run_id}`, () => checkRun(ask, options))] : []),
  ]
}

async function checkHealth(ask: Ask) {
  const response = await ask('/health', { key: null })
  assertStatus(response, 200, 'GET /health')
  return `${Math.round(response.duration_ms)} ms`
}

async function checkDocuments(ask: Ask) {
  const document = await ask('/openapi.json', { key: null })
  assertStatus(document, 200, 'GET /openapi.json')
  assert(String(document.json().openapi).startsWith('3.'), 'GET /openapi.json is not an OpenAPI document')
  assert(document.headers.has('content-encoding'), 'GET /openapi.json is not compressed')
  const page = await ask('/docs', { key: null })
  assertStatus(page, 200, 'GET /docs')
  assert((page.headers.get('content-type') ?? '').startsWith('text/html'), 'GET /docs is not a page')
  return undefined
}

async function checkMethods(ask: Ask) {
  assertProblem(await ask('/no-such-path'), 404, 'not_found', 'an unknown path')
  const put = await ask('/leads', { method: 'PUT', body: {} })
  assertProblem(put, 405, 'method_not_allowed', 'another method')
  assert((put.headers.get('allow') ?? '').includes('GET'), 'the answer 405 has no Allow header')
  const head = await ask('/leads?limit=1', { method: 'HEAD' })
  assertStatus(head, 200, 'HEAD /leads')
  assert(head.text === '', 'HEAD /leads has a body')
  const options = await ask('/leads', { method: 'OPTIONS', key: null })
  assert(options.status < 300, `OPTIONS /leads: ${options.status}`)
  return undefined
}

async function checkKeys(ask: Ask) {
  assertProblem(await ask('/leads', { key: null }), 401, 'unauthorized', 'without a key')
  assertProblem(await ask('/leads', { key: 'lk_wrong' }), 401, 'unauthorized', 'with a wrong key')
  const created = await ask('/api-keys', { method: 'POST', body: { name: TAG, scopes: ['read'] } })
  assertStatus(created, 201, 'POST /api-keys (does the key have scope admin?)')
  const { secret, ...key } = created.json() as { secret: string; id?: number; api_key?: { id: number } }
  const id = key.id ?? key.api_key?.id
  try {
    assertStatus(await ask('/leads?limit=1', { key: secret }), 200, 'a read key may read')
    const denied = await ask('/leads', { key: secret, method: 'POST', body: { email: 'a@example.com' } })
    assertProblem(denied, 403, 'insufficient_scope', 'a read key may not write')
  } finally {
    await ask(`/api-keys/${id}`, { method: 'DELETE' })
  }
  assertProblem(await ask('/leads', { key: secret }), 401, 'unauthorized', 'a revoked key')
  return undefined
}

async function checkHeaders(ask: Ask) {
  const list = await ask('/leads?limit=50', { headers: { 'accept-encoding': 'gzip' } })
  assertStatus(list, 200, 'GET /leads')
  for (const [name, value] of [
    ['x-content-type-options', 'nosniff'],
    ['cache-control', ''],
    ['x-request-id', ''],
  ] as const)
    assert((list.headers.get(name) ?? '').includes(value) && list.headers.has(name), `GET /leads: ${name} is missing`)
  return undefined
}

async function checkLead(ask: Ask) {
  const id = randomUUID().slice(0, 8)
  const body = { email: `${TAG}-${id}@example.com`, full_name: 'Smoke Test', tags: [TAG] }
  const create = () => ask('/leads', { method: 'POST', body, headers: { 'idempotency-key': `${TAG}-${id}` } })
  const created = await create()
  assertStatus(created, 201, 'POST /leads')
  const path = `/leads/${String(created.json().id)}`
  const repeated = await create()
  assert(repeated.json().id === created.json().id, 'the same Idempotency-Key created a second lead')
  assert(repeated.headers.get('idempotency-replayed') === 'true', 'the repeated answer is not marked')
  try {
    const read = await ask(path)
    assertStatus(read, 200, `GET ${path}`)
    const etag = read.headers.get('etag') ?? ''
    assertStatus(await ask(path, { headers: { 'if-none-match': etag } }), 304, 'If-None-Match')
    const patch = { lead_status: 'contacted' }
    assertStatus(await ask(path, { method: 'PATCH', body: patch, headers: { 'if-match': etag } }), 200, 'PATCH')
    const stale = await ask(path, { method: 'PATCH', body: patch, headers: { 'if-match': etag } })
    assertProblem(stale, 412, 'precondition_failed', 'PATCH with an old version')
    const events = (await ask(`${path}/events`)).json().data as unknown[]
    assert(events.length >= 2, 'the history lacks events')
    assertStatus(await ask(path, { method: 'DELETE' }), 204, 'DELETE')
    assertStatus(await ask(path), 410, 'a deleted lead')
    assertStatus(await ask(`${path}/restore`, { method: 'POST' }), 200, 'restore')
  } finally {
    await ask(path, { method: 'DELETE' })
  }
  return undefined
}

async function checkImport(ask: Ask) {
  const id = randomUUID().slice(0, 8)
  const rows = [1, 2].map((row) => `Smoke Test ${row},${TAG}-${id}-${row}@example.com`)
  const content = `Name,Email\n${rows.join('\n')}\n`
  const imported = await ask('/imports', { method: 'POST', body: { file_name: `${TAG}.csv`, content } })
  assertStatus(imported, 201, 'POST /imports')
  const batch = imported.json()
  try {
    assert(batch.total_records === 2 && batch.synced_records === 2, `POST /imports read ${imported.text.slice(0, 300)}`)
  } finally {
    const undone = await ask(`/imports/${String(batch.import_batch_id)}/undo`, { method: 'POST', body: {} })
    assertStatus(undone, 200, 'undo')
  }
  return undefined
}

async function checkLargeBody(ask: Ask) {
  const response = await ask('/leads', { method: 'POST', body: JSON.stringify({ notes: 'x'.repeat(2_000_000) }) })
  assert(response.status === 413 || response.status === 400, `a body of 2 MB: ${response.status}`)
  return undefined
}

async function checkExport(ask: Ask) {
  let pages = 0
  let rows = 0
  let path: string | null = '/leads/export?limit=1000'
  // A large database is not read to its end.
  while (path !== null && pages < 100) {
    const page = await ask(path)
    assertStatus(page, 200, 'GET /leads/export')
    assert(Buffer.byteLength(page.text) < PAGE_BYTES_MAX, 'a page of the export is above 6 MB')
    pages += 1
    rows += page.text.split('\n').filter(Boolean).length
    const cursor = page.headers.get('x-next-cursor')
    path = cursor === null ? null : `/leads/export?limit=1000&cursor=${encodeURIComponent(cursor)}`
  }
  const raw = await ask('/leads?limit=100&fields=id,raw_data')
  assertStatus(raw, 200, 'GET /leads with raw items')
  assert(Buffer.byteLength(raw.text) < PAGE_BYTES_MAX, 'a page with raw items is above 6 MB')
  return `${rows} leads in ${pages} pages`
}

async function checkWebhook(ask: Ask, { webhook_secret }: SmokeOptions) {
  const body = { eventType: 'TEST', eventData: {} }
  const path = '/webhooks/apify'
  assertProblem(await ask(path, { method: 'POST', key: null, body }), 401, 'unauthorized', 'without the secret')
  if (!webhook_secret) return 'set APIFY_WEBHOOK_SECRET to test the secret too'
  assertStatus(await ask(path, { method: 'POST', key: webhook_secret, body }), 200, 'the event TEST')
  return undefined
}

async function checkCors(ask: Ask, origin: string | undefined) {
  const allowed = async (from: string) =>
    (await ask('/leads?limit=1', { headers: { origin: from } })).headers.get('access-control-allow-origin')
  const foreign = 'https://foreign.example'
  const open = await allowed(foreign)
  assert(open === null || open === '*', `a foreign origin is allowed as ${open}`)
  if (!origin) return open === '*' ? 'every origin is allowed' : 'no foreign origin; --origin tests an allowed one'
  const own = await allowed(origin)
  assert(own === origin || own === '*', `${origin} is not allowed (${own})`)
  return undefined
}

async function checkConcurrency(ask: Ask) {
  const responses = await Promise.all(Array.from({ length: 20 }, () => ask('/leads?limit=10')))
  const refused = responses.filter(({ status }) => status !== 200).map(({ status }) => status)
  assert(refused.length === 0, `refused: ${refused.join(', ')}`)
  const times = responses.map(({ duration_ms }) => duration_ms).sort((one, other) => one - other)
  return `p95 ${Math.round(times[18] ?? 0)} ms`
}

const RUN_MS_MAX = 5 * 60_000
const LONG_RUN_MS_MAX = 60 * 60_000
const POLL_INTERVAL_MS = 2_000

/** Sends the webhook of a run and waits until its sync is complete and balanced. */
async function checkRun(ask: Ask, { run_id, webhook_secret, is_long }: SmokeOptions) {
  const body = { eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: run_id } }
  const started = Date.now()
  const queued = webhook_secret
    ? await ask('/webhooks/apify', { method: 'POST', key: webhook_secret, body })
    : await ask('/syncs', { method: 'POST', body: { run_id } })
  assert(queued.status === 202 || queued.status === 200, `the run was not queued: ${queued.status} ${queued.text}`)
  const ends = started + (is_long ? LONG_RUN_MS_MAX : RUN_MS_MAX)
  for (;;) {
    const response = await ask(`/syncs/${run_id}`)
    const sync = response.status === 200 ? response.json() : {}
    assert(sync.sync_status !== 'failed', `the sync failed: ${String(sync.error_message)}`)
    if (sync.sync_status === 'completed') {
      const counts = [sync.synced_records, sync.duplicate_records, sync.failed_records].map(Number)
      const total = counts.reduce((sum, count) => sum + count, 0)
      assert(total === sync.total_records, `read ${String(sync.total_records)}, accounted ${total}`)
      const took_s = (Date.now() - started) / 1000
      assert(
        !is_long || took_s > 600,
        `the run ended after ${took_s.toFixed(0)} s; --long needs one of over 10 minutes`,
      )
      return `${String(sync.total_records)} items in ${took_s.toFixed(0)} s`
    }
    assert(Date.now() < ends, `the sync is ${String(sync.sync_status)} after ${(Date.now() - started) / 1000} s`)
    await delay(POLL_INTERVAL_MS)
  }
}
