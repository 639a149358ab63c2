import { setTimeout as wait } from 'node:timers/promises'
import { toMigration } from '@leads/core/database/migrations/load-migrations'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { diagnoseAll } from '@leads/core/doctor/diagnose-all'
import { sql } from 'kysely'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const table = toMigration('901_table', 'create table numbers (id integer);', 'drop table numbers;')
const index = toMigration(
  '902_index',
  '-- leads: online\ncreate index concurrently if not exists ix_numbers on numbers (id);',
  '-- leads: online\ndrop index ix_numbers;',
)

describe.runIf(ENGINES.includes('postgres'))('time limits of sessions on PostgreSQL', () => {
  let database: FreshDatabase

  beforeEach(async () => {
    database = await freshDatabase('postgres', { migrated: false })
  })
  afterEach(() => database.drop())

  /** Runs statements in a separate session. */
  async function inSession<Result>(work: (session: postgres.Sql) => Promise<Result>): Promise<Result> {
    const session = postgres(database.database_url, { max: 1, onnotice: () => {} })
    try {
      return await work(session)
    } finally {
      await session.end({ timeout: 1 })
    }
  }

  const readSetting = (name: string): Promise<string> =>
    inSession(async (session) => (await session`select current_setting(${name}) as value`)[0]?.value)

  test('a migration gives the sessions of its role limits in this database, and leaves no setting in its own', async () => {
    await migrateUp(database.database_url, { migrations: [table] })
    expect(await readSetting('statement_timeout')).toBe('15min')
    expect(await readSetting('idle_in_transaction_session_timeout')).toBe('1min')
    expect(await readSetting('client_connection_check_interval')).toBe('5s')
  })

  test('a limit that is already set is kept', async () => {
    const name = new URL(database.database_url).pathname.slice(1)
    await inSession((session) => session.unsafe(`alter database ${name} set statement_timeout = '7s'`))
    await migrateUp(database.database_url, { migrations: [table] })
    expect(await readSetting('statement_timeout')).toBe('7s')
    expect(await readSetting('client_connection_check_interval')).toBe('5s')
  })

  test('the server ends the query of a client that abandoned it', async () => {
    await migrateUp(database.database_url, { migrations: [table] })
    const db = await openDatabase(database.database_url)
    const sleeping = sql`select pg_sleep(120)`.execute(db.kysely)
    sleeping.catch(() => {})
    const countSleeping = () =>
      inSession(async (session) => {
        const [row] = await session`
          select count(*)::integer as count from pg_stat_activity
          where datname = current_database() and state = 'active' and query like '%pg_sleep(120)%' and pid <> pg_backend_pid()`
        return row?.count
      })
    await expect.poll(countSleeping).toBe(1)
    db.discardStalled?.(0)
    await expect(sleeping).rejects.toMatchObject({ code: 'CONNECTION_ABANDONED' })
    await expect.poll(countSleeping, { timeout: 20_000 }).toBe(0)
    await db.close()
  })

  test('the build of an index may take longer than a statement', async () => {
    const name = new URL(database.database_url).pathname.slice(1)
    await migrateUp(database.database_url, { migrations: [table] })
    await inSession((session) => session.unsafe(`alter database ${name} set statement_timeout = '500ms'`))
    await inSession((session) =>
      session.unsafe(`alter role session_user in database ${name} set statement_timeout = '500ms'`),
    )
    await inSession(async (session) => {
      await session`begin`
      await session`insert into numbers (id) values (1)`
      // The build waits for the open transaction.
      const migrating = migrateUp(database.database_url, { migrations: [table, index] })
      await wait(1_500)
      await session`commit`
      expect(await migrating).toEqual(['902_index'])
    })
  })

  test('the doctor names a database without limits, and is content after a migration', async () => {
    const find = async () =>
      (await diagnoseAll({ DATABASE_URL: database.database_url })).find(({ message }) => /no time limit/.test(message))
    expect(await find()).toMatchObject({ state: 'warning', advice: expect.stringContaining('migrate up') })
    await migrateUp(database.database_url)
    expect(await find()).toBeUndefined()
  })
})
