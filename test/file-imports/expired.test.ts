import { type CleanupResult, cleanUp } from '@leads/core/cleanup/clean-up'
import { noopLog } from '@leads/core/log'
import { expect, test, vi } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { contents, createImportWorld, type ImportWorld } from './world.ts'

vi.setConfig({ testTimeout: 120_000 })

const LEADS = 1201
const rows = (country: string): string =>
  Array.from({ length: LEADS }, (_, index) => `Ana${index} Lopez,ana${index}@firm${index}.example,${country}`).join(
    '\n',
  )

/** Cleans up a year later, with time for so many looks at the clock. */
async function clean({ db, now }: ImportWorld, looks_max: number, is_dry_run = false): Promise<CleanupResult> {
  let looks = 0
  return cleanUp({
    db,
    log: noopLog,
    retention_days: 30,
    rejection_retention_days: 90,
    is_dry_run,
    now: () => new Date(now().getTime() + 365 * 86_400_000),
    remaining_ms: () => (++looks <= looks_max ? 60_000 : 0),
  })
}

describeEachEngine('an import that is older than the retention', (engine) => {
  test('is removed in batches, and from the first one on cannot be undone', async () => {
    const world = await createImportWorld(engine)
    const { db } = world
    try {
      await world.import(`name,email,country\n${rows('Spain')}\n`)
      const { batch } = await world.import(`name,email,country\n${rows('Kenya')}\n`)
      const countChanges = async (): Promise<number> => {
        const { n } = await db.kysely
          .selectFrom('import_changes')
          .select(({ fn }) => fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
        return Number(n)
      }
      expect(await countChanges()).toBe(LEADS)
      const imports = () => db.kysely.selectFrom('import_batches').select('import_batch_id').execute()
      expect(await clean(world, 1000, true)).toMatchObject({ import_batches: 2, is_finished: true })

      // Each of seven other tables takes a look at the clock, so each clean-up has time for one batch.
      for (let runs = 0; runs < 20 && (await countChanges()) === LEADS; runs += 1)
        expect(await clean(world, 8)).toMatchObject({ is_finished: false })
      expect(await countChanges()).toBe(LEADS - 500)
      expect(await imports()).toEqual([{ import_batch_id: batch.import_batch_id }])

      const before = await contents(db)
      await expect(world.undo(batch.import_batch_id)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('too old'),
      })
      expect(await contents(db)).toEqual(before)
      expect(await imports()).toHaveLength(1)

      expect(await clean(world, 1000)).toMatchObject({ import_batches: 1, is_finished: true })
      expect(await imports()).toEqual([])
      expect(await countChanges()).toBe(0)
      const states = await db.kysely.selectFrom('task_states').select('name').execute()
      expect(states.filter(({ name }) => name.startsWith('expired-import'))).toEqual([])
    } finally {
      await world.close()
    }
  })

  test('stays while it is being undone', async () => {
    const world = await createImportWorld(engine)
    const { db, now } = world
    try {
      await world.import(`name,email,country\n${rows('Spain')}\n`)
      const { batch } = await world.import(`name,email,country\n${rows('Kenya')}\n`)
      const old = new Date(now().getTime() - 365 * 86_400_000)
      await db.kysely
        .updateTable('import_batches')
        .set({ updated_at: old } as never)
        .execute()
      const stopped = new AbortController()
      stopped.abort()
      await expect(world.undo(batch.import_batch_id, stopped.signal)).rejects.toThrow()
      const result = await cleanUp({
        db,
        log: noopLog,
        retention_days: 30,
        rejection_retention_days: 90,
        is_dry_run: false,
        now,
        remaining_ms: () => 60_000,
      })
      expect(result.import_batches).toBe(1)
      expect((await world.undo(batch.import_batch_id)).counts).toEqual({ deleted: 0, reverted: LEADS, kept: 0 })
    } finally {
      await world.close()
    }
  })
})
