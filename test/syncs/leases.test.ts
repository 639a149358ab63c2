import { createMapper } from '@leads/core/mapping/map-item'
import { acquireLease, LeaseHeldError, releaseLease } from '@leads/core/syncs/lease'
import { createPagePipeline } from '@leads/core/syncs/page-pipeline'
import { buildSyncProvenance } from '@leads/core/syncs/sync-provenance'
import { getOrCreateSync } from '@leads/core/syncs/sync-state'
import type { PageItem } from '@leads/core/syncs/write-page'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const LEASE_S = 30

const mapItem = createMapper()

function pageItem(item: unknown): PageItem {
  const mapped = mapItem(item)
  if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
  const raw = JSON.stringify(item)
  return { raw, lead: { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: raw } }
}

describeEachEngine('the lease of a run', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const addRun = (count: number) =>
    world.simulator.state.addRun({
      id: 'run',
      actor_id: 'ann/places',
      items: places(count),
      finished_at: world.clock.ms - 60_000,
    })
  const readLease = () =>
    world.db.kysely
      .selectFrom('apify_sync_states')
      .select(['lease_id', world.db.engine.secondsUntil('lease_expires_at').as('left_s')])
      .where('run_id', '=', 'run')
      .executeTakeFirstOrThrow()
  /** As if the time had passed. */
  const moveLease = (seconds: number) =>
    world.db.kysely
      .updateTable('apify_sync_states')
      .set({ lease_expires_at: world.db.engine.secondsFromNow(seconds) })
      .execute()
  const acquire = async () => {
    await getOrCreateSync(world.db, 'run', world.clock.now())
    return acquireLease(world.db, { run_id: 'run' }, LEASE_S)
  }

  test('makes a second message leave before it asks Apify for anything, until the lease may end', async () => {
    addRun(5)
    await acquire()
    expect(await world.sync('run', { lease_s: LEASE_S })).toEqual({
      outcome: 'continue',
      delay_s: LEASE_S,
      reason: 'busy',
    })
    expect(world.simulator.state.requests.list()).toEqual([])
    expect(await world.row('run')).toMatchObject({ sync_status: 'pending', total_records: 0, retry_count: 0 })
  })

  test('is held by one of many consumers that start together', async () => {
    await getOrCreateSync(world.db, 'run', world.clock.now())
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () => acquireLease(world.db, { run_id: 'run' }, LEASE_S)),
    )
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as unknown] : []))
    expect(refused).toHaveLength(7)
    for (const reason of refused) expect(reason).toBeInstanceOf(LeaseHeldError)
  })

  test('of a killed consumer ends by itself, and the next message completes the run', async () => {
    addRun(5)
    const { lease_id } = await acquire()
    await moveLease(-1)
    expect(await world.sync('run', { lease_s: LEASE_S })).toMatchObject({ outcome: 'completed' })
    expect(await readLease()).toMatchObject({ lease_id: null, left_s: null })
    await releaseLease(world.db, { run_id: 'run' }, { lease_id, lease_s: LEASE_S })
    expect(await world.row('run')).toMatchObject({ sync_status: 'completed', total_records: 5 })
  })

  test('ends by the clock of the database, regardless of the clock of a consumer', async () => {
    addRun(5)
    await acquire()
    world.clock.ms += 3_600_000
    expect(await world.sync('run', { lease_s: LEASE_S })).toMatchObject({ reason: 'busy' })
    world.clock.ms -= 24 * 3_600_000
    await moveLease(-1)
    const lease = await acquireLease(world.db, { run_id: 'run' }, LEASE_S)
    expect(lease.lease_s).toBe(LEASE_S)
    const left_s = Number((await readLease()).left_s)
    expect(left_s).toBeGreaterThan(LEASE_S - 5)
    expect(left_s).toBeLessThanOrEqual(LEASE_S)
  })

  test('is renewed by each page, in one statement or in a transaction', async () => {
    const lease = await acquire()
    const origin = buildSyncProvenance(await world.row('run'))
    const context = {
      db: world.db,
      log: world.log,
      on_duplicate: 'merge' as const,
      origin: () => ({ ...origin, at: world.clock.now() }),
      lease,
    }
    const write = async (items: readonly PageItem[]) => {
      await moveLease(5)
      const pages = createPagePipeline(context, await world.row('run'), 'set', () => undefined)
      await pages.write(items)
      await pages.flush()
      return readLease()
    }
    const first = places(3).map(pageItem)
    const merged = places(3).map((item) => pageItem({ ...item, city: 'Shelbyville' }))
    for (const items of [first, merged]) {
      const { lease_id, left_s } = await write(items)
      expect(lease_id).toBe(lease.lease_id)
      expect(Number(left_s)).toBeGreaterThan(LEASE_S - 5)
    }
    expect(await world.row('run')).toMatchObject({ total_records: 6, synced_records: 3, duplicate_records: 3 })
  })

  test('is released when a run is handed over, and when a call fails', async () => {
    addRun(6)
    const turn = { slice_ms: 0, left_items_max: Number.POSITIVE_INFINITY }
    expect(await world.sync('run', { lease_s: LEASE_S, page_rows_max: 3, turn })).toMatchObject({ reason: 'deadline' })
    expect(await readLease()).toMatchObject({ lease_id: null, left_s: null })
    world.simulator.state.faults.add({ path: '/v2/datasets/*', fault: { status: 503 } })
    await expect(world.sync('run', { lease_s: LEASE_S, remaining_ms: () => 0 })).rejects.toThrow()
    expect(await readLease()).toMatchObject({ lease_id: null, left_s: null })
  })

  test('that ended under a slow consumer costs no item: one of both writes each page', async () => {
    addRun(40)
    const sync = () => world.sync('run', { lease_s: LEASE_S, page_rows_max: 2, onPage: () => void moveLease(-1) })
    const outcomes = await Promise.all([sync(), sync(), sync()])
    expect(outcomes.some(({ outcome }) => outcome === 'completed')).toBe(true)
    expect(await world.row('run')).toMatchObject({ sync_status: 'completed', total_records: 40, synced_records: 40 })
  })
})
