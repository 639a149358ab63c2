import { closeDatabase } from '@leads/functions/runtime/database'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTripCounter, type TripCounter } from '../faults/round-trips.ts'
import { ENGINES } from '../setup/engines.ts'
import { startApi, type TestAnswer, type TestApi } from './client.ts'

const PATCH = { headers: { 'content-type': 'application/merge-patch+json' } }

/**
 * A function on AWS has one connection and the database is 0.5 to 1 ms away: round trips are what a request waits for. The
 * key is checked in each of them. Behind a pooler of transactions nothing stays prepared, so that counts are others.
 */
describe.runIf(ENGINES.includes('postgres') && process.env.TEST_PGBOUNCER !== '1')('round trips to PostgreSQL', () => {
  let api: TestApi
  let trips: TripCounter
  let lead: { id: number }
  let company: { id: number }

  beforeAll(async () => {
    api = await startApi('postgres')
    company = (await api.post('/companies', { name: 'Nordlys Foods', domain: 'nordlys.example' })).body
    lead = (await api.post('/leads', { full_name: 'Ida Holm', email: 'ida@nordlys.example', company_id: company.id }))
      .body
    await api.post('/leads', { full_name: 'Per Vik', email: 'per@nordlys.example' })
    await closeDatabase()
    const url = new URL(process.env.DATABASE_URL ?? '')
    trips = await startTripCounter(Number(url.port))
    url.port = String(trips.port)
    vi.stubEnv('DATABASE_URL', url.href)
    vi.stubEnv('DATABASE_CONNECTIONS_MAX', '1')
  })

  afterAll(async () => {
    await closeDatabase()
    vi.unstubAllEnvs()
    await trips.close()
    await api.close()
  })

  /** Counts after three requests: the driver prepares a statement when its text comes again. */
  async function countTrips(send: (turn: number) => Promise<TestAnswer>, status = 200): Promise<number> {
    for (let turn = 0; turn < 3; turn += 1) expect((await send(turn)).status).toBe(status)
    return trips.count(async () => expect((await send(3)).status).toBe(status))
  }

  test('a read takes one', async () => {
    const first = (await api.get('/leads?limit=1')).body
    const targets = [
      '/leads',
      '/leads?country=DE&lead_status=new&limit=100',
      '/leads?q=ida',
      `/leads?limit=1&cursor=${encodeURIComponent(first.next_cursor)}`,
      `/leads/${lead.id}`,
      `/leads/${lead.id}/events`,
      `/leads/${lead.id}/source`,
      '/companies',
      `/companies/${company.id}`,
      `/companies/${company.id}/leads`,
      '/syncs',
      '/imports',
      '/api-keys',
    ]
    const counts: Record<string, number> = {}
    for (const target of targets) counts[target] = await countTrips(() => api.get(target))
    expect(counts).toEqual(Object.fromEntries(targets.map((target) => [target, 1])))
  })

  test('the change feed takes two: it first asks which transactions are open', async () => {
    expect(await countTrips(() => api.get('/leads/changes'))).toBe(2)
  })

  test('a change of a lead or company takes two, with the check of the key, the lock, the event and the commit', async () => {
    const target = `/leads/${lead.id}`
    const counts = {
      'change a lead': await countTrips((turn) => api.patch(target, { title: `Buyer ${turn}` }, PATCH)),
      'enrich a lead': await countTrips((turn) =>
        api.put(`${target}/enrichment`, { status: 'enriched', data: { employees: turn } }),
      ),
      'change a company': await countTrips((turn) =>
        api.patch(`/companies/${company.id}`, { industry: `Food ${turn}` }, PATCH),
      ),
    }
    expect(counts).toEqual({ 'change a lead': 2, 'enrich a lead': 2, 'change a company': 2 })
  })

  test('a creation takes two, and two more where others could state the same address at the same time', async () => {
    const counts = {
      'a company': await countTrips(
        (turn) => api.post('/companies', { name: `Vik ${turn}`, domain: `vik${turn}.example` }),
        201,
      ),
      'an event': await countTrips(
        (turn) => api.post(`/leads/${lead.id}/events`, { event_type: 'call_made', event_name: `Call ${turn}` }),
        201,
      ),
      'a lead': await countTrips(
        (turn) =>
          api.post('/leads', {
            full_name: `Liv ${turn}`,
            email: `liv${turn}@nordlys.example`,
            external_id: `crm:liv${turn}`,
            company_id: company.id,
          }),
        201,
      ),
      'a new address': await countTrips((turn) =>
        api.patch(`/leads/${lead.id}`, { email: `ida${turn}@nordlys.example` }, PATCH),
      ),
    }
    expect(counts).toEqual({ 'a company': 2, 'an event': 2, 'a lead': 4, 'a new address': 4 })
  })

  test('each further creation of a batch takes three', async () => {
    const batch = (name: string, count: number, turn: number) => ({
      operations: Array.from({ length: count }, (_, index) => ({
        operation: 'create',
        lead: {
          full_name: `${name} ${turn} ${index}`,
          email: `${name}${turn}.${index}@nordlys.example`,
          company_id: company.id,
        },
      })),
    })
    const one = await countTrips((turn) => api.post('/leads/batch', batch('one', 1, turn)))
    const eleven = await countTrips((turn) => api.post('/leads/batch', batch('eleven', 11, turn)))
    expect((eleven - one) / 10).toBe(3)
  })

  test('a deletion and a restoration take two each', async () => {
    for (const target of [`/leads/${lead.id}`, `/companies/${company.id}`]) {
      for (let turn = 0; turn < 3; turn += 1) {
        await api.delete(target)
        await api.post(`${target}/restore`)
      }
      const deleted = await trips.count(async () => expect((await api.delete(target)).status).toBe(204))
      const restored = await trips.count(async () => expect((await api.post(`${target}/restore`)).status).toBe(200))
      expect([deleted, restored], target).toEqual([2, 2])
    }
  })
})
