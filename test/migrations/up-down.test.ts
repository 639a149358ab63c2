import { dumpSchema } from '@leads/core/database/dump-schema'
import type { Database } from '@leads/core/database/engine'
import { loadMigrations, type Migration, toMigration } from '@leads/core/database/migrations/load-migrations'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { openSchemaConnection } from '@leads/core/database/migrations/open-schema'
import type { SchemaConnection } from '@leads/core/database/migrations/schema-connection'
import { assertSchema, migrationStatus } from '@leads/core/database/migrations/schema-status'
import { openDatabase } from '@leads/core/database/open-database'
import { attachSightings, readSightings } from '@leads/core/leads/sightings'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('migrations', (engine) => {
  let database: FreshDatabase
  let database_url: string

  beforeEach(async () => {
    database = await freshDatabase(engine, { migrated: false })
    database_url = database.database_url
  })
  afterEach(() => database.drop())

  const withDatabase = async <Result>(work: (db: Database) => Promise<Result>): Promise<Result> => {
    const db = await openDatabase(database_url)
    try {
      return await work(db)
    } finally {
      await db.close()
    }
  }
  const withConnection = async <Result>(work: (connection: SchemaConnection) => Promise<Result>): Promise<Result> => {
    const connection = await openSchemaConnection(database_url)
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  }
  const dump = () => withDatabase(dumpSchema)
  const check = (migrations?: readonly Migration[]) =>
    withDatabase((db) => assertSchema(db, migrations ? { migrations } : {}))
  const query = (sql: string) => withConnection((connection) => connection.query(sql))
  const states = async (migrations?: readonly Migration[]): Promise<string[]> => {
    const rows = await migrationStatus(database_url, migrations ? { migrations } : {})
    return rows.map(({ name, state }) => `${name} ${state}`)
  }

  const own = loadMigrations(engine)
  const one = toMigration('901_one', 'create table one (id integer primary key);', 'drop table one;')
  const two = toMigration(
    '902_two',
    'create table two (id integer primary key); -- why\ninsert into two (id) values (7);',
    'drop table two;',
  )

  test('up, down, up leaves the same schema, and down leaves none', async () => {
    const applied = await migrateUp(database_url)
    const first = await dump()
    expect(await migrateDown(database_url, { to: 'base' })).toEqual(applied.toReversed())
    expect((await dump()).trim()).toBe('')
    await migrateUp(database_url)
    expect(await dump()).toBe(first)
  })

  test('a second up changes nothing', async () => {
    expect(await migrateUp(database_url)).toEqual(own.map(({ name }) => name))
    const before = await migrationStatus(database_url)
    expect(await migrateUp(database_url)).toEqual([])
    expect(await migrationStatus(database_url)).toEqual(before)
  })

  test('down reverts one, or all after a name, or all', async () => {
    const migrations = [one, two, toMigration('903_three', 'create table three (id integer);', 'drop table three;')]
    const options = { migrations }
    await migrateUp(database_url, options)
    expect(await migrateDown(database_url, options)).toEqual(['903_three'])
    await migrateUp(database_url, options)
    expect(await migrateDown(database_url, { ...options, to: '901' })).toEqual(['903_three', '902_two'])
    expect(await migrateDown(database_url, { ...options, to: '901_one' })).toEqual([])
    expect(await migrateDown(database_url, { ...options, to: 'base' })).toEqual(['901_one'])
    expect(await migrateDown(database_url, options)).toEqual([])
  })

  test('down to a name that was never applied changes nothing and lists what was', async () => {
    const options = { migrations: [one, two] }
    await migrateUp(database_url, options)
    await expect(migrateDown(database_url, { ...options, to: '90' })).rejects.toMatchObject({
      code: 'migration_unknown',
      message: expect.stringContaining('901_one, 902_two'),
    })
    expect(await migrateUp(database_url, options)).toEqual([])
  })

  test('status tells applied from pending, and on an empty database writes nothing', async () => {
    expect(await states([one, two])).toEqual(['901_one pending', '902_two pending'])
    expect((await dump()).trim()).toBe('')
    await migrateUp(database_url, { migrations: [one] })
    const [applied, pending] = await migrationStatus(database_url, { migrations: [one, two] })
    expect(applied).toEqual({ name: '901_one', state: 'applied', applied_at: expect.any(String), advice: null })
    expect(Math.abs(Date.parse(applied?.applied_at ?? '') - Date.now())).toBeLessThan(60_000)
    expect(pending).toMatchObject({ name: '902_two', state: 'pending', applied_at: null })
  })

  test('a start on a database without tables, or with too few, names the command to run', async () => {
    await expect(check()).rejects.toMatchObject({
      code: 'migrations_pending',
      message: expect.stringMatching(/no tables yet.*migrate up/),
    })
    await migrateUp(database_url, { migrations: [one] })
    await expect(check([one, two])).rejects.toMatchObject({
      code: 'migrations_pending',
      message: expect.stringMatching(/902_two.*migrate up/),
    })
    await expect(check([one])).resolves.toBeUndefined()
  })

  test('refuses a schema newer than the code: start, up and down', async () => {
    await migrateUp(database_url, { migrations: [one, two] })
    const newer = { code: 'schema_newer', message: expect.stringMatching(/902_two.*newer version/s) }
    await expect(check([one])).rejects.toMatchObject(newer)
    await expect(migrateUp(database_url, { migrations: [one] })).rejects.toMatchObject(newer)
    await expect(migrateDown(database_url, { migrations: [one] })).rejects.toMatchObject(newer)
    expect(await states([one])).toEqual(['901_one applied', '902_two unknown'])
    expect(await query('select id from two')).toEqual([expect.objectContaining({ id: 7 })])
  })

  test('a deployed function works on with a newer schema, unless a migration says that it breaks older code', async () => {
    const allow_newer = true
    const checkDeployed = (migrations: readonly Migration[]) =>
      withDatabase((db) => assertSchema(db, { migrations, allow_newer }))
    await migrateUp(database_url, { migrations: [one, two] })
    await expect(checkDeployed([one])).resolves.toBeUndefined()
    expect(await migrateUp(database_url, { migrations: [one], allow_newer })).toEqual([])
    expect(await states([one, two])).toEqual(['901_one applied', '902_two applied'])

    const breaking = toMigration('903_three_breaking', 'create table three (id integer);', 'drop table three;')
    await migrateUp(database_url, { migrations: [one, two, breaking] })
    const newer = { code: 'schema_newer', message: expect.stringContaining('903_three_breaking') }
    await expect(checkDeployed([one])).rejects.toMatchObject(newer)
    await expect(migrateUp(database_url, { migrations: [one], allow_newer })).rejects.toMatchObject(newer)
    await expect(checkDeployed([one, two, breaking])).resolves.toBeUndefined()
  })

  test('a deployed function refuses an older schema, and one of another line of versions', async () => {
    const allow_newer = true
    const checkDeployed = (migrations: readonly Migration[]) =>
      withDatabase((db) => assertSchema(db, { migrations, allow_newer }))
    await migrateUp(database_url, { migrations: [one] })
    await expect(checkDeployed([one, two])).rejects.toMatchObject({ code: 'migrations_pending' })
    const other = toMigration('902_other', 'create table other (id integer);', 'drop table other;')
    await expect(migrateUp(database_url, { migrations: [other], allow_newer })).rejects.toMatchObject({
      code: 'schema_newer',
    })
    await migrateUp(database_url, { migrations: [one, other] })
    await expect(checkDeployed([one, two])).rejects.toMatchObject({ code: 'schema_newer' })
    await expect(migrateUp(database_url, { migrations: [one, two], allow_newer })).rejects.toMatchObject({
      code: 'schema_newer',
    })
    expect(await states([one, other])).toEqual(['901_one applied', '902_other applied'])
  })

  test('reports a migration edited after it was applied; a reworded comment is no edit', async () => {
    await migrateUp(database_url, { migrations: [one, two] })
    const reworded = toMigration('902_two', two.up.replace('why', 'because'), two.down)
    expect(await states([one, reworded])).toEqual(['901_one applied', '902_two applied'])
    const edited = toMigration('902_two', two.up.replace('7', '8'), two.down)
    expect(await states([one, edited])).toEqual(['901_one applied', '902_two changed'])
    await expect(migrateUp(database_url, { migrations: [one, edited] })).rejects.toMatchObject({
      code: 'migration_changed',
      message: expect.stringContaining('902_two'),
    })
    await expect(check([one, edited])).resolves.toBeUndefined()
    expect(await migrateDown(database_url, { migrations: [one, edited] })).toEqual(['902_two'])
  })

  test('a migration that fails immediately changes nothing and can be fixed and run again', async () => {
    const broken = toMigration('902_two', 'create tabel two (id integer);', two.down)
    await expect(migrateUp(database_url, { migrations: [one, broken] })).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/902_two \(up\) failed: .*Nothing was changed\./s),
    })
    expect(await states([one, two])).toEqual(['901_one applied', '902_two pending'])
    expect(await migrateUp(database_url, { migrations: [one, two] })).toEqual(['902_two'])
  })

  const halfway = toMigration('902_two', 'create table two (id integer);\ncreate tabel three (id integer);', two.down)
  const failed = { code: 'migration_failed', message: expect.stringContaining('902_two') }

  test('a migration that fails half-way leaves nothing half-done, or states how far it came and what to do', async () => {
    await expect(migrateUp(database_url, { migrations: [one, halfway] })).rejects.toMatchObject(failed)
    const [can_roll_back, left_behind] = await withConnection(
      async (connection) => [connection.has_transactional_ddl, await connection.hasTable('two')] as const,
    )
    expect(left_behind).toBe(!can_roll_back)
    if (can_roll_back) {
      expect(await states([one, two])).toEqual(['901_one applied', '902_two pending'])
    } else {
      const unfinished = { code: 'migration_unfinished', message: expect.stringMatching(/902_two \(up\).*1 of its/s) }
      await expect(migrateUp(database_url, { migrations: [one, two] })).rejects.toMatchObject(unfinished)
      await expect(check([one, two])).rejects.toMatchObject(unfinished)
      expect(await states([one, two])).toEqual(['901_one applied', '902_two unfinished'])
      // What the message tells a person to do.
      await query('drop table two')
      await query(`delete from schema_migrations where name = '902_two'`)
    }
    expect(await migrateUp(database_url, { migrations: [one, two] })).toEqual(['902_two'])
  })

  test('a down that fails half-way is treated alike', async () => {
    const broken = toMigration('902_two', two.up, 'drop table two;\ndrop tabel three;')
    await migrateUp(database_url, { migrations: [one, broken] })
    await expect(migrateDown(database_url, { migrations: [one, broken] })).rejects.toMatchObject(failed)
    if ((await states([one, two]))[1] === '902_two unfinished') {
      await query('create table two (id integer primary key)')
      await query(`update schema_migrations set state = 'applied' where name = '902_two'`)
    }
    expect(await states([one, two])).toEqual(['901_one applied', '902_two applied'])
    expect(await migrateDown(database_url, { migrations: [one, two] })).toEqual(['902_two'])
  })

  test('sightings move from the metadata of sources to their table, and back by the down migration', async () => {
    const until = own.findIndex(({ name }) => name === '005_lead_sightings')
    await migrateUp(database_url, { migrations: own.slice(0, until) })
    const run = {
      actor_id: 'a',
      run_id: 'again',
      dataset_id: 'd',
      import_batch_id: null,
      seen_at: '2026-03-02T07:38:32.674Z',
    }
    const file = {
      actor_id: null,
      run_id: null,
      dataset_id: null,
      import_batch_id: 'file',
      seen_at: '2026-03-01T07:38:32.000Z',
    }
    await withDatabase(async ({ kysely }) => {
      for (const [index, metadata] of [
        { mapping: 'x', sightings: [run, file] },
        { sightings: [run] },
        null,
      ].entries()) {
        await kysely
          .insertInto('sales_leads')
          .values({ id: index + 1, source: 'apify' })
          .execute()
        await kysely
          .insertInto('lead_sources')
          .values({ lead_id: index + 1, source_type: 'apify', metadata })
          .execute()
      }
    })
    await migrateUp(database_url)
    const [sources, told] = await withDatabase(async (db) => {
      const rows = await db.kysely.selectFrom('lead_sources').selectAll().orderBy('lead_id').execute()
      return [rows, attachSightings(rows, await readSightings(db, [1, 2, 3]))] as const
    })
    expect(sources.map(({ metadata }) => metadata)).toEqual([{ mapping: 'x' }, null, null])
    // For a run without a sync, Actor and dataset are unknown.
    const seen = { ...run, actor_id: null, dataset_id: null }
    expect(told.map(({ metadata }) => metadata)).toEqual([
      { mapping: 'x', sightings: [seen, file] },
      { sightings: [seen] },
      null,
    ])

    const afterUp = await dump()
    await migrateDown(database_url, { to: '004' })
    const restored = await withDatabase(({ kysely }) =>
      kysely.selectFrom('lead_sources').select('metadata').orderBy('lead_id').execute(),
    )
    const sightingsOf = (metadata: unknown) =>
      (
        (metadata as { sightings?: { run_id: string | null; import_batch_id: string | null }[] } | null)?.sightings ??
        []
      )
        .map(({ run_id, import_batch_id }) => run_id ?? import_batch_id)
        .sort()
    expect(restored.map(({ metadata }) => sightingsOf(metadata))).toEqual([['again', 'file'], ['again'], []])
    await migrateUp(database_url)
    expect(await dump()).toBe(afterUp)
    const again = await withDatabase((db) => readSightings(db, [1, 2, 3]))
    expect([...again].map(([id, sightings]) => [id, sightings.length])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('keeps identities, decisions and merges of leads through down and up', async () => {
    const until = own.findIndex(({ name }) => name === '006_lead_identities')
    await migrateUp(database_url)
    const at = new Date('2026-03-01T07:38:32.123Z')
    const reasons = { email: 'same', first_name: 'close' }
    await withDatabase(async ({ kysely }) => {
      for (const id of [1, 2, 3]) {
        await kysely
          .insertInto('sales_leads')
          .values({ id, source: 'apify', street: id === 1 ? '1 "Dock" Rd\\' : null, observed_at: id === 2 ? at : null })
          .execute()
        await kysely
          .insertInto('lead_sources')
          .values({ lead_id: id, source_type: 'apify', metadata: id === 1 ? { mapping: 'x' } : null })
          .execute()
      }
      await kysely.updateTable('sales_leads').set({ merged_into_id: 1 }).where('id', '=', 3).execute()
      await kysely
        .insertInto('lead_identities')
        .values([
          { identity: 'email:zoë@example.com', lead_id: 1, is_shared: true, seen_at: at },
          { identity: 'linkedin:in/a', lead_id: 1, is_shared: false, seen_at: at },
          { identity: 'linkedin:in/b', lead_id: 2, is_shared: false, seen_at: at },
        ])
        .execute()
      const decision = {
        certainty: 731,
        is_certain: false,
        reasons,
        checked_at: at,
        decided_at: at,
        decided_by: 'anna',
      }
      await kysely
        .insertInto('lead_duplicates')
        .values([
          { lead_a: 1, lead_b: 2, duplicate_status: 'dismissed', ...decision },
          { lead_a: 1, lead_b: 3, duplicate_status: 'merged', ...decision },
        ])
        .execute()
      const merge = { keeper_id: 1, merged_id: 3, certainty: 731, reasons, merged_at: at, merged_by: 'anna' }
      const changed_fields = { city: { old: null, new: "O'Fallon" } }
      await kysely
        .insertInto('lead_merges')
        .values([
          {
            ...merge,
            moved_identities: ['linkedin:in/a'],
            copied_sources: ['a'],
            changed_fields,
            undone_at: null,
            undone_by: null,
          },
          { ...merge, moved_identities: ['x'], copied_sources: ['b'], changed_fields, undone_at: at, undone_by: 'b' },
        ])
        .execute()
      await kysely
        .insertInto('lead_source_states')
        .values({ lead_id: 2, source_key: 'file:a', import_hashes: '-a', observed_at: at })
        .execute()
    })
    const read = () =>
      withDatabase(async ({ kysely }) => [
        await kysely
          .selectFrom('sales_leads')
          .select(['id', 'street', 'merged_into_id', 'observed_at'])
          .orderBy('id')
          .execute(),
        await kysely.selectFrom('lead_sources').select(['lead_id', 'metadata']).orderBy('lead_id').execute(),
        await kysely.selectFrom('lead_identities').selectAll().orderBy('identity').execute(),
        await kysely.selectFrom('lead_duplicates').selectAll().orderBy('lead_b').execute(),
        await kysely.selectFrom('lead_merges').selectAll().orderBy('id').execute(),
        await kysely.selectFrom('lead_source_states').selectAll().execute(),
      ])
    const before = await read()
    await migrateDown(database_url, { to: (own[until - 1] as Migration).name })
    await migrateUp(database_url)
    expect(await read()).toEqual(before)
  })
})
