import type { Database } from '@leads/core/database/engine'
import { withTransaction } from '@leads/core/database/transaction'
import { createMapper } from '@leads/core/mapping/map-item'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { advanceCheckpoint, ConcurrentSyncError } from '@leads/core/syncs/checkpoint'
import { remap } from '@leads/core/syncs/remap'
import { replayRejections } from '@leads/core/syncs/replay'
import { stallTimeoutMs } from '@leads/core/syncs/retry-policy'
import { completeSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createImportWorld } from '../file-imports/world.ts'
import { beforeTransaction } from '../setup/before-transaction.ts'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

/** Without pipelining each page is a transaction. */
function beforePage(db: Database, action: () => Promise<unknown>): Database {
  const { pipelined: _, ...rest } = db
  return beforeTransaction(rest, action)
}

const good = createMapper()
const withoutCompany = (item: unknown): MappedItem => {
  const mapped = good(item)
  return mapped.outcome === 'lead' ? { ...mapped, company: null } : mapped
}
const rejecting = (): MappedItem => ({ outcome: 'rejected', reason: 'not understood yet' })

describeEachEngine('a company that is purged between its look-up and the write', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(5) })
  })
  afterEach(() => world.close())
  const purgeCompanies = (db: Database) => () => db.kysely.deleteFrom('companies').execute()
  const common = () => ({
    db: beforePage(world.db, purgeCompanies(world.db)),
    map: good,
    log: world.log,
    now: () => world.clock.now(),
  })
  const companyCount = async (db: Database): Promise<number> =>
    (
      await db.kysely
        .selectFrom('sales_leads')
        .innerJoin('companies', 'companies.id', 'sales_leads.company_id')
        .select('sales_leads.id')
        .execute()
    ).length

  test('is created again by a sync', async () => {
    const { db } = common()
    await world.syncToEnd('run', { db })
    expect(await world.row('run')).toMatchObject({ synced_records: 5, retry_count: 0, sync_status: 'completed' })
    expect(await companyCount(world.db)).toBe(5)
  })

  test('is created again by a replay', async () => {
    await world.syncToEnd('run', { map: rejecting })
    expect(await replayRejections(common())).toMatchObject({ resolved: 5 })
    expect(await companyCount(world.db)).toBe(5)
  })

  test('is created again by a remap', async () => {
    await world.syncToEnd('run', { map: withoutCompany })
    expect(await companyCount(world.db)).toBe(0)
    expect(await remap({ ...common(), is_dry_run: false })).toMatchObject({ leads_changed: 5 })
    expect(await companyCount(world.db)).toBe(5)
  })

  test('is created again by a file import', async () => {
    const files = await createImportWorld(engine)
    const db = beforePage(files.db, purgeCompanies(files.db))
    const content = 'name,email,company,website\nAna Ruiz,ana@firm.example.com,Firm,https://firm.example.com\n'
    const { batch } = await files.import(content, { context: { db } })
    expect(batch).toMatchObject({ batch_status: 'completed', synced_records: 1 })
    expect(await companyCount(files.db)).toBe(1)
    await files.close()
  })
})

describeEachEngine('the state of a sync', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())
  const set = (values: Record<string, number>) =>
    world.db.kysely.updateTable('apify_sync_states').set(values).where('run_id', '=', 'run').execute()

  test('is advanced by one of two consumers only', async () => {
    const sync = await getOrCreateSync(world.db, 'run', world.clock.now())
    const counts = { total_records: 2, synced_records: 2, duplicate_records: 0, failed_records: 0 }
    const next = { dataset_offsets: { set: 2 }, metadata: {}, at: world.clock.now(), actor: 'test', lease: null }
    const advance = () => withTransaction(world.db, (trx) => advanceCheckpoint(trx, sync, counts, next))
    await advance()
    await expect(advance()).rejects.toBeInstanceOf(ConcurrentSyncError)
    expect(await world.row('run')).toMatchObject({ next_offset: 2, total_records: 2 })
  })

  test('does not become completed when another consumer has moved on', async () => {
    const sync = await getOrCreateSync(world.db, 'run', world.clock.now())
    await set({ next_offset: 3, total_records: 3, synced_records: 3 })
    expect(await completeSync(world.db, sync, world.clock.now())).toBe(false)
    expect((await world.row('run')).sync_status).toBe('pending')
  })

  test('does not become completed while an item is not accounted for', async () => {
    await getOrCreateSync(world.db, 'run', world.clock.now())
    await set({ next_offset: 3, total_records: 3, synced_records: 1, duplicate_records: 1 })
    expect(await completeSync(world.db, await world.row('run'), world.clock.now())).toBe(false)
    expect((await world.row('run')).sync_status).toBe('pending')
    await set({ failed_records: 1 })
    expect(await completeSync(world.db, await world.row('run'), world.clock.now())).toBe(true)
  })

  test('counts no failures any more once a page is written', async () => {
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(5) })
    await getOrCreateSync(world.db, 'run', world.clock.now())
    await set({ retry_count: 3 })
    await world.sync('run', { page_rows_max: 2, remaining_ms: () => 0 })
    expect(await world.row('run')).toMatchObject({ total_records: 2, retry_count: 0, sync_status: 'syncing' })
  })
})

describe('a page read that stalls', () => {
  test('gets more time with each attempt', async () => {
    const world = await createWorld('sqlite')
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(1) })
    world.simulator.state.faults.add({ path: '/v2/datasets/*', count: 5, fault: { status: 503 } })
    const limits: (number | undefined)[] = []
    const readItems: typeof world.apify.readItems = (request, convert, options) => {
      limits.push(options?.stall_timeout_ms)
      return world.apify.readItems(request, convert, options)
    }
    await world.sync('run', { apify: { ...world.apify, readItems } })
    expect(limits.slice(0, 6)).toEqual([3_000, 10_000, 20_000, 30_000, 30_000, 30_000])
    expect(limits[0]).toBe(stallTimeoutMs(1))
    await world.close()
  })

  test('is aborted and retried', async () => {
    const world = await createWorld('sqlite')
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(20) })
    world.simulator.state.faults.add({ path: '/v2/datasets/*', count: 1, fault: { hang: true } })
    const readItems: typeof world.apify.readItems = (request, convert, options) =>
      world.apify.readItems(request, convert, { ...options, stall_timeout_ms: 200 })
    await world.syncToEnd('run', { apify: { ...world.apify, readItems } })
    expect(await world.row('run')).toMatchObject({ total_records: 20, sync_status: 'completed', retry_count: 0 })
    expect(world.waits_ms).toHaveLength(1)
    await world.close()
  })
})
