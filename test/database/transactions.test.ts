import { DatabaseSync } from 'node:sqlite'
import type { Database, Db } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { endTogether, withTransaction } from '@leads/core/database/transaction'
import { retryOnConflict } from '@leads/core/ingest/retry-on-conflict'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine, ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const insert = (db: Db, name: string): Promise<unknown> =>
  db.kysely
    .insertInto('watermarks')
    .values({ name, reached_at: new Date(0) })
    .execute()

async function names(db: Db): Promise<string[]> {
  const rows = await db.kysely.selectFrom('watermarks').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

describeEachEngine('a nested transaction', (engine) => {
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

  test('that fails is undone alone: the outer one continues and commits', async () => {
    await withTransaction(db, async (outer) => {
      await insert(outer, 'a')
      const failing = withTransaction(outer, async (inner) => {
        await insert(inner, 'b')
        await insert(inner, 'a')
      })
      await expect(failing).rejects.toThrow()
      await withTransaction(outer, (inner) => insert(inner, 'c'))
    })
    expect(await names(db)).toEqual(['a', 'c'])
  })

  test('nests to any depth, and each level is undone alone', async () => {
    await withTransaction(db, async (first) => {
      await insert(first, '1')
      await withTransaction(first, async (second) => {
        await insert(second, '2')
        const failing = withTransaction(second, async (third) => {
          await insert(third, '3')
          throw new Error('stop')
        })
        await expect(failing).rejects.toThrow('stop')
        await withTransaction(second, (third) => insert(third, '3 again'))
      })
    })
    expect(await names(db)).toEqual(['1', '2', '3 again'])
  })

  test('is undone with the outer one', async () => {
    const failing = withTransaction(db, async (outer) => {
      await withTransaction(outer, (inner) => insert(inner, 'a'))
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await names(db)).toEqual([])
  })

  test('that overlaps another of the same transaction is refused', async () => {
    const overlapping = withTransaction(db, async (outer) => {
      const [first, second] = await Promise.allSettled([
        withTransaction(outer, async (inner) => insert(inner, 'a')),
        withTransaction(outer, async (inner) => insert(inner, 'b')),
      ])
      expect(first.status).toBe('fulfilled')
      if (second.status === 'rejected') throw second.reason
    })
    await expect(overlapping).rejects.toThrow('Nested transactions overlap')
  })

  test('retries a conflict inside the outer one', async () => {
    await insert(db, 'taken')
    await withTransaction(db, async (outer) => {
      let attempt = 0
      await retryOnConflict(outer, () =>
        withTransaction(outer, (inner) => {
          attempt += 1
          return insert(inner, attempt < 3 ? 'taken' : 'free')
        }),
      )
    })
    expect(await names(db)).toEqual(['free', 'taken'])
  })
})

test('a transaction of SQLite that reads first lets no other writer in between, and so cannot lose to one', async () => {
  const fresh = await freshDatabase('sqlite')
  const db = await openDatabase(fresh.database_url)
  const other = new DatabaseSync(fresh.database_url.replace('sqlite:', ''), { timeout: 0 })
  await withTransaction(db, async (trx) => {
    expect(await names(trx)).toEqual([])
    expect(() => other.exec("update watermarks set name = 'theirs'")).toThrow(/locked/)
    await insert(trx, 'ours')
  })
  expect(await names(db)).toEqual(['ours'])
  other.close()
  await db.close()
  await fresh.drop()
})

describe.runIf(ENGINES.includes('postgres'))('a transaction of PostgreSQL', () => {
  let fresh: FreshDatabase
  let db: Database
  beforeEach(async () => {
    fresh = await freshDatabase('postgres')
    db = await openDatabase(fresh.database_url)
  })
  afterEach(async () => {
    await db.close()
    await fresh.drop()
  })

  test('refuses a statement that comes after it has failed, which would be written on its own', async () => {
    let kept: Db | undefined
    const failing = withTransaction(db, async (trx) => {
      kept = trx
      await insert(trx, 'a')
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    await expect(insert(kept as Db, 'late')).rejects.toThrow('The transaction has ended.')
    expect(await names(db)).toEqual([])
  })

  test('is ended by the server 30 s after its client is gone, so that its locks end, and no other transaction is', async () => {
    const limit = async (on: Db) =>
      (
        await sql<{ limit: string }>`select current_setting('idle_in_transaction_session_timeout') as limit`.execute(
          on.kysely,
        )
      ).rows[0]?.limit
    const before = await limit(db)
    expect(await withTransaction(db, limit)).toBe('30s')
    expect(await limit(db)).toBe(before)
  })

  test('fails if a statement has failed, also where that error was caught', async () => {
    const swallowing = withTransaction(db, async (trx) => {
      await insert(trx, 'a')
      await insert(trx, 'a').catch(() => {})
    })
    await expect(swallowing).rejects.toThrow('nothing of it was committed')
    expect(await names(db)).toEqual([])
    await withTransaction(db, (trx) => insert(trx, 'b'))
    expect(await names(db)).toEqual(['b'])
  })
})

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('a deadlock in a nested transaction (%s)', (engine) => {
  test('undoes the outermost transaction, also where the error is caught on the way, and is not retried inside', async () => {
    const fresh = await freshDatabase(engine)
    const db = await openDatabase(fresh.database_url)
    await insert(db, 'left')
    await insert(db, 'right')
    const lock = (trx: Db, name: string) =>
      sql`update watermarks set reached_at = reached_at where name = ${name}`.execute(trx.kysely)
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let deadlocks = 0
    let attempts = 0
    let retries = 0
    const cross = (index: number, first: string, second: string) =>
      withTransaction(db, async (outer) => {
        await insert(outer, `outer ${index}`)
        await lock(outer, first)
        both[index]?.resolve()
        await both[1 - index]?.promise
        await retryOnConflict(
          outer,
          () =>
            withTransaction(outer, async (inner) => {
              attempts += 1
              await lock(inner, second)
            }),
          { onRetry: () => (retries += 1) },
        ).catch((error: unknown) => {
          expect(db.engine.classifyError(error)).toBe('deadlock')
          deadlocks += 1
        })
      })
    const results = await Promise.allSettled([cross(0, 'left', 'right'), cross(1, 'right', 'left')])
    expect(deadlocks).toBe(1)
    expect(attempts).toBe(2)
    expect(retries).toBe(0)
    const [winner] = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(await names(db)).toEqual(['left', `outer ${winner}`, 'right'])
    await db.close()
    await fresh.drop()
  })
})

describeEachEngine('the last two statements of a transaction', (engine) => {
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

  test('are committed with what was before them', async () => {
    const ended = withTransaction(db, async (trx) => {
      await insert(trx, 'a')
      await endTogether(
        trx,
        () => insert(trx, 'b'),
        () => insert(trx, 'c'),
      )
      return 'done'
    })
    expect(await ended).toBe('done')
    expect(await names(db)).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['first', ['a', 'b']],
    ['second', ['b', 'a']],
  ])('undo all of it where the %s fails', async (_which, [first = '', second = '']) => {
    const failing = withTransaction(db, async (trx) => {
      await insert(trx, 'a')
      await endTogether(
        trx,
        () => insert(trx, first),
        () => insert(trx, second),
      )
    })
    await expect(failing).rejects.toThrow()
    expect(await names(db)).toEqual([])
    await insert(db, 'the connection works')
    expect(await names(db)).toHaveLength(1)
  })

  test('do not commit the transaction around theirs', async () => {
    const failing = withTransaction(db, async (outer) => {
      await withTransaction(outer, (trx) =>
        endTogether(
          trx,
          () => insert(trx, 'a'),
          () => insert(trx, 'b'),
        ),
      )
      expect(await names(outer)).toEqual(['a', 'b'])
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await names(db)).toEqual([])
  })
})

test.runIf(ENGINES.includes('postgres'))('a statement after the last two of a transaction is refused', async () => {
  const { database_url, drop } = await freshDatabase('postgres')
  const db = await openDatabase(database_url, { connections_max: 1 })
  const late = withTransaction(db, async (trx) => {
    await endTogether(
      trx,
      () => insert(trx, 'a'),
      () => insert(trx, 'b'),
    )
    await insert(trx, 'c')
  })
  await expect(late).rejects.toThrow('The transaction has ended.')
  expect(await names(db)).toEqual(['a', 'b'])
  await db.close()
  await drop()
})
