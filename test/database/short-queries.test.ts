import { executeCompiled } from '@leads/core/database/compile-once'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describe.runIf(ENGINES.includes('postgres'))('short queries on PostgreSQL', () => {
  let fresh: FreshDatabase
  let db: Database
  beforeAll(async () => {
    fresh = await freshDatabase('postgres', { migrated: false })
    db = await openDatabase(fresh.database_url, { connections_max: 4 })
  })
  afterAll(async () => {
    await db.close()
    await fresh.drop()
  })

  /** The server processes that answer so many short queries which are sent at once. */
  async function answeringProcesses(count: number): Promise<Set<number | undefined>> {
    const ask = () => executeCompiled<{ pid: number }>(db, 'process', [], () => sql`select pg_backend_pid() as pid`)
    const answers = await Promise.all(Array.from({ length: count }, ask))
    return new Set(answers.map(({ rows }) => rows[0]?.pid))
  }

  test('that come together are sent over one connection, up to eight', async () => {
    expect((await answeringProcesses(8)).size).toBe(1)
    expect((await answeringProcesses(20)).size).toBe(3)
    expect((await answeringProcesses(100)).size).toBe(4)
  })

  test('do not wait for a long one', async () => {
    let isAnswered = false
    const long = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(1)`.execute(db.kysely)
    const answered = long.then(({ rows }) => {
      isAnswered = true
      return rows[0]?.pid
    })
    const processes = await answeringProcesses(8)
    expect(isAnswered).toBe(false)
    expect(processes).not.toContain(await answered)
  })
})
