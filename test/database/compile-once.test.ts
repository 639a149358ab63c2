import { executeCompiled } from '@leads/core/database/compile-once'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('statements that are compiled once', (engine) => {
  let fresh: FreshDatabase
  let db: Database
  beforeAll(async () => {
    fresh = await freshDatabase(engine, { migrated: false })
    db = await openDatabase(fresh.database_url)
  })
  afterAll(async () => {
    await db.close()
    await fresh.drop()
  })

  test('the text is built once, and the values are those of each call', async () => {
    let built = 0
    const read = async (a: string, b: string) => {
      const { rows } = await executeCompiled<{ a: string; b: string }>(db, 'a test', [a, b], () => {
        built += 1
        return sql`select upper(${a}) as a, upper(${b}) as b`
      })
      return rows[0]
    }
    expect(await read('x', 'y')).toEqual({ a: 'X', b: 'Y' })
    expect(await read('z', "'")).toEqual({ a: 'Z', b: "'" })
    expect(built).toBe(1)
  })

  test('values in another order than in the statement are refused', async () => {
    const read = async () => executeCompiled(db, 'another test', [2, 1], () => sql`select ${1}, ${2}`)
    await expect(read).rejects.toThrow('not those of its statement')
  })
})
