import { createApiKey } from '@leads/core/api-keys/api-keys'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { type FakeQueue, startFakeQueue } from './fake-queue.ts'
import { anyRequest, type GeneratedRequest } from './requests.ts'
import { seedLeads } from './seed.ts'

/** More than 10,000 in total. FUZZ_REQUESTS sets the number per engine, FUZZ_SEED repeats a run. */
const requestsCount = { sqlite: 5000, postgres: 3000, mysql: 2500 }
const WEBHOOK_SECRET = 'a-secret-of-at-least-16'
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000)

/** Generated once: generating costs more than sending. */
const drawn = fc.sample(anyRequest(), { numRuns: Number(process.env.FUZZ_REQUESTS ?? requestsCount.sqlite), seed })

/** Of a random request, a valid write to a lead that exists seldom has a version that does not. */
const staleWrite: GeneratedRequest = {
  method: 'PATCH',
  target: '/leads/1',
  headers: { 'if-match': '"77"', 'content-type': 'application/json' },
  body: '{"city":"Pokhara"}',
  cursor: undefined,
}

describeEachEngine('arbitrary requests', (engine) => {
  let api: TestApi
  let queue: FakeQueue
  let authorization: string
  beforeAll(async () => {
    queue = await startFakeQueue()
    process.env.APIFY_WEBHOOK_SECRET = WEBHOOK_SECRET
    api = await startApi(engine)
    await seedLeads(
      api.db,
      Array.from({ length: 40 }, (_, index) => ({
        full_name: `Person ${index}`,
        country: index % 2 ? 'India' : 'Nepal',
        tags: index % 5 ? [] : ['hotel'],
        lead_score: index * 2,
      })),
    )
    await api.db.kysely.insertInto('apify_sync_states').values({ run_id: 'run1', actor_id: 'a' }).execute()
    // Requests may revoke any key whose id they guess. Their own key has an id that they do not guess.
    for (let count = 0; count < 60; count += 1)
      await createApiKey(api.db, { name: `key ${count}`, scopes: ['read'] }, 'test')
    authorization = `Bearer ${(await createApiKey(api.db, { name: 'stranger', scopes: ['admin'] }, 'test')).secret}`
  })
  afterAll(async () => {
    queue?.close()
    await api?.close()
  })

  const cursors: string[] = []
  const send = async ({ method, target, headers, body, cursor }: GeneratedRequest) => {
    const given = cursor && cursors.at(cursor.at % Math.max(1, cursors.length))
    const query = given ? `${target.includes('?') ? '&' : '?'}cursor=${given.slice(cursor.is_broken ? 1 : 0)}` : ''
    const secret = target.startsWith('/webhooks/') ? `Bearer ${WEBHOOK_SECRET}` : authorization
    const started = performance.now()
    // The client validates each response against the OpenAPI document and throws if it deviates.
    const answer = await api.request(method, target + query, {
      as: null,
      headers: { authorization: secret, ...headers },
      ...(body !== undefined && { body }),
    })
    return { ...answer, duration_ms: performance.now() - started }
  }

  test(`no generated request gets a 5xx, an undocumented response or one that takes over 2 s (seed ${seed})`, async () => {
    const statuses = new Map<number, number>()
    const requests = [staleWrite, ...drawn.slice(0, process.env.FUZZ_REQUESTS ? undefined : requestsCount[engine])]
    for (const [index, request] of requests.entries()) {
      const where = `request ${index} of seed ${seed}: ${JSON.stringify(request).slice(0, 1500)}`
      const answer = await send(request).catch((error: unknown) => {
        throw new Error(`${where}\n${String(error)}`, { cause: error })
      })
      expect(answer.status, `${where}\n${answer.text.slice(0, 500)}`).toBeLessThan(500)
      // A busy machine may delay one response. A slow request is slow again.
      let { duration_ms } = answer
      for (let tries = 0; duration_ms >= 2000 && tries < 3; tries += 1) duration_ms = (await send(request)).duration_ms
      expect(duration_ms, where).toBeLessThan(2000)
      expect(answer.text).not.toMatch(/sales_leads|select |insert into|at Object\.|node_modules/)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const next: unknown = answer.body?.next_cursor
      if (typeof next === 'string') cursors.push(next)
    }
    // The generator must reach the operations: the kinds of responses that no seed misses must have been seen.
    for (const status of [200, 201, 204, 400, 401, 404, 409, 412, 415, 422])
      expect(statuses.get(status) ?? 0, `${status} in ${JSON.stringify([...statuses])}`).toBeGreaterThan(0)
  }, 300_000)

  test('the fuzzed database keeps its invariants', async () => {
    const { status, body } = await api.get('/stats', { as: null, headers: { authorization } })
    expect(status).toBe(200)
    expect(body.leads_count).toBeGreaterThan(0)
    const all = await api.get('/leads?limit=500&fields=id,version&include_deleted=true&count=exact', {
      as: null,
      headers: { authorization },
    })
    // Those that were there before, deleted ones included: a request deletes none permanently.
    expect(all.body.count.value).toBeGreaterThanOrEqual(40)
  })
})
