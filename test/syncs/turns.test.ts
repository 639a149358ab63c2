import type { SyncOptions } from '@leads/core/syncs/sync-options'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

describe('the turn of a run', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('sqlite')
    world.simulator.state.addRun({
      id: 'run',
      actor_id: 'ann/places',
      items: places(10),
      finished_at: world.clock.ms - 60_000,
    })
  })
  afterEach(() => world.close())
  const sync = (turn: NonNullable<SyncOptions['turn']>, page_rows_max = 3) => world.sync('run', { turn, page_rows_max })
  const never = { slice_ms: 60_000, left_items_max: Number.POSITIVE_INFINITY }

  test('ends after its slice, behind a page, and the next one continues there', async () => {
    const turn = { ...never, slice_ms: 0 }
    for (const total_records of [3, 6, 9]) {
      expect(await sync(turn)).toEqual({ outcome: 'continue', delay_s: 0, reason: 'deadline' })
      expect(await world.row('run')).toMatchObject({ total_records, sync_status: 'syncing', error_message: null })
    }
    expect(await sync(turn)).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toMatchObject({ total_records: 10, synced_records: 10 })
  })

  test('ends at once where more items are left than the limit, and not where as many are left', async () => {
    expect(await sync({ ...never, left_items_max: 6 })).toMatchObject({ reason: 'deadline' })
    expect(await world.row('run')).toMatchObject({ total_records: 3 })
    expect(await sync({ ...never, left_items_max: 6 })).toMatchObject({ outcome: 'completed' })
  })

  test('does not end before the last items of a run, however slow it was', async () => {
    expect(await sync({ slice_ms: 0, left_items_max: 0 }, 11)).toMatchObject({ outcome: 'completed' })
  })

  test('ends after a full page where Apify does not tell how many items there are', async () => {
    const { readItems } = world.apify
    const apify: SyncOptions['apify'] = {
      ...world.apify,
      readItems: async (...request) => ({ ...(await readItems(...request)), total: null }),
    }
    const turn = { ...never, slice_ms: 0 }
    expect(await world.sync('run', { apify, turn, page_rows_max: 5 })).toMatchObject({ reason: 'deadline' })
    expect(await world.row('run')).toMatchObject({ total_records: 5 })
  })
})
