import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { PREPARED_TEXTS_MAX } from '@leads/core/database/postgres/prepared-texts'
import { closeDatabase } from '@leads/functions/runtime/database'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { recordPostgresTexts } from '../faults/statements.ts'
import { ENGINES, freshDatabase } from '../setup/engines.ts'
import { rescrapePages } from './rescrape-pages.ts'

const FROZEN_MS = 61_000
/** Two seconds are promised, and measured by `LOST_ROUNDS=100` of test/api/lost-connections; a busy machine takes longer. */
const ANSWER_MS_MAX = 10_000

describe.runIf(ENGINES.includes('postgres'))('a connection to PostgreSQL that slept', () => {
  let proxy: TcpProxy
  let db: Database
  let drop: () => Promise<void>

  beforeEach(async () => {
    const fresh = await freshDatabase('postgres')
    drop = fresh.drop
    const url = new URL(fresh.database_url)
    proxy = await startProxy(Number(url.port), () => () => 0)
    url.port = String(proxy.port)
    db = await openDatabase(url.href, { connections_max: 1 })
  })

  afterEach(async () => {
    vi.useRealTimers()
    await closeDatabase()
    proxy.cutFrozen()
    await db.close()
    await proxy.close()
    await drop()
  })

  const read = () => db.kysely.selectFrom('sales_leads').select('id').limit(1).execute()

  /** The process stands still while the wall clock advances. */
  const freeze = () => vi.setSystemTime(Date.now() + FROZEN_MS)

  test.each([
    ['was cut', 100, () => proxy.cut()],
    // Each round waits for a probe to time out.
    ['drops everything', 15, () => proxy.freeze()],
  ])('answers soon, every time, when it %s', async (_, rounds, damage) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    await read()
    const slowest: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      damage()
      freeze()
      const started_ms = performance.now()
      // Two at once, as the check of a key and the list that it allows.
      await Promise.all([read(), read()])
      slowest.push(performance.now() - started_ms)
    }
    expect(Math.max(...slowest)).toBeLessThan(ANSWER_MS_MAX)
  })

  test('repeats a read whose connection was lost, but no write', async () => {
    await read()
    proxy.cut()
    await expect(read()).resolves.toEqual([])
    const insert = () => sql`insert into watermarks (name, reached_at) values ('lost', now())`.execute(db.kysely)
    proxy.cut()
    await expect(insert()).rejects.toThrow()
  })

  test('prepares a bounded number of statements, however many texts there are', async () => {
    for (let length = 1; length <= 300; length += 1) {
      const ids = Array.from({ length }, (_, index) => index)
      for (const _ of [1, 2]) await db.kysely.selectFrom('sales_leads').select('id').where('id', 'in', ids).execute()
    }
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_prepared_statements`.execute(
      db.kysely,
    )
    expect(Number(rows[0]?.count)).toBeGreaterThan(0)
    // And the driver's own query for the types of arrays.
    expect(Number(rows[0]?.count)).toBeLessThanOrEqual(PREPARED_TEXTS_MAX + 1)
  })

  test('behind a pooler of transactions, sends a query when the one in front of it is answered', async () => {
    const texts = new Set<string>()
    const recording = await startProxy(Number(new URL(db.database_url).port), () => recordPostgresTexts(texts))
    const url = new URL(db.database_url)
    url.port = String(recording.port)
    url.searchParams.set('prepare', 'false')
    const pooled = await openDatabase(url.href, { connections_max: 1 })
    try {
      await pooled.kysely.selectFrom('sales_leads').select('id').execute()
      texts.clear()
      const sent: number[] = []
      recording.onStatement = () => {
        sent.push(texts.size)
        return false
      }
      // Neither is answered. The first has no values, so that the driver would send the second one right behind it.
      const first = pooled.kysely.selectFrom('sales_leads').select('email').execute()
      const second = pooled.kysely.selectFrom('sales_leads').select('id').where('id', '=', 1).execute()
      const ended = Promise.allSettled([first, second])
      await expect.poll(() => sent).toEqual([1])
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect([...texts]).toEqual([expect.stringContaining('"email"')])
      recording.onStatement = undefined
      recording.cutFrozen()
      expect(await ended).toMatchObject([{ value: [] }, { value: [] }])
    } finally {
      await pooled.close()
      await recording.close()
    }
  })

  test('costs the server no more after many pages of changing sizes than after the first ones', async () => {
    const [early, late] = await rescrapePages(db, 120, 2)
    expect(late?.prepared_statements).toBeLessThanOrEqual(PREPARED_TEXTS_MAX + 1)
    expect(late?.memory_bytes).toBeLessThan(1.1 * (early?.memory_bytes ?? 0))
  })
})
