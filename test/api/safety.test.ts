import { createApiKey, ensureApiKey, rotateApiKey } from '@leads/core/api-keys/api-keys'
import { authenticate } from '@leads/core/api-keys/authenticate'
import { generateSecret, presentKey } from '@leads/core/api-keys/secret'
import { getDatabaseSecret } from '@leads/core/database/database-secret'
import type { Db } from '@leads/core/database/engine'
import { toLoggableError, toLoggedError } from '@leads/core/log'
import type { Context } from 'aws-lambda'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'

const HOUR_MS = 3_600_000

describeEachEngine('safety of the API', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  test('a revoked key stays revoked when the local stack ensures it again', async () => {
    const key = 'lk_ensuredensuredensuredensured'
    const { id } = await ensureApiKey(api.db, { name: 'local', key, scopes: ['admin'] })
    await api.delete(`/api-keys/${id}`)
    await ensureApiKey(api.db, { name: 'local', key, scopes: ['admin'] })
    expect((await api.get('/leads', { as: null, headers: { authorization: `Bearer ${key}` } })).status).toBe(401)
  })

  test('a rotated key keeps its lifetime and can be rotated once, even by concurrent requests', async () => {
    const expires_at = new Date(Date.now() + 90 * 24 * HOUR_MS)
    const { api_key } = await createApiKey(api.db, { name: 'crm', scopes: ['write'], expires_at }, 'test')
    const answers = await Promise.all([1, 2].map(() => api.post(`/api-keys/${api_key.id}/rotate`, { grace_s: 60 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const renewed = answers.find(({ status }) => status === 201)?.body.api_key
    const lifetime_ms = Date.parse(renewed.expires_at) - Date.parse(renewed.created_at)
    expect(Math.abs(lifetime_ms - (expires_at.getTime() - Date.parse(api_key.created_at)))).toBeLessThan(60_000)
    const { body: endless } = await api.post(`/api-keys/${renewed.id}/rotate`, { expires_at: null })
    expect(endless.api_key.expires_at).toBeNull()
  })

  test('an expired key cannot be rotated', async () => {
    const expires_at = new Date(Date.now() - HOUR_MS)
    const { api_key } = await createApiKey(api.db, { name: 'old', scopes: ['read'], expires_at }, 'test')
    await expect(rotateApiKey(api.db, api_key.id, { grace_s: 0 }, 'test')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a key with a wrong checksum is rejected without a query', async () => {
    const { secret } = await createApiKey(api.db, { name: 'sound', scopes: ['read'] }, 'test')
    expect((await authenticate(api.db, presentKey(secret))).name).toBe('sound')
    const unused = {
      get kysely(): never {
        throw new Error('A query was sent.')
      },
    } as unknown as Db
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
    for (const text of [wrong, `${generateSecret().slice(0, 44)}000000`, 'x'.repeat(5000), 'lk_ü', 'lk_a b'])
      await expect(authenticate(unused, presentKey(text)), text.slice(0, 60)).rejects.toMatchObject({
        code: 'unauthorized',
      })
  })

  test('a key name cannot imitate the service or contain control characters', async () => {
    const reserved = ['sync', 'Apify-Sync', ' remap ', 'cli:root', 'Import:x', 's\u0443nc', 'sy\u0301nc']
    for (const name of [...reserved, 'a\u0007b', 'a\u202eb', 'a\u2028b']) {
      const { status, body } = await api.post('/api-keys', { name, scopes: ['read'] })
      expect([status, body.errors[0].pointer], JSON.stringify(name)).toEqual([422, '/name'])
    }
  })

  test('keys without scope admin get only the deletion of a deleted lead, and not its source, history or company', async () => {
    const { body: company } = await api.post('/companies', { name: 'Gone GmbH', domain: 'gone.example' })
    const secret = { full_name: 'Hidden Person', email: 'hidden@gone.example', phone: '+4915112345678' }
    const { body: lead } = await api.post('/leads', { ...secret, company_id: company.id })
    const { body: kept } = await api.post('/leads', { full_name: 'Kept Person', company_id: company.id })
    await api.delete(`/leads/${lead.id}`)
    await api.delete(`/companies/${company.id}`)
    await sql`update sales_leads set updated_at = ${new Date(Date.now() - HOUR_MS)}`.execute(api.db.kysely)
    const feedOf = async (as: 'read' | 'admin', query = '') =>
      (await api.get(`/leads/changes?limit=500${query}`, { as })).body.data.filter(
        ({ id }: { id: number }) => id === lead.id,
      )
    const tombstone = {
      id: lead.id,
      version: 2,
      updated_at: expect.any(String),
      is_deleted: true,
      deleted_at: expect.any(String),
    }
    expect(await feedOf('read')).toEqual([tombstone])
    expect(await feedOf('read', '&fields=id,email,full_name')).toEqual([tombstone])
    expect((await feedOf('admin'))[0]).toMatchObject({ email: secret.email })
    const { body: other } = await api.post('/companies', { name: 'Other GmbH', domain: 'other.example' })
    for (const path of [`/duplicates/${lead.id}/${kept.id}`, `/duplicates/companies/${company.id}/${other.id}`]) {
      expect((await api.get(path, { as: 'write' })).status, path).toBe(410)
      expect((await api.get(path)).status, path).toBe(200)
    }
    for (const path of ['source', 'events', 'identities']) {
      expect((await api.get(`/leads/${lead.id}/${path}`, { as: 'write' })).status).toBe(410)
      expect((await api.get(`/leads/${lead.id}/${path}`)).status).toBe(200)
    }
    for (const target of [`/leads/${kept.id}?include=company`, `/leads?id=${kept.id}&include=company`]) {
      const { body } = await api.get(target, { as: 'read' })
      expect((body.data?.[0] ?? body).company, target).toBeNull()
    }
    expect((await api.get(`/leads/${kept.id}?include=company&include_deleted=true`)).body.company.id).toBe(company.id)
  })

  test('the ETag of a lead changes with the rows that the response includes', async () => {
    const { body: company } = await api.post('/companies', { name: 'Etag Ltd', domain: 'etag.example' })
    const { body: lead } = await api.post('/leads', { full_name: 'Etag Person', company_id: company.id })
    const read = (headers = {}) => api.get(`/leads/${lead.id}?include=company`, { headers })
    const before = await read()
    expect((await read({ 'if-none-match': String(before.headers.etag) })).status).toBe(304)
    await api.patch(`/companies/${company.id}`, { city: 'Pune' })
    const after = await read({ 'if-none-match': String(before.headers.etag) })
    expect([after.status, after.body.company.city]).toEqual([200, 'Pune'])
    const changed = await api.patch(
      `/leads/${lead.id}`,
      { city: 'Pune' },
      { headers: { 'if-match': String(after.headers.etag) } },
    )
    expect(changed.status).toBe(200)
  })

  test('the secret of cursors is random and shared by all processes with this database', async () => {
    const secrets = await Promise.all([1, 2, 3].map(() => getDatabaseSecret(api.db, 'of a test')))
    expect(new Set(secrets).size).toBe(1)
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/)
    await api.get('/leads?limit=1')
    const { rows } = await sql<{ secret: string }>`select secret from database_secrets where name = 'cursor'`.execute(
      api.db.kysely,
    )
    expect(rows).toHaveLength(1)
  })

  test('an error of the driver is logged without statement and values', async () => {
    const email = "o'brien@secret.example"
    const insert = () =>
      sql`insert into sales_leads (id, email, source) values (4711, ${email}, 'api')`.execute(api.db.kysely)
    await insert()
    const errors: unknown[] = []
    await insert().catch((error) => errors.push(error))
    await sql`insert into sales_leads (id, email, source) values (4712, ${email}, 'nowhere')`
      .execute(api.db.kysely)
      .catch((error) => errors.push(error))
    await sql`select ${email} + nothing from nowhere`.execute(api.db.kysely).catch((error) => errors.push(error))
    expect(errors).toHaveLength(3)
    for (const error of errors) {
      const logged = JSON.stringify(toLoggableError(new Error('failed', { cause: error as Error })))
      expect(logged).not.toMatch(/brien|secret\.example|insert into|select /)
      expect(logged).toMatch(/"code"/)
      // What Lambda logs of an error that a function throws.
      const { name, message, stack, ...properties } = toLoggedError(error) as Error
      expect(JSON.stringify({ name, message, stack, properties })).not.toMatch(
        /brien|secret\.example|insert into|select /,
      )
    }
  })

  test('a schedule that fails throws an error without statement and values', async () => {
    const { handler } = await import('@leads/functions/handlers/cleanup')
    await sql`alter table idempotency_keys rename to hidden_keys`.execute(api.db.kysely)
    const failure = handler({}, { getRemainingTimeInMillis: () => 60_000 } as Context)
    const error: unknown = await failure.catch((thrown: Error) => ({ ...thrown, stack: null, message: thrown.message }))
    await sql`alter table hidden_keys rename to idempotency_keys`.execute(api.db.kysely)
    expect(error).toEqual({
      name: expect.any(String),
      code: expect.anything(),
      message: expect.any(String),
      stack: null,
    })
  })
})

describeEachEngine('bodies', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())
  const send = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    api.request('POST', '/leads', { body, headers })

  test('a byte order mark is ignored, and bytes that are not UTF-8 are rejected', async () => {
    expect((await send('\ufeff{"full_name":"Bom Person"}')).status).toBe(201)
    const latin1 = await send(Buffer.from('{"full_name":"Ren\xe9"}', 'latin1'))
    expect([latin1.status, latin1.body.code]).toEqual([400, 'invalid_json'])
  })

  test('a media type that the operation does not accept is rejected', async () => {
    const { body: lead } = await api.post('/leads', { full_name: 'Media Person' })
    const patch = [{ op: 'replace', path: '/city', value: 'Pune' }]
    for (const type of ['application/json-patch+json', 'text/plain', 'application/json; charset=iso-8859-1']) {
      const answer = await api.patch(`/leads/${lead.id}`, patch, { headers: { 'content-type': type } })
      expect([answer.status, answer.body.code], type).toEqual([415, 'unsupported_media_type'])
    }
    const merge = { headers: { 'content-type': 'application/merge-patch+json; charset=UTF-8' } }
    expect((await api.patch(`/leads/${lead.id}`, { city: 'Pune' }, merge)).status).toBe(200)
    expect((await send('{"full_name":"Zip"}', { 'content-encoding': 'gzip' })).status).toBe(415)
  })

  test('an unknown field gets a pointer to it', async () => {
    const { body } = await api.post('/leads', { full_name: 'Pointer Person', 'e-mail/x': 'x' })
    expect(body.errors).toEqual([{ pointer: '/e-mail~1x', detail: 'Unknown field.' }])
  })

  test('every response names the version of the API', async () => {
    for (const target of ['/leads', '/leads/0', '/health'])
      expect((await api.get(target)).headers['api-version'], target).toBe('1')
  })

  test('requests above the limit of a key get 429 with Retry-After and the rate limit', async () => {
    const { secret } = await createApiKey(api.db, { name: 'fast', scopes: ['read'] }, 'test')
    process.env.RATE_LIMIT_PER_MINUTE = '5'
    try {
      const read = () => api.get('/leads?limit=1', { as: null, headers: { authorization: `Bearer ${secret}` } })
      const answers = []
      for (let index = 0; index < 7; index += 1) answers.push(await read())
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
      expect(answers[0]?.headers['ratelimit-policy']).toBe('"key";q=5;w=60')
      expect(answers[0]?.headers.ratelimit).toMatch(/^"key";r=4;t=\d+$/)
      expect(answers[5]?.headers['retry-after']).toMatch(/^\d+$/)
      expect(answers[5]?.body.code).toBe('rate_limited')
      expect((await api.get('/leads?limit=1', { as: 'read' })).status).toBe(200)
      // Keys that do not exist are refused as such, however often they come.
      const guess = () => api.get('/leads', { as: null, headers: { authorization: 'Bearer lk_guessed' } })
      const refused = []
      for (let index = 0; index < 7; index += 1) refused.push((await guess()).status)
      expect(new Set(refused)).toEqual(new Set([401]))
    } finally {
      process.env.RATE_LIMIT_PER_MINUTE = '0'
    }
  })
})
