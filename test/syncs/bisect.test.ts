import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { writeBisecting } from '@leads/core/ingest/bisect'
import { CONFLICT_ATTEMPTS_MAX, retryOnConflict } from '@leads/core/ingest/retry-on-conflict'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('shared helpers of a write', (engine) => {
  let fresh: FreshDatabase
  let db: Database
  beforeEach(async () => {
    fresh = await freshDatabase(engine)
    db = await openDatabase(fresh.database_url)
  })
  afterEach(async () => {
    await db.close()
    await fresh.drop()
  })

  const insertWatermark = (name: string): Promise<unknown> =>
    db.kysely
      .insertInto('watermarks')
      .values({ name, reached_at: new Date(0) })
      .execute()
  const insertRun = (run_id: string, sync_status = 'pending'): Promise<unknown> =>
    db.kysely
      .insertInto('apify_sync_states')
      .values({
        run_id,
        sync_status: sync_status as 'pending',
        created_at: new Date(0),
        updated_at: new Date(0),
        created_by: 'test',
        updated_by: 'test',
      })
      .execute()

  describe('writeBisecting', () => {
    test('keeps the order of rows, writes each good row once, and reports each refused row alone', async () => {
      const groups: number[] = []
      const refused: string[] = []
      const rows = ['a', 'b', 'refused-1', 'c', 'd', 'e', 'refused-2'].map((name) => ({
        name,
        sync_status: name.startsWith('refused') ? 'x'.repeat(200) : 'pending',
      }))
      const written = await writeBisecting<string[], (typeof rows)[number]>(db, [], rows, {
        async write(state, group) {
          if (group.some(({ sync_status }) => sync_status !== 'pending'))
            await insertRun(`bad-${groups.length}`, 'x'.repeat(200))
          for (const { name } of group) await insertRun(name)
          return [...state, ...group.map(({ name }) => name)]
        },
        async onRefused(state, { name }) {
          refused.push(name)
          return state
        },
        onSplit: (group) => groups.push(group.length),
      })
      expect(written).toEqual(['a', 'b', 'c', 'd', 'e'])
      expect(refused).toEqual(['refused-1', 'refused-2'])
      expect(groups[0]).toBe(7)
    })

    test('throws any other error immediately', async () => {
      await insertWatermark('taken')
      let calls = 0
      const writing = writeBisecting(db, 0, [1, 2], {
        async write() {
          calls += 1
          await insertWatermark('taken')
          return 0
        },
        onRefused: async () => 0,
      })
      await expect(writing).rejects.toThrow()
      expect(calls).toBe(1)
    })
  })

  describe('retryOnConflict', () => {
    test('retries a unique violation until the write succeeds', async () => {
      await insertWatermark('taken')
      const retries: string[] = []
      let attempt = 0
      const result = await retryOnConflict(
        db,
        async () => {
          attempt += 1
          await insertWatermark(attempt < 4 ? 'taken' : 'free')
          return attempt
        },
        { onRetry: (number, kind) => retries.push(`${number} ${kind}`) },
      )
      expect(result).toBe(4)
      expect(retries).toEqual(['1 unique', '2 unique', '3 unique'])
    })

    test('stops after a bounded number of attempts', async () => {
      await insertWatermark('taken')
      let attempts = 0
      const writing = retryOnConflict(db, async () => {
        attempts += 1
        await insertWatermark('taken')
      })
      await expect(writing).rejects.toThrow()
      expect(attempts).toBe(CONFLICT_ATTEMPTS_MAX)
    })

    test('does not retry an error that is no conflict', async () => {
      let attempts = 0
      const writing = retryOnConflict(db, async () => {
        attempts += 1
        throw new Error('not the database')
      })
      await expect(writing).rejects.toThrow('not the database')
      expect(attempts).toBe(1)
    })
  })
})
