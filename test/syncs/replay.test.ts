import { createMapper } from '@leads/core/mapping/map-item'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { remap } from '@leads/core/syncs/remap'
import { replayRejections } from '@leads/core/syncs/replay'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beforeTransaction } from '../setup/before-transaction.ts'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents, sizes } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

const good = createMapper()
/** A mapping that doesn't know yet what to do with every third item. */
const early = (item: unknown): MappedItem =>
  Number((item as { title: string }).title.split(' ')[1]) % 3 === 0
    ? { outcome: 'rejected', reason: 'not understood yet' }
    : good(item)
/** A mapping that gets the city wrong. */
const wrong = (item: unknown): MappedItem => {
  const mapped = good(item)
  if (mapped.outcome === 'lead') mapped.lead.city = 'Nowhere'
  return mapped
}

describeEachEngine('a mapping that improves', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const imported = async (map: (item: unknown) => MappedItem): Promise<string> => {
    const run = world.simulator.state.addRun({
      actor_id: 'user/places',
      items: places(30),
      finished_at: world.clock.ms - 60_000,
    })
    await world.syncToEnd(run.id, { map })
    return run.id
  }
  const common = () => ({ db: world.db, map: good, log: world.log, now: () => world.clock.now() })

  test('creates leads from items rejected before, exactly once, and the counters add up', async () => {
    const run_id = await imported(early)
    expect(await world.row(run_id)).toMatchObject({ synced_records: 20, failed_records: 10 })

    expect(await replayRejections({ ...common(), run_id, is_dry_run: true })).toMatchObject({ tried: 10, resolved: 10 })
    expect(await world.row(run_id)).toMatchObject({ synced_records: 20, failed_records: 10 })

    expect(await replayRejections({ ...common(), run_id })).toEqual({ tried: 10, resolved: 10, still_rejected: 0 })
    expect(await world.row(run_id)).toMatchObject({ total_records: 30, synced_records: 30, failed_records: 0 })
    const unresolved = await world.db.kysely
      .selectFrom('sync_rejections')
      .select('resolved_lead_id')
      .where((q) => q.or([q('resolved_at', 'is', null), q('resolved_lead_id', 'is', null)]))
      .execute()
    expect(unresolved).toEqual([])

    const before = await readContents(world.db)
    expect(await replayRejections({ ...common(), run_id })).toEqual({ tried: 0, resolved: 0, still_rejected: 0 })
    expect(await readContents(world.db)).toEqual(before)
  })

  test('reads large items a few at a time', async () => {
    const items = places(24, 5000).map((item) => ({ ...item, notes: 'x'.repeat(1_000_000) }))
    world.simulator.state.addRun({ id: 'large', actor_id: 'ann/places', items })
    await world.syncToEnd('large', { map: () => ({ outcome: 'rejected', reason: 'A fault' }) })
    const tried: number[] = [0]
    const onProgress = (result: { tried: number }) => tried.push(result.tried)
    const replayed = await replayRejections({ ...common(), run_id: 'large', onProgress })
    expect(replayed).toMatchObject({ tried: 24, resolved: 24 })
    const batches = tried.slice(1).map((count, index) => count - (tried[index] as number))
    expect(Math.max(...batches)).toBeLessThanOrEqual(10)
    expect(await world.row('large')).toMatchObject({ synced_records: 24, failed_records: 0, total_records: 24 })
  })

  test('leaves rejected what it still rejects', async () => {
    const run_id = await imported(early)
    expect(await replayRejections({ ...common(), map: early, run_id })).toEqual({
      tried: 10,
      resolved: 0,
      still_rejected: 10,
    })
    expect(await world.row(run_id)).toMatchObject({ failed_records: 10 })
  })

  test('corrects stored leads, but nothing that a person has edited', async () => {
    await imported(wrong)
    const [edited] = await world.db.kysely.selectFrom('sales_leads').select('id').orderBy('id').limit(1).execute()
    const id = edited?.id as number
    await world.db.kysely.updateTable('sales_leads').set({ city: 'Typed by hand' }).where('id', '=', id).execute()

    const before = await readContents(world.db)
    const planned = await remap({ ...common(), is_dry_run: true })
    expect(planned).toMatchObject({ leads_read: 30, leads_changed: 29, fields: { city: 29 } })
    expect(await readContents(world.db)).toEqual(before)

    expect(await remap({ ...common(), is_dry_run: false })).toMatchObject({ leads_changed: 29, is_finished: true })
    const cities = await world.db.kysely
      .selectFrom('sales_leads')
      .select(['city', (q) => q.fn.countAll().as('n')])
      .groupBy('city')
      .orderBy('city')
      .execute()
    expect(cities.map(({ city, n }) => [city, Number(n)])).toEqual([
      ['Springfield', 29],
      ['Typed by hand', 1],
    ])
    const after = await readContents(world.db)
    expect(sizes(after)).toEqual({ ...sizes(before), events: (sizes(before).events as number) + 29 })

    expect(await remap({ ...common(), is_dry_run: false })).toMatchObject({ leads_changed: 0, fields: {} })
    expect(await readContents(world.db)).toEqual(after)
  })

  test('maps the newer item of a lead that a sync refreshed while remap read the older one', async () => {
    await imported(wrong)
    // Between the read of the first batch and its lock, another run brings a newer item of the first lead.
    const newer = place(0, { phone: '+1 217 555 0199' })
    world.simulator.state.addRun({ id: 'newer', actor_id: 'user/places', items: [newer] })
    let isRefreshed = false
    const db = beforeTransaction(world.db, async () => {
      isRefreshed = true
      await world.syncToEnd('newer', { map: wrong })
    })
    await remap({ ...common(), db, is_dry_run: false })
    expect(isRefreshed).toBe(true)
    const { leads } = await readContents(world.db)
    const lead = leads.find(({ raw_data }) => (raw_data as typeof newer).placeId === newer.placeId)
    expect(lead).toMatchObject({ raw_data: newer, phone: '+12175550199', city: 'Springfield' })
  })

  test('can be stopped between batches, and finishes the next time', async () => {
    await imported(wrong)
    expect(await remap({ ...common(), is_dry_run: false, shouldStop: () => true })).toMatchObject({
      is_finished: false,
    })
    expect(await remap({ ...common(), is_dry_run: false })).toMatchObject({ leads_changed: 30, is_finished: true })
  })

  test('replays only the requested Actor and run', async () => {
    const run_id = await imported(wrong)
    expect(await remap({ ...common(), is_dry_run: false, run_id: 'another' })).toMatchObject({ leads_read: 0 })
    expect(await remap({ ...common(), is_dry_run: false, actor_id: 'another' })).toMatchObject({ leads_read: 0 })
    expect(await remap({ ...common(), is_dry_run: false, run_id })).toMatchObject({ leads_read: 30 })
  })
})
