import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { by, mergeWorks, passes, readFound, readState, resetPass, seedPair } from './merge-works.ts'
import { startProxy, type TcpProxy } from './proxy.ts'
import { countMysqlStatements, countPostgresStatements } from './statements.ts'

/**
 * The connection is lost at every statement of what merges leads and finds duplicates: the server rolls back what was
 * not committed, as for a process that was killed. Each work then has done nothing or all, and done again it ends as if
 * nothing had happened.
 */
const STATEMENTS_MAX = 60

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('lost connections (%s)', (engine) => {
  let database: FreshDatabase
  let db: Database
  let proxy: TcpProxy

  beforeAll(async () => {
    database = await freshDatabase(engine)
    db = await openDatabase(database.database_url)
    const port = Number(new URL(database.database_url).port)
    proxy = await startProxy(port, engine === 'postgres' ? countPostgresStatements : countMysqlStatements)
  })
  afterAll(async () => {
    await proxy?.close()
    await db?.close()
    await database?.drop()
  })

  /** Runs `work` over a connection that is lost when a statement arrives. */
  async function runUntilLost(
    statement: number,
    work: (db: Database) => Promise<unknown>,
  ): Promise<{ isLost: boolean; isDone: boolean }> {
    const url = new URL(database.database_url)
    url.port = String(proxy.port)
    const shaky = await openDatabase(url.href, { connections_max: 1 })
    let isLost = false
    try {
      // Connected before it is counted.
      await shaky.kysely.selectFrom('task_states').select('name').limit(1).execute()
      proxy.statements = 0
      proxy.onStatement = (nth) => {
        if (isLost || nth < statement) return true
        isLost = true
        setImmediate(() => proxy.cut())
        return false
      }
      const settled = await work(shaky).then(
        () => 'done',
        (error: unknown) => error,
      )
      // A read may have been repeated over another connection.
      return { isLost, isDone: settled === 'done' }
    } finally {
      proxy.onStatement = undefined
      await shaky.close().catch(() => {})
    }
  }

  test.each(Object.entries(mergeWorks))(
    'a %s that loses its connection at any statement did nothing, and succeeds when it is repeated',
    async (_name, { prepare, run }) => {
      const whole = await seedPair(db)
      await prepare?.(db, whole)
      await run(db, whole)
      const after = await readState(db, whole)
      let statement = 1
      for (; statement <= STATEMENTS_MAX; statement += 1) {
        const pair = await seedPair(db)
        await prepare?.(db, pair)
        const before = await readState(db, pair)
        const { isLost, isDone } = await runUntilLost(statement, (to) => run(to, pair))
        expect(await readState(db, pair)).toBe(isDone ? after : before)
        if (!isLost) break
        if (!isDone) await run(db, pair)
        expect(await readState(db, pair)).toBe(after)
      }
      expect(statement).toBeGreaterThan(8)
      expect(statement).toBeLessThan(STATEMENTS_MAX)
    },
    120_000,
  )

  test.each(Object.entries(passes))(
    'a %s that loses its connection at any statement finds the same when it is repeated',
    async (_name, { reset, run }) => {
      await seedPair(db)
      await resetPass(db, reset)
      await run(db)
      const expected = await readFound(db)
      expect(expected.identities.length).toBeGreaterThan(0)
      let statement = 1
      for (; statement <= STATEMENTS_MAX; statement += 1) {
        await resetPass(db, reset)
        const { isLost, isDone } = await runUntilLost(statement, run)
        expect(isDone || isLost).toBe(true)
        if (!isDone) await run(db)
        expect(await readFound(db)).toEqual(expected)
        if (!isLost) break
      }
      expect(statement).toBeGreaterThan(3)
      expect(statement).toBeLessThan(STATEMENTS_MAX)
    },
    120_000,
  )

  test('merges of overlapping pairs at once leave each lead and each identity at a lead that lives', async () => {
    const { leads: first } = await seedPair(db)
    const { leads: second } = await seedPair(db)
    const ids = [...first, ...second]
    const [a, b, c, d] = ids as [number, number, number, number]
    const wanted: [number, number][] = [
      [a, b],
      [b, c],
      [c, d],
      [d, a],
      [a, c],
      [b, d],
    ]
    const results = await Promise.allSettled(wanted.map(([keeper, merged]) => mergeLeads(db, keeper, merged, by)))
    const codes = results.flatMap((result) => (result.status === 'rejected' ? result.reason.code : []))
    expect(codes.length).toBeGreaterThan(0)
    expect(new Set(codes)).toEqual(new Set(['merged']))
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'is_deleted', 'merged_into_id'])
      .where('id', 'in', ids)
      .execute()
    const living = rows.filter(({ is_deleted }) => !is_deleted).map(({ id }) => id)
    expect(living.length).toBe(4 - results.filter(({ status }) => status === 'fulfilled').length)
    for (const { is_deleted, merged_into_id } of rows) if (is_deleted) expect(living).toContain(merged_into_id)
    const identities = await db.kysely
      .selectFrom('lead_identities')
      .select('lead_id')
      .where('lead_id', 'in', ids)
      .execute()
    expect(identities).toHaveLength(4)
    for (const { lead_id } of identities) expect(living).toContain(lead_id)
  })
})
