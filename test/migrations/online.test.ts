import { setTimeout as wait } from 'node:timers/promises'
import { toMigration } from '@leads/core/database/migrations/load-migrations'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { openSchemaConnection } from '@leads/core/database/migrations/open-schema'
import { migrationStatus } from '@leads/core/database/migrations/schema-status'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine, ENGINES, type FreshDatabase, freshDatabase, type TestEngine } from '../setup/engines.ts'

const table = toMigration(
  '901_table',
  'create table numbers (id integer primary key, doubled integer); create table gate (id integer primary key);',
  'drop table gate; drop table numbers;',
)
const rows = toMigration(
  '902_rows',
  `insert into numbers (id) values ${Array.from({ length: 35 }, (_, id) => `(${id + 1})`).join(', ')};`,
  'delete from numbers;',
)

const indexSql = (engine: TestEngine): string =>
  engine === 'postgres'
    ? 'create index concurrently if not exists ix_numbers_doubled on numbers (doubled);'
    : 'create index ix_numbers_doubled on numbers (doubled);'

/** Ten rows at a time; on MySQL a subquery must not read the table that is updated. */
const batchSql = `update numbers set doubled = id * 2 where doubled is null and id < (
  select least_id from (select min(id) + 10 as least_id from numbers where doubled is null) as open);`

const online = (engine: TestEngine, gate = '') =>
  toMigration(
    '903_online',
    `-- leads: online\n-- leads: repeat\n${batchSql}\n${gate}\n${indexSql(engine)}`,
    `-- leads: online\ndrop index ix_numbers_doubled${engine === 'mysql' ? ' on numbers' : ''};\nupdate numbers set doubled = null;`,
  )

let database: FreshDatabase
let database_url: string

const query = async (sql: string) => {
  const connection = await openSchemaConnection(database_url)
  try {
    return await connection.query(sql)
  } finally {
    await connection.close()
  }
}

describeEachEngine('an online migration', (engine) => {
  beforeEach(async () => {
    database = await freshDatabase(engine, { migrated: false })
    database_url = database.database_url
  })
  afterEach(() => database.drop())

  test('fills a column in batches and builds an index; its down reverts both', async () => {
    const migrations = [table, rows, online(engine)]
    expect(await migrateUp(database_url, { migrations })).toEqual(['901_table', '902_rows', '903_online'])
    expect(await query('select count(*) as n from numbers where doubled = id * 2')).toMatchObject([
      { n: expect.anything() },
    ])
    expect(Number((await query('select count(*) as n from numbers where doubled is null'))[0]?.n)).toBe(0)
    expect(await migrateDown(database_url, { migrations })).toEqual(['903_online'])
    expect(Number((await query('select count(*) as n from numbers where doubled is null'))[0]?.n)).toBe(35)
    await migrateUp(database_url, { migrations })
  })

  test('that stopped is resumed behind its finished statements', async () => {
    const migrations = [table, rows, online(engine, 'insert into gate (id) values (1);')]
    await migrateUp(database_url, { migrations: [table, rows] })
    await query('insert into gate (id) values (1)')
    await expect(migrateUp(database_url, { migrations })).rejects.toMatchObject({ code: 'migration_failed' })
    await query('delete from gate')
    if (engine !== 'sqlite') {
      const stopped = (await migrationStatus(database_url, { migrations })).at(-1)
      expect(stopped).toMatchObject({
        state: 'unfinished',
        advice: expect.stringContaining('migrate up` continues it'),
      })
      await expect(migrateDown(database_url, { migrations })).rejects.toThrow('migrate up` continues it')
      // What is done is not repeated.
      await query('update numbers set doubled = 0 where id = 1')
    }
    expect(await migrateUp(database_url, { migrations })).toEqual(['903_online'])
    expect((await migrationStatus(database_url, { migrations })).at(-1)?.state).toBe('applied')
    if (engine !== 'sqlite')
      expect(await query('select doubled from numbers where id = 1')).toMatchObject([{ doubled: 0 }])
  })
})

describe.runIf(ENGINES.includes('postgres'))('a migration of a table in use on PostgreSQL', () => {
  let sql: postgres.Sql

  beforeEach(async () => {
    database = await freshDatabase('postgres', { migrated: false })
    database_url = database.database_url
    sql = postgres(database_url, { max: 3, onnotice: () => {} })
    await migrateUp(database_url, { migrations: [table, rows] })
  })
  afterEach(async () => {
    await sql.end({ timeout: 1 })
    await database.drop()
  })

  const isIndexValid = async () =>
    (await sql`select indisvalid from pg_index where indexrelid = 'ix_numbers_doubled'::regclass`)[0]?.indisvalid

  test('builds an index while a transaction is open, and inserts do not wait', async () => {
    const open = await sql.reserve()
    await open`begin`
    await open`insert into numbers (id) values (100)`
    const migrating = migrateUp(database_url, { migrations: [table, rows, online('postgres')] })
    await expect.poll(() => sql`select 1 from pg_class where relname = 'ix_numbers_doubled'`).toHaveLength(1)
    // The build waits for the open transaction. A writer that waited for the build would never end.
    await sql`insert into numbers (id) values (101)`
    await open`commit`
    open.release()
    await migrating
    expect(await isIndexValid()).toBe(true)
  })

  test('builds an index where transactions keep their snapshots by default', { timeout: 60_000 }, async () => {
    const name = new URL(database_url).pathname.slice(1)
    await sql.unsafe(`alter database "${name}" set default_transaction_isolation = 'repeatable read'`)
    expect(await migrateUp(database_url, { migrations: [table, rows, online('postgres')] })).toEqual(['903_online'])
    expect(await isIndexValid()).toBe(true)
  })

  test('builds an index while other processes wait to migrate', { timeout: 60_000 }, async () => {
    const migrations = [table, rows, online('postgres')]
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrateUp(database_url, { migrations })))
    expect(applied.flat()).toContain('903_online')
    expect((await migrationStatus(database_url, { migrations })).at(-1)?.state).toBe('applied')
    expect(await isIndexValid()).toBe(true)
  })

  test('keeps no transaction open while it waits, for whose end a concurrent build would wait', async () => {
    const slow = toMigration('903_slow', 'select pg_sleep(3);', 'select 1;')
    const migrations = [table, rows, slow]
    const migrating = Promise.all([migrateUp(database_url, { migrations }), migrateUp(database_url, { migrations })])
    await expect.poll(() => sql`select 1 from pg_stat_activity where wait_event = 'PgSleep'`).toHaveLength(1)
    const waiting = new Set<unknown>()
    await expect
      .poll(
        async () => {
          const sessions = await sql`
            select xact_start::text as started from pg_stat_activity
            where application_name = 'leads migrate' and datname = current_database()
              and wait_event is distinct from 'PgSleep' and xact_start is not null`
          for (const { started } of sessions) waiting.add(started)
          return waiting.size
        },
        { timeout: 2500, interval: 1 },
      )
      .toBeGreaterThan(2)
    expect((await migrating).flat()).toEqual(['903_slow'])
  })

  test('is recorded as begun only under its lock: who gets the lock next sees it finished', async () => {
    const filled = toMigration(
      '903_filled',
      `-- leads: online\n-- leads: repeat\n${batchSql}`,
      '-- leads: online\nselect 1;',
    )
    // Time to queue for the lock while the record is written.
    await sql`create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return new; end'`
    await sql`create trigger linger before insert on schema_migrations for each row execute function linger()`
    const migrating = migrateUp(database_url, { migrations: [table, rows, filled] })
    const inserting = "wait_event = 'PgSleep' and query like 'insert into schema_migrations%'"
    await expect.poll(() => sql.unsafe(`select 1 from pg_stat_activity where ${inserting}`)).toHaveLength(1)
    const [lock] =
      await sql`select (classid::bigint << 32 | objid::bigint)::text as key from pg_locks where locktype = 'advisory'`
    const seen = await sql.begin(async (trx) => {
      await trx`select pg_advisory_xact_lock(${lock?.key})`
      return [...(await trx`select state from schema_migrations where name = '903_filled'`)]
    })
    expect(await migrating).toEqual(['903_filled'])
    expect(seen).toEqual([{ state: 'applied' }])
  })

  test('builds an index again that a stopped build left invalid', async () => {
    await sql`insert into numbers (id, doubled) values (200, 1), (201, 1)`
    await expect(
      sql`create unique index concurrently ix_numbers_doubled on numbers (doubled)`.simple(),
    ).rejects.toThrow()
    expect(await isIndexValid()).toBe(false)
    await migrateUp(database_url, { migrations: [table, rows, online('postgres')] })
    expect(await isIndexValid()).toBe(true)
  })

  test('waits briefly for a table, lets others pass, and tries again', async () => {
    const open = await sql.reserve()
    await open`begin`
    await open`select from numbers limit 1`
    const added = toMigration(
      '903_column',
      'alter table numbers add column note text;',
      'alter table numbers drop column note;',
    )
    const migrating = migrateUp(database_url, { migrations: [table, rows, added] })
    await expect
      .poll(() => sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'alter table%'`)
      .toHaveLength(1)
    // Behind a waiting ALTER TABLE until its lock time-out, not until the open transaction ends.
    await sql`insert into numbers (id) values (300)`
    await wait(10)
    await open`commit`
    open.release()
    expect(await migrating).toEqual(['903_column'])
  })
})
