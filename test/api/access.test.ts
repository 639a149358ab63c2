import { createApiKey, ensureApiKey, revokeApiKey } from '@leads/core/api-keys/api-keys'
import { operations } from '@leads/functions/routes'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'

const guarded = operations.filter(({ scope }) => scope !== null)
const addressOf = (path: string): string => path.replaceAll(/\{\w+\}/g, '1')
const lesser = { read: null, write: 'read', admin: 'write' } as const

describe('routes that need a key', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi('sqlite')
  })
  afterAll(() => api?.close())

  test.each(guarded)(
    '$method $path rejects a request without a key and one with an unknown key',
    async ({ method, path }) => {
      for (const headers of [
        {},
        { authorization: 'Bearer lk_wrong' },
        { 'x-api-key': 'lk_wrong' },
        { authorization: 'x' },
      ]) {
        const answer = await api.request(method, addressOf(path), { as: null, headers, body: {} })
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="leads"')
      }
    },
  )

  test.each(guarded.filter(({ scope }) => scope !== 'read'))(
    '$method $path refuses a key with too small a scope',
    async ({ method, path, scope }) => {
      const as = lesser[scope ?? 'read']
      const answer = await api.request(method, addressOf(path), { as, body: {} })
      expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
    },
  )

  test.each(operations)('$method $path rejects an unknown query parameter', async ({ method, path, body }) => {
    const answer = await api.request(method, `${addressOf(path)}?no_such_thing=1`, { ...(body && { body: {} }) })
    expect(answer).toMatchObject({ status: 400, body: { code: 'unknown_parameter' } })
  })

  test.each(operations.filter(({ body, is_body_optional }) => body && !is_body_optional))(
    '$method $path refuses a body that is not JSON, not of a JSON type, too large, or not of the schema',
    async ({ method, path, body_bytes_max = 1_048_576 }) => {
      const address = addressOf(path)
      expect((await api.request(method, address, { body: '{"a":' })).body.code).toBe('invalid_json')
      expect((await api.request(method, address, { body: '{"__proto__": {"a": 1}}' })).body.code).toBe('invalid_json')
      const text = { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
      expect((await api.request(method, address, text)).body.code).toBe('unsupported_media_type')
      const large = { body: `"${'x'.repeat(body_bytes_max)}"` }
      expect(await api.request(method, address, large)).toMatchObject({ status: 413, body: { code: 'too_large' } })
      for (const body of [null, 'text', 1, { no_such_field: 1 }])
        expect((await api.request(method, address, { body: JSON.stringify(body) })).body.code).toBe('validation_failed')
      // An import takes a list as the records of a file, which needs at least one.
      const code = /^.imports(.preview)?$/.test(path) ? 'invalid_request' : 'validation_failed'
      expect((await api.request(method, address, { body: '[]' })).body.code).toBe(code)
    },
  )

  test.each([...new Set(operations.map(({ path }) => path))])(
    '%s answers OPTIONS, and 405 to other methods',
    async (path) => {
      const options = await api.request('OPTIONS', addressOf(path), { as: null })
      expect(options.status).toBe(204)
      const refused = await api.request('TRACE', addressOf(path))
      expect(refused).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } })
      expect(refused.headers.allow).toBe(options.headers.allow)
      for (const { method } of operations.filter((o) => o.path === path))
        expect(options.headers.allow).toContain(method)
    },
  )

  test('HEAD is answered like GET, without a body', async () => {
    const head = await api.request('HEAD', '/leads')
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(head.headers['content-type']).toBe('application/json')
    expect((await api.request('HEAD', '/leads/4711')).status).toBe(404)
  })

  test('an unknown path is answered with 404', async () => {
    expect(await api.get('/nothing/here')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})

describeEachEngine('API keys', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  const withKey = (secret: string) => api.get('/leads', { as: null, headers: { authorization: `Bearer ${secret}` } })

  test('API keys can be created, listed, rotated and revoked; the secret is shown once', async () => {
    const made = await api.post('/api-keys', { name: 'crm', scopes: ['write'] })
    expect(made.status).toBe(201)
    const { api_key, secret } = made.body
    expect(secret).toMatch(/^lk_[0-9A-Za-z]{40}_[0-9A-Za-z]{6}$/)
    expect(api_key).toMatchObject({
      name: 'crm',
      scopes: ['write'],
      key_prefix: secret.slice(0, 10),
      last_used_at: null,
    })
    expect((await withKey(secret)).status).toBe(200)

    const list = await api.get('/api-keys?name=crm')
    expect(list.text).not.toContain(secret)
    expect(list.body.data).toMatchObject([{ id: api_key.id }])
    expect(list.body.data[0].last_used_at).not.toBe(null)
    const stored = await api.db.kysely
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', api_key.id)
      .executeTakeFirst()
    expect(JSON.stringify(stored)).not.toContain(secret)

    const rotated = await api.post(`/api-keys/${api_key.id}/rotate`, { grace_s: 60 })
    expect(rotated).toMatchObject({ status: 201, body: { api_key: { name: 'crm', scopes: ['write'] } } })
    expect((await withKey(secret)).status).toBe(200)
    expect((await withKey(rotated.body.secret)).status).toBe(200)
    const at_once = await api.post(`/api-keys/${rotated.body.api_key.id}/rotate`, { grace_s: 0 })
    expect(at_once.status).toBe(201)
    expect((await withKey(rotated.body.secret)).status).toBe(401)

    expect((await api.delete(`/api-keys/${at_once.body.api_key.id}`)).body.revoked_at).not.toBe(null)
    expect((await withKey(at_once.body.secret)).status).toBe(401)
    expect((await api.post(`/api-keys/${rotated.body.api_key.id}/rotate`)).body.code).toBe('conflict')
    expect((await api.delete('/api-keys/4711')).status).toBe(404)
    expect((await api.get('/api-keys/4711')).status).toBe(404)
  })

  test('an expired API key stops working', async () => {
    const soon = new Date(Date.now() + 60_000)
    const { api_key, secret } = await createApiKey(
      api.db,
      { name: 'brief', scopes: ['read'], expires_at: soon },
      'test',
    )
    expect((await withKey(secret)).status).toBe(200)
    await api.db.kysely
      .updateTable('api_keys')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('id', '=', api_key.id)
      .execute()
    expect((await withKey(secret)).status).toBe(401)
    await revokeApiKey(api.db, api_key.id, 'test')
    expect((await revokeApiKey(api.db, api_key.id, 'test')).revoked_at).not.toBe(null)
  })

  test('a revoked key that was valid before learns nothing, not even that a lead does not exist', async () => {
    const { api_key, secret } = await createApiKey(api.db, { name: 'warm', scopes: ['admin'] }, 'test')
    const as = { as: null, headers: { authorization: `Bearer ${secret}` } }
    expect((await api.get('/leads/4711', as)).status).toBe(404)
    expect((await api.get('/leads?include_deleted=true', as)).status).toBe(200)
    const set = (columns: { scopes: string[] } | { revoked_at: Date }) =>
      api.db.kysely
        .updateTable('api_keys')
        .set(columns as never)
        .where('id', '=', api_key.id)
        .execute()
    await set({ scopes: ['read'] })
    expect((await api.get('/leads?include_deleted=true', as)).body.code).toBe('insufficient_scope')
    expect((await api.get('/leads', as)).status).toBe(200)
    await set({ revoked_at: new Date() })
    expect((await api.get('/leads/4711', as)).body.code).toBe('unauthorized')
    expect((await api.get('/leads?limit=nonsense', as)).body.code).toBe('unauthorized')
  })

  test('a key that was valid before changes leads as what it is now: renamed, limited to reads, or revoked', async () => {
    const { api_key, secret } = await createApiKey(api.db, { name: 'desk', scopes: ['write'] }, 'test')
    const as = { as: null, headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' } }
    const { id } = (await api.post('/leads', { full_name: 'Runa Dahl' })).body
    const set = (columns: Record<string, unknown>) =>
      api.db.kysely
        .updateTable('api_keys')
        .set(columns as never)
        .where('id', '=', api_key.id)
        .execute()
    const patch = (title: string) => api.patch(`/leads/${id}`, { title }, as)
    expect((await patch('Buyer')).body).toMatchObject({ title: 'Buyer', updated_by: 'desk' })
    await set({ name: 'front desk' })
    expect((await patch('Head of purchasing')).body).toMatchObject({ version: 3, updated_by: 'front desk' })
    await set({ scopes: ['read'] })
    expect((await patch('Director')).body.code).toBe('insufficient_scope')
    await set({ scopes: ['write'] })
    expect((await patch('Partner')).body).toMatchObject({ version: 4, updated_by: 'front desk' })
    await set({ revoked_at: new Date() })
    for (const [method, target, body] of [
      ['PATCH', `/leads/${id}`, { title: 'Director' }],
      ['PATCH', `/leads/${id}`, '{"title":'],
      ['PATCH', '/leads/4711', { title: 'Director' }],
      ['PATCH', `/leads/${id}`, { titel: 'Director' }],
      ['DELETE', `/leads/${id}`, undefined],
    ] as const)
      expect((await api.request(method, target, { ...as, body })).body.code, `${method} ${target}`).toBe('unauthorized')
    expect((await api.get(`/leads/${id}`)).body).toMatchObject({ title: 'Partner', version: 4, is_deleted: false })
    const events = (await api.get(`/leads/${id}/events`)).body.data as { actor: string }[]
    expect(events.map(({ actor }) => actor)).toEqual(['front desk', 'front desk', 'desk', 'admin key'])
  })

  test('a change records the use of its key', async () => {
    const { api_key, secret } = await createApiKey(api.db, { name: 'editor', scopes: ['write'] }, 'test')
    const { id } = (await api.post('/leads', { full_name: 'Eli Moe' })).body
    const patch = (title: string) =>
      api.patch(`/leads/${id}`, { title }, { as: null, headers: { 'x-api-key': secret } })
    expect((await patch('Buyer')).status).toBe(200)
    await api.db.kysely.updateTable('api_keys').set({ last_used_at: null }).where('id', '=', api_key.id).execute()
    expect((await patch('Planner')).status).toBe(200)
    expect((await api.get(`/api-keys/${api_key.id}`)).body.last_used_at).not.toBe(null)
  })

  test('a key that was rejected is rejected for ten seconds without a query', async () => {
    const secret = 'lk_mistyped'.padEnd(43, '0')
    const ask = async () => (await api.get('/leads', { as: null, headers: { 'x-api-key': secret } })).status
    expect(await ask()).toBe(401)
    await ensureApiKey(api.db, { name: 'mistyped', key: secret, scopes: ['read'] })
    expect(await ask()).toBe(401)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
    try {
      expect(await ask()).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })

  test('the last use of a key is recorded every few minutes, not at every request', async () => {
    const { api_key, secret } = await createApiKey(api.db, { name: 'busy', scopes: ['read'] }, 'test')
    const lastUse = async () => (await api.get(`/api-keys/${api_key.id}`)).body.last_used_at
    await withKey(secret)
    const first = await lastUse()
    await withKey(secret)
    expect(await lastUse()).toBe(first)
  })

  test('an API key with a past expiry, without a scope or with an Idempotency-Key is rejected', async () => {
    const past = { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }
    expect((await api.post('/api-keys', past)).body.errors[0].pointer).toBe('/expires_at')
    expect((await api.post('/api-keys', { name: 'x', scopes: [] })).status).toBe(422)
    const headers = { 'idempotency-key': 'k' }
    expect((await api.post('/api-keys', { name: 'x', scopes: ['read'] }, { headers })).status).toBe(400)
  })
})
