import { getFillRates } from '@leads/core/syncs/fill-rate-warnings'
import { listRanges } from '@leads/core/syncs/ranges'
import type { SyncOutcome } from '@leads/core/syncs/run-sync'
import { expect } from 'vitest'
import { places } from './items.ts'
import type { World } from './world.ts'

/** A run `long` that is split into ranges of 30 items. */

export const OPTIONS = { split: { items_min: 40, range_items: 30 }, page_rows_max: 10, lease_s: 30 }
const JUNK = { nothing: 'to see' }

export function useLongRun(world: () => World) {
  const addRun = (count: number, changes: object = {}) =>
    world().simulator.state.addRun({
      id: 'long',
      actor_id: 'ann/places',
      items: [...places(count - 3), JUNK, JUNK, places(1)[0]],
      finished_at: world().clock.ms - 3_600_000,
      ...changes,
    })
  const split = async (options: typeof OPTIONS = OPTIONS): Promise<number[]> => {
    const outcome = await world().sync('long', options)
    expect(outcome.outcome).toBe('split')
    return (outcome as Extract<SyncOutcome, { outcome: 'split' }>).range_ids
  }
  const countLeads = async (): Promise<number> =>
    Number(
      (
        await world()
          .db.kysely.selectFrom('sales_leads')
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirst()
      )?.n,
    )
  const expectWhole = async (count: number): Promise<void> => {
    const row = await world().row('long')
    expect(row).toMatchObject({
      sync_status: 'completed',
      total_records: count,
      synced_records: count - 3,
      duplicate_records: 1,
      failed_records: 2,
      next_offset: count,
      retry_count: 0,
      error_message: null,
    })
    expect(Object.values(row.dataset_offsets ?? {})).toEqual([count])
    expect(getFillRates(row).leads).toBe(count - 2)
    expect(await countLeads()).toBe(count - 3)
    expect(await listRanges(world().db, 'long')).toEqual([])
  }
  return { addRun, split, countLeads, expectWhole }
}
