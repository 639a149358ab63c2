import { createMapper } from '@leads/core/mapping/map-item'
import type { MapContext, MappedItem } from '@leads/core/model/mapped-item'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

const mapItem = createMapper()

/** The product's mapper, but for items marked `overlong`, whose city fits no column: as if the mapper had a fault. */
function faultyMapper(item: unknown, context?: MapContext): MappedItem {
  const mapped = mapItem(item, context)
  const isMarked = (item as { overlong?: boolean } | null)?.overlong === true
  if (!isMarked || mapped.outcome !== 'lead') return mapped
  return { ...mapped, lead: { ...mapped.lead, external_id: `${mapped.lead.external_id}${'x'.repeat(300)}` } }
}

describeEachEngine('items that cannot become leads', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  test('what the mapper refuses is kept with its offset, reason and raw item', async () => {
    const items = [place(0), {}, place(1), 'no object', { '#error': true, url: 'https://x.example.com' }, place(2)]
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items })
    await world.syncToEnd('run')
    const row = await world.row('run')
    expect(row.total_records).toBe(6)
    expect(row.synced_records + row.failed_records).toBe(6)
    const { rejections } = await readContents(world.db)
    expect(rejections).toHaveLength(row.failed_records)
    expect(rejections.map(({ item_offset, raw_data }) => [item_offset, raw_data])).toEqual(
      expect.arrayContaining([
        [1, {}],
        [3, 'no object'],
      ]),
    )
    for (const { reason, dataset_id } of rejections) {
      expect(reason).not.toBe('')
      expect(dataset_id).toBe(row.dataset_id)
    }
  })

  test('a run whose sync was purged is synced again, its rejections included', async () => {
    const items = [place(0), {}, place(1), 'no object']
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items })
    await world.syncToEnd('run')
    const before = await readContents(world.db)
    await world.db.kysely.updateTable('sync_rejections').set({ reason: 'an older reason' }).execute()
    await world.db.kysely.deleteFrom('apify_sync_states').where('run_id', '=', 'run').execute()
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toMatchObject({ total_records: 4, duplicate_records: 2, failed_records: 2 })
    const { rejections } = await readContents(world.db)
    expect(rejections.map(({ reason }) => reason)).toEqual(before.rejections.map(({ reason }) => reason))
  })

  test('what the database refuses is found by halving and rejected alone; the rest of the page lands', async () => {
    // SQLite keeps a text of any length, so it refuses nothing here, and no item is lost.
    const items = places(100).map((item, index) =>
      [7, 8, 63, 99].includes(index) ? { ...item, overlong: true } : item,
    )
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items })
    await world.syncToEnd('run', { map: faultyMapper })
    const refused = engine === 'sqlite' ? [] : [7, 8, 63, 99]
    expect(await world.row('run')).toMatchObject({
      total_records: 100,
      synced_records: 100 - refused.length,
      failed_records: refused.length,
      next_offset: 100,
      sync_status: 'completed',
    })
    const { rejections, leads } = await readContents(world.db)
    expect(leads).toHaveLength(100 - refused.length)
    expect(rejections.map(({ item_offset }) => item_offset)).toEqual(refused)
    for (const { reason, raw_data } of rejections) {
      expect(reason).toMatch(/^The database refused it: /)
      expect(raw_data).toMatchObject({ overlong: true })
    }
  })

  test('poisonous items break nothing: each is a lead or a rejection', async () => {
    const dataset = { generator: 'google-places', count: 600, poison_share: 0.4 } as const
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', dataset })
    await world.syncToEnd('run')
    const row = await world.row('run')
    expect(row).toMatchObject({ total_records: 600, sync_status: 'completed' })
    expect(row.synced_records + row.duplicate_records + row.failed_records).toBe(600)
    const { leads, rejections } = await readContents(world.db)
    expect([leads.length, rejections.length]).toEqual([row.synced_records, row.failed_records])
  })

  test.each([900, 1500, 200_000])('an item nested %i deep stops nothing', async (depth) => {
    const deep = `{"title":"Deep","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const items_text = [JSON.stringify(place(1)), deep, JSON.stringify(place(2))]
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items_text })
    await world.syncToEnd('run')
    const row = await world.row('run')
    expect(row).toMatchObject({ total_records: 3, sync_status: 'completed' })
    expect(row.synced_records + row.failed_records).toBe(3)
    const { kysely } = world.db
    const rejections = await kysely.selectFrom('sync_rejections').select(['item_offset', 'raw_data']).execute()
    expect(rejections).toHaveLength(row.failed_records)
    for (const { item_offset, raw_data } of rejections) {
      expect(item_offset).toBe(1)
      expect(raw_data === deep || depthOf((raw_data as { deep: unknown }).deep) === depth).toBe(true)
    }
  })

  test('a mapping fault that hits every item of a run rejects them all, and the run still ends', async () => {
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(40) })
    await world.syncToEnd('run', { map: () => ({ outcome: 'rejected', reason: 'no\u0000thing \ud800 fits' }) })
    expect(await world.row('run')).toMatchObject({ total_records: 40, failed_records: 40, sync_status: 'completed' })
  })
})

function depthOf(value: unknown): number {
  let depth = 0
  for (let inner = value; Array.isArray(inner); inner = inner[0]) depth += 1
  return depth
}
