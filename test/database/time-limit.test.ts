import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { createTimedQuery, TimeLimitError } from '@leads/core/database/time-limit'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import { countRows } from '@leads/core/lists/count'
import { cacheResult } from '@leads/core/result-cache'
import { computeWithinTimeLimit } from '@leads/core/stats/within-time-limit'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedLeads } from '../api/seed.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('reads within a time limit', (engine) => {
  let database: FreshDatabase
  let db: Database
  beforeAll(async () => {
    database = await freshDatabase(engine)
    db = await openDatabase(database.database_url, { connections_max: 2 })
    await seedLeads(
      db,
      Array.from({ length: 60 }, (_, index) => ({ full_name: `Person ${index}` })),
    )
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  /** A condition that takes this long for each row. SQLite has no function that waits: there it takes no time. */
  const waitPerRow = (seconds: number) =>
    ({
      postgres: sql`pg_sleep(${sql.lit(seconds)} + id * 0) is not null`,
      mysql: sql`sleep(${sql.lit(seconds)} + id * 0) = 0`,
      sqlite: sql`true`,
    })[engine]
  const count = (seconds: number, limit_ms: number) => {
    const query = { definition: leadListDefinition, filters: [], sort: { column: 'id', is_descending: false } }
    return countRows(db, { ...query, conditions: [waitPerRow(seconds)], after: null }, 'exact', limit_ms)
  }

  test('an exact count within the limit is exact, and its connection has no limit afterwards', async () => {
    expect(await count(0, 400)).toEqual({ value: 60, relation: 'exact' })
    const slow = sql<{ n: number }>`select count(*) as n from sales_leads where ${waitPerRow(0.01)}`
    const rows = await Promise.all([1, 2].map(async () => (await slow.execute(db.kysely)).rows))
    expect(rows.map(([row]) => Number(row?.n))).toEqual([60, 60])
  })

  if (engine !== 'sqlite') {
    test('an exact count that takes too long becomes an estimate', async () => {
      const started = performance.now()
      expect(await count(0.004, 100)).toEqual({ value: 60, relation: 'exact' })
      expect(performance.now() - started).toBeLessThan(5000)
    })

    test('an exact count whose estimate takes too long says so instead of a value', async () => {
      const started = performance.now()
      expect(await count(0.1, 100)).toEqual({ value: 0, relation: 'at_least', reason: 'time_limit' })
      expect(performance.now() - started).toBeLessThan(5000)
    })

    test('the server ends a late query, and later queries of the connection work', async () => {
      const run = createTimedQuery(db, 200)
      const late = sql`select id from sales_leads where ${waitPerRow(0.1)}`
      await expect(run(late)).rejects.toBeInstanceOf(TimeLimitError)
      // The limit is one for all queries together.
      await expect(run(sql`select 1 as one`)).rejects.toBeInstanceOf(TimeLimitError)
      expect(await createTimedQuery(db, 5000)(sql`select 1 as one`)).toEqual([{ one: 1 }])
    })

    test('statistics that take too long are refused with a reason, and not computed again at once', async () => {
      let computed_count = 0
      const read = () =>
        computeWithinTimeLimit(
          db,
          ['late'],
          (run) => {
            computed_count += 1
            return run(sql`select id from sales_leads where ${waitPerRow(0.1)}`)
          },
          250,
        )
      for (let tries = 0; tries < 3; tries += 1)
        await expect(read()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/`since`/) })
      expect(computed_count).toBe(1)
    })
  }
})

describe('results of expensive reads', () => {
  const wait = (duration_ms: number) => new Promise((resolve) => setTimeout(resolve, duration_ms))

  test('concurrent equal requests share one read, and a slow result is kept', async () => {
    const owner = {}
    let reads_count = 0
    const read = async () => {
      await wait(250)
      reads_count += 1
      return reads_count
    }
    const all = await Promise.all([1, 2, 3].map(() => cacheResult(owner, 'slow', read)))
    expect([...all, await cacheResult(owner, 'slow', read)]).toEqual([1, 1, 1, 1])
    expect(await cacheResult(owner, 'other', read)).toBe(2)
    expect(await cacheResult({}, 'slow', read)).toBe(3)
  })

  test('a quick result and a failure are read again', async () => {
    const owner = {}
    let reads_count = 0
    const read = async () => {
      reads_count += 1
      return reads_count
    }
    expect([await cacheResult(owner, 'quick', read), await cacheResult(owner, 'quick', read)]).toEqual([1, 2])
    const fail = async () => {
      await wait(250)
      reads_count += 1
      throw new Error(`failure ${reads_count}`)
    }
    await expect(cacheResult(owner, 'failing', fail)).rejects.toThrow('failure 3')
    await expect(cacheResult(owner, 'failing', fail)).rejects.toThrow('failure 4')
  })

  test('beyond a number of results the oldest is read again', async () => {
    const owner = {}
    let reads_count = 0
    const read = async () => {
      await wait(250)
      reads_count += 1
    }
    await Promise.all(Array.from({ length: 201 }, (_, index) => cacheResult(owner, `result ${index}`, read)))
    await cacheResult(owner, 'result 200', read)
    expect(reads_count).toBe(201)
    await cacheResult(owner, 'result 0', read)
    expect(reads_count).toBe(202)
  })
})
