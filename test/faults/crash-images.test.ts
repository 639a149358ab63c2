import { copyFileSync, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { mergeWorks, passes, readFound, readState, resetPass, seedPair } from './merge-works.ts'

/**
 * SQLite has no server that outlives the process: what a kill leaves is the file and its log as they are at that moment.
 * They are copied before each statement of a work and after the last one. Each copy is opened as the next process would.
 */
describe('killed processes (sqlite)', () => {
  let database: FreshDatabase
  let db: Database
  let images: string[]

  beforeEach(async () => {
    database = await freshDatabase('sqlite')
    db = await openDatabase(database.database_url)
    images = []
  })
  afterEach(async () => {
    await db.close()
    await database.drop()
    for (const path of images) for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true })
  })

  function copyImage(): void {
    const path = database.database_url.slice('sqlite:'.length)
    const image = join(inject('scratch_directory'), `${process.pid}-image-${images.length}.db`)
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, image + suffix)
    images.push(image)
  }

  /** Runs `work` and keeps what a kill at each of its statements leaves. */
  async function photograph(work: (db: Database) => Promise<unknown>): Promise<void> {
    const camera: KyselyPlugin = {
      transformQuery({ node }) {
        copyImage()
        return node
      },
      transformResult: async ({ result }) => result,
    }
    await work({ ...db, kysely: db.kysely.withPlugin(camera) })
    copyImage()
  }

  async function withImage(image: string, work: (db: Database) => Promise<void>): Promise<void> {
    const copy = await openDatabase(`sqlite:${image}`)
    try {
      await work(copy)
    } finally {
      await copy.close()
    }
  }

  test.each(Object.entries(mergeWorks))(
    'a %s that is killed at any statement did nothing or everything, and succeeds when it is repeated',
    async (_name, { prepare, run }) => {
      const pair = await seedPair(db)
      await prepare?.(db, pair)
      const before = await readState(db, pair)
      await photograph((watched) => run(watched, pair))
      const after = await readState(db, pair)
      expect(after).not.toBe(before)
      expect(images.length).toBeGreaterThan(8)
      for (const [index, image] of images.entries()) {
        await withImage(image, async (copy) => {
          const isWhole = index === images.length - 1
          expect(await readState(copy, pair)).toBe(isWhole ? after : before)
          if (!isWhole) await run(copy, pair)
          expect(await readState(copy, pair)).toBe(after)
        })
      }
    },
    60_000,
  )

  test.each(Object.entries(passes))(
    'a %s that is killed at any statement finds the same when it is repeated',
    async (_name, { reset, run }) => {
      for (let pair = 0; pair < 3; pair += 1) await seedPair(db)
      await resetPass(db, reset)
      await photograph(run)
      const expected = await readFound(db)
      expect(expected.identities.length).toBeGreaterThan(0)
      expect(images.length).toBeGreaterThan(3)
      for (const image of images) {
        await withImage(image, async (copy) => {
          await run(copy)
          expect(await readFound(copy)).toEqual(expected)
        })
      }
    },
    60_000,
  )
})
