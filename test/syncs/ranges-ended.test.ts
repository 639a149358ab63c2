import { listRanges } from '@leads/core/syncs/ranges'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { OPTIONS, useLongRun } from './long-run.ts'
import { createWorld, type World } from './world.ts'

/** A count decides how a run is split, never where it ends. */

describeEachEngine('a run of which Apify has counted more items than there are', (engine) => {
  const { addRun, split, expectWhole } = useLongRun(() => world)
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  /** `extra` items are counted, and can be read an hour later. */
  const addCounted = (count: number, extra: number): void => {
    addRun(count, { items_lag_ms: 3_600_000 })
    world.clock.ms += 3_600_000
    world.simulator.state.appendItems('long', places(count + extra).slice(count))
  }

  test.each([70, 60, 65])('ends at the end of its items: %i of 130', async (count) => {
    addCounted(count, 130 - count)
    await split()
    expect(await world.syncToEnd('long', OPTIONS)).toMatchObject({ outcome: 'completed' })
    await expectWhole(count)
  })

  test('ends there whatever the order in which its ranges are read, and finds the items that come later', async () => {
    addCounted(70, 60)
    const ids = await split()
    expect(ids).toHaveLength(5)
    expect(await world.readRange('long', ids[3] as number, OPTIONS)).toMatchObject({ outcome: 'read' })
    expect((await listRanges(world.db, 'long')).map(({ id }) => id)).toEqual(ids.slice(0, 3))
    expect(await world.readRange('long', ids[4] as number, OPTIONS)).toMatchObject({ outcome: 'read' })
    expect(await world.readRange('long', ids[2] as number, OPTIONS)).toMatchObject({ outcome: 'read' })
    expect(await listRanges(world.db, 'long')).toMatchObject([{}, {}, { range_start: 60, range_end: 70 }])
    world.clock.ms += 3_600_000
    expect(await world.syncToEnd('long', OPTIONS)).toMatchObject({ outcome: 'completed' })
    expect(await world.row('long')).toMatchObject({ total_records: 130, synced_records: 127, failed_records: 2 })
    expect(Object.values((await world.row('long')).dataset_offsets ?? {})).toEqual([130])
  })

  test('does not end before items that were read', async () => {
    addCounted(70, 60)
    const ids = await split()
    // The items come while the second consumer of two reads the last range.
    const readItems: typeof world.apify.readItems = async (request, ...rest) => {
      const page = await world.apify.readItems(request, ...rest)
      if (request.offset !== 90) return page
      world.clock.ms += 3_600_000
      expect(await world.readRange('long', ids[4] as number, OPTIONS)).toMatchObject({ outcome: 'read' })
      return page
    }
    const apify = { ...world.apify, readItems }
    await expect(world.readRange('long', ids[3] as number, { ...OPTIONS, apify })).rejects.toThrow('ends at item 90')
    expect(await world.syncToEnd('long', OPTIONS)).toMatchObject({ outcome: 'completed' })
    expect(await world.row('long')).toMatchObject({ total_records: 130, synced_records: 127, failed_records: 2 })
  })
})
