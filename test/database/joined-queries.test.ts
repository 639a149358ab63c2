import { executeCompiled, executeCompiledSent } from '@leads/core/database/compile-once'
import type { Database, Db } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { recordPostgresTexts } from '../faults/statements.ts'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describe.runIf(ENGINES.includes('postgres') && process.env.TEST_PGBOUNCER !== '1')(
  'two short reads in one turn on PostgreSQL',
  () => {
    let fresh: FreshDatabase
    let proxy: TcpProxy
    let db: Database
    let leading: Db
    let sent = 0

    beforeEach(async () => {
      fresh = await freshDatabase('postgres', { migrated: false })
      const url = new URL(fresh.database_url)
      proxy = await startProxy(Number(url.port), () => {
        const count = recordPostgresTexts(new Set())
        return (chunk) => {
          const statements = count(chunk)
          sent += statements
          return statements
        }
      })
      url.port = String(proxy.port)
      db = await openDatabase(url.href, { connections_max: 2 })
      if (!db.leading) throw new Error('PostgreSQL has no leading handle.')
      leading = db.leading
      await sql`create table keys (key text unique, scopes jsonb, name varchar(20), is_good boolean, added_at timestamptz)`.execute(
        db.kysely,
      )
      await sql`insert into keys values ('a', '["x"]', 'first', true, '2026-01-01 00:00:00.5Z')`.execute(db.kysely)
      await sql`insert into keys (key) values ('b')`.execute(db.kysely)
      await sql`create table numbers (number integer, name text)`.execute(db.kysely)
      await sql`insert into numbers select number, nullif('n' || number % 7, 'n0') from generate_series(1, 300) as number`.execute(
        db.kysely,
      )
    })
    afterEach(async () => {
      await db.close()
      await proxy.close()
      await fresh.drop()
    })

    const findKey = async (source: Db, key: string) =>
      (
        await executeCompiled<{ name: string | null }>(
          source,
          'test key',
          [key],
          () => sql`select name, scopes, added_at, is_good, key from keys where key = ${key}`,
        )
      ).rows
    const findNumbers = async (from: number, to: number) =>
      (
        await executeCompiled<{ number: number; name: string | null }>(
          db,
          'test numbers',
          [from, to],
          () => sql`select name, number from numbers where number >= ${from} and number < ${to}
            order by number % 10, number desc limit 50`,
        )
      ).rows
    const together = <Other>(key: string, other: () => Promise<Other>) =>
      Promise.allSettled([findKey(leading, key), other()])

    /** Keys with a row of values, of nulls and without one; each beside numbers of which there are many, one and none. */
    const pairs = ['a', 'b', 'none'].flatMap((key) => [
      [key, 1, 300] as const,
      [key, 7, 8] as const,
      [key, 500, 600] as const,
    ])

    async function countSent(work: () => Promise<unknown>): Promise<number> {
      sent = 0
      await work()
      return sent
    }

    test('are one statement, and each has its own rows in its own order', async () => {
      for (const [key, from, to] of pairs) {
        const apart = await Promise.allSettled([findKey(db, key), findNumbers(from, to)])
        for (let turn = 0; turn < 4; turn += 1) {
          expect(await together(key, () => findNumbers(from, to))).toEqual(apart)
          // The second of a key that does not exist is sent again, by itself.
          if (turn > 1)
            expect(await countSent(() => together(key, () => findNumbers(from, to)))).toBe(key === 'none' ? 2 : 1)
        }
      }
    })

    test('rows that are kept as they were sent are those of the second', async () => {
      const findSent = async (from: number, to: number) => {
        const sent = await executeCompiledSent(
          db,
          'test numbers',
          [from, to],
          () => sql`select number, name, null::text as note from numbers where number >= ${from} and number < ${to}
            order by number desc`,
        )
        return { json: sent.toJson(sent.length, 2), name: sent.length === 0 ? undefined : sent.read(0, 'name') }
      }
      for (const [key, from, to] of pairs) {
        const apart = await Promise.allSettled([findKey(db, key), findSent(from, to)])
        for (let turn = 0; turn < 4; turn += 1) expect(await together(key, () => findSent(from, to))).toEqual(apart)
        const sent_count = await countSent(() => together(key, () => findSent(from, to)))
        expect(sent_count).toBe(key === 'none' ? 2 : 1)
      }
    })

    test('one that fails does not fail the other', async () => {
      const fail = () => executeCompiled(db, 'test failure', [0], () => sql`select 1 / ${0}::integer as x`)
      for (let turn = 0; turn < 3; turn += 1) {
        expect(await together('a', fail)).toMatchObject([
          { status: 'fulfilled', value: [{ name: 'first' }] },
          { status: 'rejected', reason: { message: 'division by zero' } },
        ])
        const failing = executeCompiled(leading, 'test failing', [0], () => sql`select 1 / ${0}::integer as x`)
        expect(await Promise.allSettled([failing, findNumbers(7, 8)])).toMatchObject([
          { status: 'rejected', reason: { message: 'division by zero' } },
          { status: 'fulfilled', value: [{ number: 7, name: null }] },
        ])
      }
    })

    test('a connection that is lost costs neither its answer', async () => {
      for (let turn = 0; turn < 3; turn += 1) await together('a', () => findNumbers(7, 8))
      proxy.statements = 0
      proxy.onStatement = () => false
      const answers = together('a', () => findNumbers(7, 8))
      await expect.poll(() => proxy.statements).toBeGreaterThan(0)
      proxy.onStatement = undefined
      proxy.cutFrozen()
      expect(await answers).toMatchObject([{ value: [{ name: 'first' }] }, { value: [{ number: 7 }] }])
    })

    test('none that writes, locks or may take long is joined, and what waits is sent before it', async () => {
      const others: (() => Promise<unknown>)[] = [
        () => sql`select 1 as x`.execute(db.kysely),
        () => executeCompiled(db, 'test lock', [], () => sql`select name from keys for update`),
        () => executeCompiled(db, 'test write', [], () => sql`update keys set name = name`),
        () => withTransaction(db, (trx) => sql`select 1 as x`.execute(trx.kysely)),
      ]
      for (const other of others) {
        const [key, answer] = await together('a', other)
        expect([key.status, answer.status]).toEqual(['fulfilled', 'fulfilled'])
        expect(key).toMatchObject({ value: [{ name: 'first' }] })
      }
    })

    test('one that nothing follows is sent by itself, and so is the first of two that wait', async () => {
      expect(await findKey(leading, 'a')).toMatchObject([{ name: 'first', key: 'a' }])
      const answers = await Promise.all([findKey(leading, 'a'), findKey(leading, 'b'), findNumbers(7, 8)])
      expect(answers).toMatchObject([[{ key: 'a' }], [{ name: null, key: 'b' }], [{ name: null, number: 7 }]])
    })
  },
)
