import { cleanUp } from '@leads/core/cleanup/clean-up'
import { createCompany } from '@leads/core/companies/create-company'
import { updateCompany } from '@leads/core/companies/update-company'
import type { Database, Db } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import { createMapper } from '@leads/core/mapping/map-item'
import { mergeCompanies } from '@leads/core/merges/merge-companies'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { normalizeRows } from '@leads/core/stored-values/normalize-rows'
import { remap } from '@leads/core/syncs/remap'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createImportWorld, type ImportWorld } from '../file-imports/world.ts'
import { ENGINES } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

/**
 * A person edits in an open transaction while something else wants the same row. The other one must wait, and then see
 * the edit. Without its lock it would read the row of before and write that back.
 */

type ServerEngine = 'postgres' | 'mysql'

const waitingSql: Record<ServerEngine, string> = {
  postgres: "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  mysql: `select t.trx_id from information_schema.innodb_trx as t
    join information_schema.processlist as p on p.id = t.trx_mysql_thread_id
    where t.trx_state = 'LOCK WAIT' and p.db = database()`,
}

/** Edits in an open transaction, starts the other work, and commits once that waits for the edited row. */
async function whileEdited<Result>(
  engine: ServerEngine,
  database_url: string,
  edit: (trx: Db) => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> {
  const others: Database = await openDatabase(database_url, { connections_max: 2 })
  let working: Promise<Result> | undefined
  await withTransaction(others, async (trx) => {
    await edit(trx)
    working = work()
    working.catch(() => {})
    const waiting = async () => (await sql.raw(waitingSql[engine]).execute(others.kysely)).rows.length
    // MariaDB renews innodb_trx only when it was not read for 0.1 s.
    await expect.poll(waiting, { timeout: 20_000, interval: engine === 'mysql' ? 250 : 5 }).toBeGreaterThan(0)
  })
  await others.close()
  return working as Promise<Result>
}

/** What the other transaction writes. */
const mark = { sales_leads: { notes: 'locked' }, companies: { industry: 'locked' } }

/** Longer than it takes to close the circle. The server looks for one when a wait began so long ago. */
const DEADLOCK_TIMEOUT_S = 3

/**
 * Runs other work that locks the first row and then the second one, while a transaction has the second and wants the
 * first. The other work is the one that the server rolls back: PostgreSQL chooses who has waited for the time-out,
 * MariaDB who has changed less.
 */
async function whileDeadlocked(
  engine: ServerEngine,
  database_url: string,
  table: 'sales_leads' | 'companies',
  [first, second]: readonly [number, number],
  work: (db: Database) => Promise<unknown>,
): Promise<void> {
  const admin = await openDatabase(database_url, { connections_max: 1 })
  const name = new URL(database_url).pathname.slice(1)
  if (engine === 'postgres')
    await sql`alter database ${sql.id(name)} set deadlock_timeout = ${sql.lit(`${DEADLOCK_TIMEOUT_S}s`)}`.execute(
      admin.kysely,
    )
  const db = await openDatabase(database_url)
  const lock = (trx: Db, id: number) => trx.kysely.updateTable(table).set(mark[table]).where('id', '=', id).execute()
  let working: Promise<unknown> | undefined
  await withTransaction(admin, async (trx) => {
    if (engine === 'postgres') await sql`set local deadlock_timeout = '100s'`.execute(trx.kysely)
    for (let row = 0; row < 50; row += 1)
      await trx.kysely
        .insertInto('watermarks')
        .values({ name: `change ${row}`, reached_at: new Date(0) })
        .execute()
    await lock(trx, second)
    working = work(db)
    working.catch(() => {})
    const waiting = async () => (await sql.raw(waitingSql[engine]).execute(db.kysely)).rows.length
    await expect.poll(waiting, { interval: engine === 'mysql' ? 250 : 5 }).toBeGreaterThan(0)
    await lock(trx, first)
  })
  try {
    await working
  } finally {
    await Promise.all([db.close(), admin.close()])
  }
}

const engines = ENGINES.filter((engine): engine is ServerEngine => engine !== 'sqlite')

describe.each(engines)('a row that a person is editing (%s)', (engine) => {
  let world: World
  let by: { actor: string; event_source: 'api'; at: Date }
  beforeEach(async () => {
    world = await createWorld(engine)
    by = { actor: 'ann', event_source: 'api', at: world.clock.now() }
  })
  afterEach(() => world.close())

  async function syncFirst(items: Record<string, unknown>[], map?: (item: unknown) => MappedItem): Promise<number> {
    world.simulator.state.addRun({ id: 'first', actor_id: 'ann/places', items })
    await world.syncToEnd('first', map ? { map } : {})
    return (await world.db.kysely.selectFrom('sales_leads').select('id').orderBy('id').executeTakeFirstOrThrow()).id
  }
  const whileEditing = <Result>(edit: (trx: Db) => Promise<unknown>, work: () => Promise<Result>): Promise<Result> =>
    whileEdited(engine, world.database_url, edit, work)

  test('keeps the edit when a sync brings a newer item at the same time', async () => {
    const id = await syncFirst(places(3))
    const newer = places(3).map((item) => ({ ...item, city: 'Shelbyville', phone: '+1 217 555 0199' }))
    world.simulator.state.addRun({ id: 'second', actor_id: 'ann/places', items: newer })
    await whileEditing(
      (trx) => updateLead(trx, id, { city: 'Typed by hand' }, by),
      () => world.syncToEnd('second'),
    )
    const lead = await world.db.kysely.selectFrom('sales_leads').selectAll().where('id', '=', id).executeTakeFirst()
    expect(lead).toMatchObject({ city: 'Typed by hand', phone: '+12175550199' })
  })

  test('is not overwritten by an older item that remap has read before', async () => {
    const id = await syncFirst(places(3), (item) => {
      const mapped = createMapper()(item)
      if (mapped.outcome === 'lead') mapped.lead.city = 'Nowhere'
      return mapped
    })
    const newer = JSON.stringify(place(0, { phone: '+1 217 555 0199' }))
    const imported = { raw_data: sql`${newer}`, phone: '+12175550199', import_hashes: 'of a newer import' }
    const options = { db: world.db, map: createMapper(), log: world.log, now: () => world.clock.now() }
    await whileEditing(
      (trx) =>
        trx.kysely
          .updateTable('sales_leads')
          .set(imported as never)
          .where('id', '=', id)
          .execute(),
      () => remap({ ...options, is_dry_run: false }),
    )
    const { leads } = await readContents(world.db)
    expect(leads.find(({ phone }) => phone === '+12175550199')).toMatchObject({ raw_data: JSON.parse(newer) })
  })

  test('is not refused a second edit of another field', async () => {
    const id = await syncFirst(places(1))
    await whileEditing(
      (trx) => updateLead(trx, id, { title: 'Owner' }, by),
      () => updateLead(world.db, id, { city: 'Shelbyville' }, by),
    )
    const lead = await world.db.kysely.selectFrom('sales_leads').selectAll().where('id', '=', id).executeTakeFirst()
    expect(lead).toMatchObject({ title: 'Owner', city: 'Shelbyville', version: 3 })
  })

  test('may be a company: a second edit of another field is kept as well', async () => {
    const { id } = await createCompany(world.db, { name: 'Acme', domain: 'acme.example.com' }, by)
    await whileEditing(
      (trx) => updateCompany(trx, id, { city: 'Shelbyville' }, by),
      () => updateCompany(world.db, id, { industry: 'Anvils' }, by),
    )
    const company = await world.db.kysely.selectFrom('companies').selectAll().where('id', '=', id).executeTakeFirst()
    expect(company).toMatchObject({ city: 'Shelbyville', industry: 'Anvils', version: 3 })
  })

  test('stays with the company that the person gives it, without an event that says otherwise', async () => {
    const id = await syncFirst(places(1))
    const create = async (name: string) => (await createCompany(world.db, { name }, by)).id
    const [keeper, merged, chosen] = [await create('Acme'), await create('Acme Inc'), await create('Globex')]
    await updateLead(world.db, id, { company_id: merged }, by)
    const merge = () => mergeCompanies(world.db, keeper, merged, by)
    const unmerge = () => unmergeCompany(world.db, merged, by)
    expect((await merge()).moved_leads).toBe(1)
    await whileEditing((trx) => updateLead(trx, id, { company_id: chosen }, by), unmerge)
    await updateLead(world.db, id, { company_id: merged }, by)
    const again = await whileEditing((trx) => updateLead(trx, id, { company_id: chosen }, by), merge)
    expect(again.moved_leads).toBe(0)
    const { kysely } = world.db
    expect(await kysely.selectFrom('sales_leads').select('company_id').execute()).toEqual([{ company_id: chosen }])
    const events = await kysely.selectFrom('lead_events').select('changed_fields').orderBy('id').execute()
    const companies = events.flatMap(({ changed_fields }) => changed_fields?.company_id?.new ?? [])
    expect(companies).toEqual([merged, keeper, chosen, merged, chosen])
  })

  test.each(['sales_leads', 'companies'] as const)(
    'keeps the edit when rows of an earlier version are normalized: %s',
    async (table) => {
      const lead_id = await syncFirst(places(1))
      const { id: company_id } = await createCompany(world.db, { name: 'Acme' }, by)
      const id = table === 'companies' ? company_id : lead_id
      const edit = table === 'companies' ? updateCompany : updateLead
      await world.db.kysely.updateTable(table).set({ country: 'DE' }).where('id', '=', id).execute()
      await whileEditing(
        (trx) => edit(trx, id, { country: 'France' }, by),
        () => normalizeRows({ db: world.db, log: world.log, now: () => world.clock.now(), is_dry_run: false }),
      )
      const row = await world.db.kysely.selectFrom(table).select(['country', 'version']).where('id', '=', id).execute()
      expect(row).toEqual([{ country: 'France', version: 2 }])
    },
  )

  test.each<[name: string, work: (db: Database, ids: readonly [number, number]) => Promise<unknown>]>([
    ['a merge', (db, ids) => mergeLeads(db, ...ids, by)],
    ['a normalization', (db) => normalizeRows({ db, log: world.log, now: () => world.clock.now(), is_dry_run: false })],
  ])('makes %s that deadlocks with other writers start over', async (_, work) => {
    await syncFirst(places(2))
    await world.db.kysely.updateTable('sales_leads').set({ country: 'DE' }).execute()
    const leads = await world.db.kysely.selectFrom('sales_leads').select('id').orderBy('id').execute()
    const ids = leads.map(({ id }) => id) as [number, number]
    await whileDeadlocked(engine, world.database_url, 'sales_leads', ids, (db) => work(db, ids))
    const after = await world.db.kysely.selectFrom('sales_leads').select(['version', 'notes']).execute()
    expect(after).toHaveLength(2)
    for (const lead of after) expect(lead).toMatchObject({ version: 2, notes: expect.stringContaining('locked') })
  })

  test('may be a company: a normalization that deadlocks with other writers starts over', async () => {
    const create = async (name: string) => (await createCompany(world.db, { name }, by)).id
    const ids = [await create('Acme'), await create('Globex')] as const
    await world.db.kysely.updateTable('companies').set({ country: 'DE' }).execute()
    await whileDeadlocked(engine, world.database_url, 'companies', ids, (db) =>
      normalizeRows({ db, log: world.log, now: () => world.clock.now(), is_dry_run: false }),
    )
    const after = await world.db.kysely.selectFrom('companies').select(['version', 'country', 'industry']).execute()
    expect(after).toHaveLength(2)
    for (const company of after) expect(company).toEqual({ version: 2, country: 'Germany', industry: 'locked' })
  })

  test('is not purged when it is restored while the cleanup runs', async () => {
    const id = await syncFirst(places(2))
    await removeLead(world.db, id, { ...by, at: new Date(world.clock.ms - 91 * 86_400_000) })
    const result = await whileEditing(
      (trx) => restoreLead(trx, id, by),
      () =>
        cleanUp({
          db: world.db,
          log: world.log,
          retention_days: 90,
          rejection_retention_days: 180,
          is_dry_run: false,
          now: () => world.clock.now(),
          remaining_ms: () => 900_000,
        }),
    )
    expect(result).toMatchObject({ sales_leads: 0, lead_events: 0 })
    const { leads, sources } = await readContents(world.db)
    expect([leads.length, sources.length]).toEqual([2, 2])
  })
})

describe.each(engines)('a lead that a person edits during the undo of its import (%s)', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
  })
  afterEach(() => world.close())
  const by = () => ({ actor: 'ann', event_source: 'api' as const, at: world.now() })
  const header = 'name,title,email,city\n'
  const leadId = async (): Promise<number> =>
    (await world.db.kysely.selectFrom('sales_leads').select('id').executeTakeFirstOrThrow()).id

  test('is kept when the import created it', async () => {
    const { batch } = await world.import(`${header}Ana Ruiz,Chief,ana@firm.example.com,Madrid\n`)
    const id = await leadId()
    const { counts } = await whileEdited(
      engine,
      world.database_url,
      (trx) => updateLead(trx, id, { notes: 'Called her' }, by()),
      () => world.undo(batch.import_batch_id),
    )
    expect(counts).toMatchObject({ deleted: 0, kept: 1 })
    expect(await leadId()).toBe(id)
  })

  test('keeps the edited field when the import changed it', async () => {
    await world.import(`${header}Ana Ruiz,Chief,ana@firm.example.com,Madrid\n`)
    const id = await leadId()
    const { batch } = await world.import(`${header}Ana Ruiz,Owner,ana@firm.example.com,Toledo\n`)
    await whileEdited(
      engine,
      world.database_url,
      (trx) => updateLead(trx, id, { city: 'Sevilla' }, by()),
      () => world.undo(batch.import_batch_id),
    )
    const lead = await world.db.kysely.selectFrom('sales_leads').selectAll().where('id', '=', id).executeTakeFirst()
    expect(lead).toMatchObject({ city: 'Sevilla', title: 'Chief' })
  })
})
