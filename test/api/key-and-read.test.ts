import { createApiKey, ensureApiKey } from '@leads/core/api-keys/api-keys'
import type { Scope } from '@leads/core/model/api-key'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestAnswer, type TestApi } from './client.ts'

/** Two full pages and a part. */
const EVENTS_COUNT = 130

/** The key of a client that is known is checked while its read runs, on PostgreSQL by the same statement. */
describeEachEngine('a read of one lead and the check of its key', (engine) => {
  let api: TestApi
  /** Leads. */
  let active: number
  let deleted: number
  let merged: number
  let keeper: number

  beforeAll(async () => {
    api = await startApi(engine)
    const add = async (full_name: string): Promise<number> =>
      (await api.post('/leads', { full_name, email: `${full_name.replace(' ', '.').toLowerCase()}@example.com` })).body
        .id
    active = await add('Ada Lovelace')
    deleted = await add('Alan Turing')
    merged = await add('Grace Hopper')
    keeper = await add('Grace Murray')
    await api.delete(`/leads/${deleted}`)
    expect((await api.post(`/leads/${keeper}/merge`, { lead_ids: [merged] })).status).toBe(200)
  })
  afterAll(() => api?.close())

  interface KnownKey {
    id: number
    get(target: string, headers?: Record<string, string>): Promise<TestAnswer>
    set(
      columns: { scopes: string[] } | Partial<Record<'revoked_at' | 'expires_at' | 'last_used_at', Date | null>>,
    ): Promise<unknown>
  }

  /** A key that has been used, so that its next reads run while it is checked. */
  async function knownKey(scope: Scope = 'read'): Promise<KnownKey> {
    const { api_key, secret } = await createApiKey(api.db, { name: 'known', scopes: [scope] }, 'test')
    const get: KnownKey['get'] = (target, headers = {}) =>
      api.get(target, { as: null, headers: { 'x-api-key': secret, ...headers } })
    const set: KnownKey['set'] = (columns) =>
      api.db.kysely
        .updateTable('api_keys')
        .set(columns as never)
        .where('id', '=', api_key.id)
        .execute()
    // Three times: the driver then has the statements prepared.
    for (let turn = 0; turn < 3; turn += 1)
      for (const target of [`/leads/${active}`, `/leads/${active}/events`]) expect((await get(target)).status).toBe(200)
    return { id: api_key.id, get, set }
  }

  describe.each(['', '/events'])('GET /leads/{id}%s', (suffix) => {
    const path = (id: number): string => `/leads/${id}${suffix}`

    test.each([
      ['missing', {}],
      ['malformed', { 'x-api-key': 'lk_a\u00e9' }],
      ['mistyped', { authorization: `Bearer lk_${'a'.repeat(40)}_000000` }],
      ['unknown', { authorization: `Bearer lk_${'b'.repeat(40)}` }],
    ])('a %s key is refused, whatever the lead is', async (_, headers) => {
      for (const id of [active, deleted, merged, 4711])
        expect(await api.get(path(id), { as: null, headers })).toMatchObject({
          status: 401,
          body: { code: 'unauthorized' },
        })
    })

    test.each([
      ['revoked', { revoked_at: new Date() }],
      ['expired', { expires_at: new Date(Date.now() - 1) }],
    ])('a key that is %s since its last use is refused, whatever the lead is', async (_, columns) => {
      for (const id of [active, deleted, merged, 4711]) {
        const key = await knownKey('admin')
        await key.set(columns)
        const answer = await key.get(path(id))
        expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
        expect(answer.text).not.toMatch(/Ada|Alan|Grace|exist/)
        expect(answer.headers).not.toHaveProperty('etag')
        expect(answer.headers).not.toHaveProperty('location')
      }
    })

    test('a key whose row is gone is refused', async () => {
      const key = await knownKey()
      await api.db.kysely.deleteFrom('api_keys').where('id', '=', key.id).execute()
      expect(await key.get(path(active))).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    })

    test('a key that lost a scope since its last use reads what it may now', async () => {
      const key = await knownKey('admin')
      const ofDeleted = suffix === '' ? `${path(deleted)}?include_deleted=true` : path(deleted)
      expect((await key.get(ofDeleted)).status).toBe(200)
      await key.set({ scopes: ['read'] })
      expect((await key.get(ofDeleted)).body.code).toBe(suffix === '' ? 'insufficient_scope' : 'gone')
      await key.set({ scopes: ['admin'] })
      expect((await key.get(ofDeleted)).status).toBe(200)
    })

    test('a lead that is missing, deleted or merged is answered as such', async () => {
      const key = await knownKey()
      expect((await key.get(path(4711))).body.code).toBe('not_found')
      expect((await key.get(path(deleted))).body.code).toBe('gone')
      const answer = await key.get(path(merged))
      if (suffix === '') expect(answer).toMatchObject({ status: 301, headers: { location: `/leads/${keeper}` } })
      else expect(answer.body.code).toBe('gone')
      expect((await key.get(path(keeper))).status).toBe(200)
    })

    test('the use of a key is recorded when it is due, and not at every read', async () => {
      const key = await knownKey()
      const lastUse = async (): Promise<string | null> => (await api.get(`/api-keys/${key.id}`)).body.last_used_at
      const first = await lastUse()
      expect((await key.get(path(active))).status).toBe(200)
      expect(await lastUse()).toBe(first)
      await key.set({ last_used_at: null })
      expect((await key.get(path(active))).status).toBe(200)
      expect(await lastUse()).not.toBe(null)
      await key.set({ last_used_at: null, revoked_at: new Date() })
      expect((await key.get(path(active))).status).toBe(401)
      expect(await lastUse()).toBe(null)
    })

    test('the rate is limited', async () => {
      vi.stubEnv('RATE_LIMIT_PER_MINUTE', '8')
      try {
        const key = await knownKey()
        expect((await key.get(path(active))).headers.ratelimit).toMatch(/r=1;/)
        expect((await key.get(path(active))).status).toBe(200)
        expect((await key.get(path(active))).body.code).toBe('rate_limited')
      } finally {
        vi.unstubAllEnvs()
      }
    })

    test('HEAD and GET have the same status and headers', async () => {
      const target = path(active)
      const [head, get] = [await api.request('HEAD', target), await api.get(target)]
      expect([head.status, head.headers.etag, head.text]).toEqual([200, get.headers.etag, ''])
    })

    test('requests that come together are answered each for its own key and lead', async () => {
      const [good, bad] = [await knownKey(), await knownKey()]
      await bad.set({ revoked_at: new Date() })
      const unknown = `lk_${suffix}`.replace('/', '').padEnd(43, 'c')
      const requests = Array.from({ length: 24 }, (_, index) => index)
      const answers = await Promise.all(
        requests.map((index) => {
          const target = path(index % 2 === 0 ? active : keeper)
          if (index % 4 === 3) return api.get(target, { as: null, headers: { 'x-api-key': unknown } })
          return (index % 3 === 0 ? bad : good).get(target)
        }),
      )
      for (const [index, { status, body }] of answers.entries()) {
        expect(status, `${index}`).toBe(index % 4 === 3 || index % 3 === 0 ? 401 : 200)
        if (status !== 200) continue
        const id = index % 2 === 0 ? active : keeper
        expect(suffix === '' ? body.id : body.data.at(-1).lead_id).toBe(suffix === '' || id === active ? id : merged)
      }
    })

    test('where the read fails, a refused key is told of its refusal, and a good one of the failure', async () => {
      const [good, bad] = [await knownKey(), await knownKey()]
      await bad.set({ revoked_at: new Date() })
      const table = suffix === '' ? 'sales_leads' : 'lead_events'
      const rename = (from: string, to: string) =>
        sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(api.db.kysely)
      await rename(table, 'renamed')
      try {
        expect((await bad.get(path(active))).body.code).toBe('unauthorized')
        expect((await good.get(path(active))).status).toBeGreaterThanOrEqual(500)
      } finally {
        await rename('renamed', table)
      }
      expect((await good.get(path(active))).status).toBe(200)
    })
  })

  test('a lead is answered with its ETag, and 304 while it is unchanged', async () => {
    const key = await knownKey()
    const lead = await key.get(`/leads/${active}`)
    const { etag = '' } = lead.headers as Record<string, string>
    expect(lead.body).toMatchObject({ id: active, full_name: 'Ada Lovelace', email: 'ada.lovelace@example.com' })
    expect((await key.get(`/leads/${active}`, { 'if-none-match': etag })).status).toBe(304)
    await api.patch(
      `/leads/${active}`,
      { title: 'Countess' },
      { headers: { 'content-type': 'application/merge-patch+json' } },
    )
    const changed = await key.get(`/leads/${active}`, { 'if-none-match': etag })
    expect(changed).toMatchObject({ status: 200, body: { title: 'Countess' } })
    expect(changed.headers.etag).not.toBe(etag)
  })

  test('a history is answered in its order, page by page', async () => {
    const lead = (await api.post('/leads', { full_name: 'Ida Holm' })).body.id
    for (let index = 0; index < EVENTS_COUNT; index += 1)
      await api.db.kysely
        .insertInto('lead_events')
        .values({
          lead_id: lead,
          event_type: 'noted',
          event_data: { index },
          event_timestamp: new Date(Date.UTC(2026, 0, 1, 0, (index * 37) % EVENTS_COUNT)),
        } as never)
        .execute()
    const stored = await api.db.kysely
      .selectFrom('lead_events')
      .select('id')
      .where('lead_id', '=', lead)
      .orderBy('event_timestamp', 'desc')
      .orderBy('id', 'desc')
      .execute()
    const key = await knownKey()
    for (let turn = 0; turn < 3; turn += 1) {
      const ids: number[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const { body } = await key.get(`/leads/${lead}/events?limit=50${more}`)
        ids.push(...body.data.map(({ id }: { id: number }) => id))
        cursor = body.next_cursor
      }
      expect(ids).toEqual(stored.map(({ id }) => id))
    }
  })

  test('a key that did not exist at its first use is known when its refusal is forgotten', async () => {
    const secret = 'lk_later'.padEnd(43, '0')
    const get = () => api.get(`/leads/${active}`, { as: null, headers: { 'x-api-key': secret } })
    expect((await get()).status).toBe(401)
    await ensureApiKey(api.db, { name: 'later', key: secret, scopes: ['read'] })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
    try {
      expect((await get()).status).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })
})
