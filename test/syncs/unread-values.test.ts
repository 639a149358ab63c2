import { countUnreadValues } from '@leads/core/syncs/unread-values'
import { expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { place } from './items.ts'
import { createWorld } from './world.ts'

describeEachEngine('the account of a sync', (engine) => {
  test('names unread values by column with examples, over all pages and for rejected items', async () => {
    const world = await createWorld(engine)
    try {
      const items = [
        place(1, { phone: 'call the porter' }),
        place(2, { phone: 'call the porter' }),
        place(3, { phone: 'ring twice', email: 'at the desk' }),
        place(4, { phone: '+49 30 1234567' }),
        { email: 'nobody at home' },
      ]
      world.simulator.state.addRun({
        id: 'one',
        actor_id: 'ann/places',
        items,
        finished_at: world.clock.ms - 60_000,
      })
      await world.syncToEnd('one', { page_rows_max: 2 })
      const sync = await world.row('one')
      expect(sync).toMatchObject({ sync_status: 'completed', synced_records: 4, failed_records: 1 })
      expect(sync.metadata?.unread).toEqual({
        phone: { count: 3, examples: ['call the porter', 'ring twice'] },
        email: { count: 2, examples: ['at the desk', 'nobody at home'] },
      })
    } finally {
      await world.close()
    }
  })
})

test('at most three examples per column are kept, however many values cannot be read', () => {
  const items = Array.from({ length: 500 }, (_, index) => ({
    unread: [{ column: 'phone' as const, value: `extension ${index}` }],
  }))
  expect(countUnreadValues({ metadata: null }, items)).toEqual({
    unread: { phone: { count: 500, examples: ['extension 0', 'extension 1', 'extension 2'] } },
  })
  expect(countUnreadValues({ metadata: null }, [{ unread: undefined }])).toEqual({})
})
