import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { startMariadb } from '../setup/mariadb-server.ts'
import { startPostgres, type TestServer } from '../setup/postgres-server.ts'
import { makeScratchDirectory, removeDirectory } from '../setup/scratch.ts'
import { Dice } from './dice.ts'

const servers = {
  postgres: { start: startPostgres, database: 'postgres' },
  mysql: { start: startMariadb, database: 'mysql' },
}
const tested = (['postgres', 'mysql'] as const).filter((engine) => ENGINES.includes(engine))

test.each(tested)(
  'a server that crashes under load leaves errors that say so, no hanging query, no dead process (%s)',
  async (engine) => {
    const directory = await makeScratchDirectory()
    const { start, database } = servers[engine]
    const server: TestServer = await start(directory, { durable: true })
    const db: Database = await openDatabase(server.url(database), { connections_max: 2 })
    const dice = new Dice(3)
    const kinds = new Set<string>()
    let rounds = 0
    let over = false
    // Sequential, pipelined, and a transaction that is idle in between: every state that can be cut.
    const query = (text: string) => sql.raw(text).execute(db.kysely)
    const work = async (): Promise<void> => {
      while (!over) {
        try {
          await query('select 1')
          await Promise.all([query('select 2'), query('select 3'), query('select 4')])
          await withTransaction(db, async (trx) => {
            await sql.raw('select 5').execute(trx.kysely)
            await pause(3)
            await sql.raw('select 6').execute(trx.kysely)
          })
          rounds += 1
        } catch (error) {
          kinds.add(db.engine.classifyError(error))
          await pause(10)
        }
      }
    }
    const workers = [work(), work(), work()]
    for (let crash = 0; crash < 5; crash += 1) {
      await pause(50 + dice.below(100))
      await server.crashAndRestart()
      const before = rounds
      // Each comes back by itself.
      await expect.poll(() => rounds, { timeout: 10_000 }).toBeGreaterThan(before + 3)
    }
    over = true
    await Promise.all(workers)
    expect([...kinds]).toEqual(['transient'])
    await db.close()
    await server.stop()
    await removeDirectory(directory)
  },
)
