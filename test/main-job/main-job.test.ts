import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const SECRET = 'a-secret-of-at-least-16'
const KEY = 'lk_mainjobmainjobmainjobmainjob'
const ITEMS = 1500

describeEachEngine('the main job', (engine) => {
  let fresh: FreshDatabase
  let simulator: ApifySimulator
  let stack: LocalStack
  let db: Database

  beforeAll(async () => {
    fresh = await freshDatabase(engine)
    simulator = await startApifySimulator()
    stack = await startLocalStack({
      host: '127.0.0.1',
      port: 0,
      database_url: fresh.database_url,
      api_key: KEY,
      webhook_secret: SECRET,
      env: {
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
        LOG_LEVEL: 'CRITICAL',
        SYNC_LEASE_SECONDS: '1',
      },
    })
    db = await openDatabase(fresh.database_url, { connections_max: 1 })
    simulator.state.addWebhook({
      requestUrl: stack.webhook_url,
      eventTypes: ['ACTOR.RUN.SUCCEEDED'],
      headersTemplate: JSON.stringify({ Authorization: `Bearer ${SECRET}` }),
    })
  })
  afterAll(async () => {
    await db?.close()
    await stack?.close()
    await simulator?.close()
    await fresh?.drop()
  })

  const completed = (run_id: string) =>
    vi.waitFor(
      async () => {
        const sync = await findSync(db, run_id)
        expect(sync?.sync_status).toBe('completed')
        return sync
      },
      { timeout: 40_000, interval: 100 },
    )

  const count = async (table: 'sales_leads' | 'lead_sources' | 'lead_events') => {
    const { n } = await db.kysely
      .selectFrom(table)
      .select((q) => q.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }

  const ask = async (path: string) => {
    const response = await fetch(`${stack.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }

  test('a run whose webhook is delivered five times reaches the API with every item accounted for', async () => {
    simulator.state.delivery_faults.add({ count: 1, action: { duplicates: 4 } })
    const run = simulator.state.addRun({
      actor_id: 'nwua9Gu5YrADL7ZDj',
      actor_name: 'compass/crawler-google-places',
      emit: true,
      dataset: { generator: 'google-places', count: ITEMS, seed: 3 },
      finished_at: Date.now() - 60_000,
      usage_total_usd: 1.5,
      input: { locationQuery: 'Vienna' },
    })
    const sync = await completed(run.id)
    expect(sync?.total_records).toBe(ITEMS)
    expect(sync && sync.synced_records + sync.duplicate_records + sync.failed_records).toBe(ITEMS)
    expect(sync).toMatchObject({ run_status: 'SUCCEEDED', cost_usd: 1.5, input_params: { locationQuery: 'Vienna' } })
    expect(await count('sales_leads')).toBe(sync?.synced_records)
    expect(await count('lead_sources')).toBe(sync?.synced_records)
    await simulator.state.waitForDispatches({ run_id: run.id, calls: 5 })

    const list = await ask('/leads?limit=2')
    expect(list.status).toBe(200)
    const [lead] = list.body.data as unknown as { id: number; country: string }[]
    expect(lead).toMatchObject({ source: 'apify', run_id: run.id })
    const events = await ask(`/leads/${lead?.id}/events`)
    expect(events.body.data).toMatchObject([{ event_type: 'created', actor: 'apify-sync' }])
    const shown = await ask(`/syncs/${run.id}`)
    expect(shown.body).toMatchObject({ run_id: run.id, sync_status: 'completed', total_records: ITEMS })
  })

  test('syncing the same run again changes nothing', async () => {
    const [run] = await db.kysely.selectFrom('apify_sync_states').select(['run_id', 'updated_at']).execute()
    const before = { leads: await count('sales_leads'), events: await count('lead_events') }
    const response = await fetch(`${stack.webhook_url}?token=${SECRET}`, {
      method: 'POST',
      body: JSON.stringify({ eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: run?.run_id } }),
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(202)
    const asked = simulator.state.requests.list().length
    await vi.waitFor(() => expect(simulator.state.requests.list().length).toBeGreaterThan(asked), { timeout: 20_000 })
    expect({ leads: await count('sales_leads'), events: await count('lead_events') }).toEqual(before)
  })

  test('a run whose consumers are killed repeatedly ends with the rows of an undisturbed sync', async () => {
    const dataset = { generator: 'linkedin-people' as const, count: 4000, seed: 11 }
    const run = simulator.state.addRun({
      actor_id: 'LpVuK3Zozwuipa5bp',
      actor_name: 'harvestapi/linkedin-profile-search',
      emit: true,
      dataset,
      finished_at: Date.now() - 60_000,
    })
    let killed = 0
    for (let kills = 0; kills < 3; kills += 1) {
      const sync = await vi.waitFor(
        async () => {
          const now = await findSync(db, run.id)
          expect(now?.total_records ?? 0).toBeGreaterThan(kills * 1000)
          return now
        },
        { timeout: 60_000, interval: 5 },
      )
      if (sync?.sync_status === 'completed') break
      const pids = stack.consumer_pids()
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      killed += pids.length
      await vi.waitFor(() => expect(stack.consumer_pids().filter((pid) => pids.includes(pid))).toEqual([]), {
        timeout: 30_000,
      })
      // The queue redelivers the message after its visibility timeout; another webhook does so immediately.
      await fetch(stack.webhook_url, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET}` },
        body: JSON.stringify({ runId: run.id }),
      })
    }
    const sync = await completed(run.id)
    expect(killed).toBeGreaterThan(0)
    expect(sync?.total_records).toBe(dataset.count)
    const { n } = await db.kysely
      .selectFrom('sales_leads')
      .select((q) => q.fn.countAll().as('n'))
      .where('run_id', '=', run.id)
      .executeTakeFirstOrThrow()
    expect(Number(n)).toBe(sync?.synced_records)
    const { created } = await db.kysely
      .selectFrom('lead_events')
      .innerJoin('sales_leads', 'sales_leads.id', 'lead_events.lead_id')
      .select((q) => q.fn.countAll().as('created'))
      .where('event_type', '=', 'created')
      .where('sales_leads.run_id', '=', run.id)
      .executeTakeFirstOrThrow()
    expect(Number(created)).toBe(sync?.synced_records)
  })
})
