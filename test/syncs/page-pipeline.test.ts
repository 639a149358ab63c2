import type { Database, Db } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { buryLeads } from '@leads/core/duplicates/tombstones'
import { createCompanyCache } from '@leads/core/ingest/company-cache'
import { createMapper } from '@leads/core/mapping/map-item'
import { createPagePipeline, type PagePipeline } from '@leads/core/syncs/page-pipeline'
import { CALL_ATTEMPTS_MAX } from '@leads/core/syncs/retry-policy'
import { buildSyncProvenance } from '@leads/core/syncs/sync-provenance'
import { getOrCreateSync } from '@leads/core/syncs/sync-state'
import type { PageItem } from '@leads/core/syncs/write-page'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { readContents, sizes } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

const mapItem = createMapper()

function pageItem(item: unknown): PageItem {
  const raw = JSON.stringify(item)
  const mapped = mapItem(item)
  if (mapped.outcome === 'rejected') return { raw, reason: mapped.reason }
  return { raw, lead: { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: raw } }
}

const pageOf = (count: number, from: number): PageItem[] => places(count, from).map(pageItem)

/** As if the mapper had a fault: no column takes this id. */
function overlong(item: PageItem): PageItem {
  if (!('lead' in item)) throw new Error('Only leads have an id.')
  const lead = { ...item.lead.lead, external_id: `${item.lead.lead.external_id}${'x'.repeat(300)}` }
  return { ...item, lead: { ...item.lead, lead } }
}

/**
 * Pages are sent ahead where the engine has a statement for a whole page. Each test holds a lock that the first of two
 * pages needs, waits until the server says that it waits and the second one is behind it, and then does its worst.
 */
describe.each(ENGINES.filter((engine) => engine === 'postgres'))('two pages in flight (%s)', (engine) => {
  let world: World
  let others: Database
  let dataset_id: string
  beforeEach(async () => {
    world = await createWorld(engine)
    others = await openDatabase(world.database_url, { connections_max: 5 })
  })
  afterEach(async () => {
    await others.close()
    await world.close()
  })

  interface Flight {
    pages: PagePipeline
    /** Items of each page that was reported. */
    told: number[]
    /** Both pages: the second is sent while the first waits. */
    landed: Promise<unknown>
  }

  interface Options {
    db?: Db
    on_duplicate?: 'merge' | 'skip'
    /** Written first, so that the connection knows the statement: from then on it is sent without asking. */
    warmUp?: PageItem[]
  }

  async function ready(first: PageItem[], second: PageItem[], options: Options = {}): Promise<() => Flight> {
    const { db = world.db, on_duplicate = 'merge', warmUp = pageOf(10, 1000) } = options
    const items = [...warmUp, ...first, ...second].map(({ raw }) => JSON.parse(raw) as unknown)
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items })
    const { dataset_ids } = await world.apify.getRun('run')
    dataset_id = dataset_ids[0] as string
    const sync = await getOrCreateSync(db, 'run', world.clock.now())
    const origin = buildSyncProvenance({ ...sync, actor_id: 'ann/places' })
    const told: number[] = []
    const writer = {
      db,
      log: world.log,
      on_duplicate,
      companies: createCompanyCache(),
      origin: () => ({ ...origin, at: world.clock.now() }),
    }
    const pages = createPagePipeline(writer, sync, dataset_id, (after, before) => {
      told.push(after.total_records - before.total_records)
    })
    await pages.write(warmUp)
    await pages.flush()
    world.clock.ms += 1000
    return () => {
      const land = async () => {
        await pages.write(first)
        await pages.write(second)
        await pages.flush()
      }
      const landed = land()
      landed.catch(() => {})
      return { pages, told, landed }
    }
  }

  /** Sessions that wait for a lock. */
  async function waiting(): Promise<number[]> {
    const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(others.kysely)
    return rows.map(({ pid }) => pid)
  }

  /** Runs `whileLocked` in the transaction that holds what `lock` locks, while the pages wait for it; then commits. */
  async function whileWaiting(
    go: () => Flight,
    lock: (trx: Db) => Promise<unknown>,
    whileLocked: (trx: Db, flight: Flight) => Promise<unknown> = async () => {},
  ): Promise<Flight> {
    return withTransaction(others, async (trx) => {
      await lock(trx)
      const flight = go()
      await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toHaveLength(1)
      await whileLocked(trx, flight)
      return flight
    })
  }

  const pidOf = async (trx: Db): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx.kysely)
    return rows[0]?.pid ?? 0
  }

  /** Awaits that a session waits for a lock that the session `pid` holds. */
  const isAwaited = (pid: number) =>
    expect
      .poll(
        async () => {
          const { rows } = await sql<{ count: number }>`select count(*)::integer as count from pg_stat_activity
            where datname = current_database() and ${pid}::integer = any(pg_blocking_pids(pid))`.execute(others.kysely)
          return rows[0]?.count
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe(1)

  /**
   * Holds what `ours` locks and takes what `theirs` locks when the pages' session has it already, while that one wants
   * `ours`. A session looks for a deadlock once, a second after it began to wait: the session that closes the circle has to be the
   * pages' session, or a slow machine decides which one is stopped, and after how long. So that one is kept waiting for
   * the `gate`, between the two, until the circle is open at no other place. Again when it retries.
   */
  async function deadlock(
    go: () => Flight,
    { theirs, gate, ours }: Record<'theirs' | 'gate' | 'ours', (trx: Db) => Promise<unknown>>,
    times = 1,
  ): Promise<Flight> {
    return withTransaction(others, async (trx) => {
      await sql`set local deadlock_timeout = '60s'`.execute(trx.kysely)
      await ours(trx)
      const pid = await pidOf(trx)
      let flight: Flight | undefined
      for (let time = 1; time <= times; time += 1) {
        const closing = await withTransaction(others, async (keeper) => {
          await gate(keeper)
          if (flight) await sql`rollback to savepoint open`.execute(trx.kysely)
          else flight = go()
          await isAwaited(await pidOf(keeper))
          await sql`savepoint open`.execute(trx.kysely)
          const taken = theirs(trx)
          taken.catch(() => {})
          await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toContain(pid)
          return { taken }
        })
        await closing.taken
      }
      return flight as Flight
    })
  }

  const theCheckpoint = (trx: Db) =>
    trx.kysely.selectFrom('apify_sync_states').select('id').where('run_id', '=', 'run').forUpdate().execute()

  const bakery = (number: number): string => `google_place:ChIJbakery${String(number).padStart(10, '0')}`
  const leadOf = (number: number) => ({ column: 'external_id', value: bakery(number) }) as const

  async function accounts(): Promise<number[]> {
    const row = await world.row('run')
    const { total_records, synced_records, duplicate_records, failed_records } = row
    expect(total_records).toBe(synced_records + duplicate_records + failed_records)
    expect(row.next_offset).toBe(total_records)
    return [synced_records, duplicate_records, failed_records]
  }

  async function leadCount(): Promise<number> {
    const { leads, sources, events } = sizes(await readContents(world.db))
    expect(sources).toBe(leads)
    expect(events).toBeGreaterThanOrEqual(leads as number)
    return leads as number
  }

  test('do not bring back a lead that was deleted permanently since the pages before', async () => {
    const go = await ready(pageOf(10, 1000), pageOf(5, 10))
    const { id } = await world.db.kysely
      .selectFrom('sales_leads')
      .select('id')
      .where('external_id', '=', bakery(1003))
      .executeTakeFirstOrThrow()
    await withTransaction(others, async (trx) => {
      await buryLeads(trx, [id], world.clock.now())
      await trx.kysely.deleteFrom('sales_leads').where('id', '=', id).execute()
    })
    const { landed } = go()
    await landed
    expect(await leadCount()).toBe(14)
    expect(await accounts()).toEqual([15, 10, 0])
  })

  test('are written once when the lock is released, and reported in their order', async () => {
    const flight = await whileWaiting(await ready(pageOf(10, 0), pageOf(5, 10)), theCheckpoint)
    await flight.landed
    expect(flight.told).toEqual([10, 10, 5])
    expect(await accounts()).toEqual([25, 0, 0])
    expect(await leadCount()).toBe(25)
  })

  test('write leads, identities and sightings in the order of all writers, so that none waits for another in a circle', async () => {
    for (const [id, items] of [
      ['first', places(3)],
      ['second', places(6)],
    ] as const)
      world.simulator.state.addRun({ id, actor_id: 'ann/places', items, finished_at: world.clock.ms - 60_000 })
    await world.sync('first')
    await sql`create table writes (position integer generated always as identity, name text)`.execute(others.kysely)
    await sql`create function note_write() returns trigger language plpgsql as $$ begin
      insert into writes (name) values (tg_table_name); return new; end $$`.execute(others.kysely)
    const tables = ['sales_leads', 'lead_identities', 'lead_sightings']
    for (const table of tables)
      await sql`create trigger note_write before insert on ${sql.table(table)} for each row execute function note_write()`.execute(
        others.kysely,
      )
    expect(await world.sync('second')).toMatchObject({ outcome: 'completed' })
    const { rows } = await sql<{ name: string }>`select name from writes order by position`.execute(others.kysely)
    expect(rows.filter(({ name }) => name === 'sales_leads')).toHaveLength(3)
    expect([...new Set(rows.map(({ name }) => name))]).toEqual(tables)
    expect(rows.findLastIndex(({ name }) => name === 'sales_leads')).toBeLessThan(
      rows.findIndex(({ name }) => name === 'lead_identities'),
    )
    expect(rows.findLastIndex(({ name }) => name === 'lead_identities')).toBeLessThan(
      rows.findIndex(({ name }) => name === 'lead_sightings'),
    )
  })

  test('go over one connection, also the first of them', async () => {
    const connections = async () => {
      const { rows } = await sql<{ count: number }>`select count(*)::integer as count from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend'`.execute(others.kysely)
      return rows[0]?.count ?? 0
    }
    const before = await connections()
    const db = await openDatabase(world.database_url, { connections_max: 10 })
    try {
      const { landed } = (await ready(pageOf(5, 0), pageOf(5, 5), { db }))()
      await landed
      expect((await connections()) - before).toBe(1)
      expect(await accounts()).toEqual([20, 0, 0])
    } finally {
      await db.close()
    }
  })

  test.each([
    ['ten connections', { connections_max: 10 }, ''],
    ['one connection', { connections_max: 1 }, ''],
    ['statements that are not prepared', { connections_max: 1 }, '?prepare=false'],
  ])('the page behind one that the database refuses follows the remainder of that one (%s)', async (_, open, query) => {
    const db = await openDatabase(`${world.database_url}${query}`, open)
    try {
      const first = pageOf(10, 0).map((item, index) => (index === 4 ? overlong(item) : item))
      const flight = await whileWaiting(await ready(first, pageOf(5, 10), { db }), theCheckpoint)
      await flight.landed
      expect(flight.told).toEqual([10, 10, 5])
      expect(await accounts()).toEqual([24, 0, 1])
      expect(await leadCount()).toBe(24)
      const { rejections } = await readContents(world.db)
      expect(rejections).toMatchObject([{ dataset_id, item_offset: 14 }])
    } finally {
      await db.close()
    }
  })

  test('two refused pages, one behind the other, lose only the failing items', async () => {
    const faulty = (from: number) => pageOf(8, from).map((item, index) => (index % 4 === 0 ? overlong(item) : item))
    const flight = await whileWaiting(await ready(faulty(0), faulty(8)), theCheckpoint)
    await flight.landed
    expect(flight.told).toEqual([10, 8, 8])
    expect(await accounts()).toEqual([22, 0, 4])
    expect((await readContents(world.db)).rejections.map(({ item_offset }) => item_offset)).toEqual([10, 14, 18, 22])
  })

  test('pages of rejections, of nothing but duplicates, and with duplicates in them are accounted for', async () => {
    const rejected = Array.from({ length: 4 }, () => pageItem({}))
    const changed = pageItem(place(5, { city: 'Shelbyville' }))
    const again = [...pageOf(3, 4), ...pageOf(3, 4), changed]
    const flight = await whileWaiting(await ready(rejected, again), theCheckpoint)
    await flight.landed
    expect(flight.told).toEqual([10, 4, 7])
    expect(await accounts()).toEqual([13, 4, 4])
    const { leads, events } = await readContents(world.db)
    expect(leads.find(({ external_id }) => external_id === bakery(5))).toMatchObject({ city: 'Shelbyville' })
    expect(events.filter(({ event_type }) => event_type === 'updated')).toHaveLength(1)
  })

  test('leads that another run is creating are not created twice', async () => {
    const at = world.clock.now()
    const flight = await whileWaiting(await ready(pageOf(10, 0), pageOf(5, 8)), (trx) =>
      trx.kysely
        .insertInto('sales_leads')
        .values({
          provider_name: 'apify',
          external_id: bakery(3),
          full_name: 'Ann',
          source: 'apify',
          run_id: 'other',
          created_at: at,
          updated_at: at,
        })
        .execute(),
    )
    await flight.landed
    expect(flight.told).toEqual([10, 10, 5])
    expect(await accounts()).toEqual([22, 3, 0])
    expect((await readContents(world.db)).leads).toHaveLength(23)
  })

  test('a page with a lead that is being created elsewhere is sent again, and the one behind it, each as one statement', async () => {
    let transactions = 0
    const transact: Db['transact'] = (work) => {
      transactions += 1
      return (world.db.transact as NonNullable<Db['transact']>)(work)
    }
    const db: Db = Object.assign(Object.create(world.db) as Db, { transact })
    const at = world.clock.now()
    const lead = { provider_name: 'apify', external_id: bakery(3), full_name: 'Ann', source: 'apify' } as const
    const flight = await whileWaiting(await ready(pageOf(10, 0), pageOf(5, 8), { db, on_duplicate: 'skip' }), (trx) =>
      trx.kysely
        .insertInto('sales_leads')
        .values({ ...lead, run_id: 'other', created_at: at, updated_at: at })
        .execute(),
    )
    await flight.landed
    expect(flight.told).toEqual([10, 10, 5])
    expect(await accounts()).toEqual([22, 3, 0])
    expect((await readContents(world.db)).leads).toHaveLength(23)
    expect(transactions).toBe(0)
  })

  test('behind a page that was written again, the next one is compared with what that one wrote', async () => {
    const says = (city: string) => pageItem(place(3, { city }))
    world.simulator.state.addRun({
      id: 'old',
      actor_id: 'bob/other',
      items: [...places(30, 100), place(3, { city: 'Shelbyville' })],
    })
    await world.syncToEnd('old')
    // Taken away, to be brought by another consumer while the first page waits.
    await sql`create table kept_lead as select * from sales_leads where external_id = ${bakery(3)}`.execute(
      others.kysely,
    )
    await sql`create table kept_source as select * from lead_sources
      where lead_id = (select id from kept_lead)`.execute(others.kysely)
    for (const table of ['lead_events', 'lead_sources', 'lead_identities'])
      await sql`delete from ${sql.table(table)} where lead_id = (select id from kept_lead)`.execute(others.kysely)
    await sql`delete from sales_leads where id = (select id from kept_lead)`.execute(others.kysely)
    // Pages of leads that mostly exist are compared before they are sent: the second one behind the first one's statement.
    const first = [...pageOf(5, 100), says('Springfield')]
    const second = [...pageOf(5, 110), pageItem(place(115, { city: 'Ogdenville' })), says('Shelbyville')]
    const go = await ready(first, second, { warmUp: pageOf(5, 120) })
    const flight = await whileWaiting(go, async (trx) => {
      await sql`insert into sales_leads select * from kept_lead`.execute(trx.kysely)
      await sql`insert into lead_sources select * from kept_source`.execute(trx.kysely)
    })
    await flight.landed
    expect(flight.told).toEqual([5, 6, 7])
    const { leads, events } = await readContents(world.db)
    const changes = events.filter(({ event_type, lead: id }) => event_type === 'updated' && id === bakery(3))
    expect(changes.map(({ changed_fields }) => changed_fields)).toEqual([
      { city: { old: 'Shelbyville', new: 'Springfield' } },
      { city: { old: 'Springfield', new: 'Shelbyville' } },
    ])
    expect(leads.find(({ external_id }) => external_id === bakery(3))).toMatchObject({ city: 'Shelbyville' })
  })

  test('behind a page that another consumer took, the next is not written over what that one read', async () => {
    // Ten items too, but nine of this dataset, which had no more when it looked, and one of the next one.
    const theirs = {
      next_offset: 20,
      dataset_offsets: { [dataset_id]: 19, second: 1 },
      total_records: 20,
      synced_records: 20,
    }
    const flight = await whileWaiting(await ready(pageOf(10, 0), pageOf(1, 10)), theCheckpoint, (trx) =>
      trx.kysely
        .updateTable('apify_sync_states')
        .set({ ...theirs, last_sync_at: world.clock.now() })
        .where('run_id', '=', 'run')
        .execute(),
    )
    await expect(flight.landed).rejects.toThrow('Another consumer is working on run run.')
    expect(flight.told).toEqual([10])
    expect(await world.row('run')).toMatchObject(theirs)
  })

  test('behind a page that another consumer took, the next is left to that one, so that it is not stopped too', async () => {
    const theirs = { next_offset: 20, dataset_offsets: { [dataset_id]: 20 }, total_records: 20, synced_records: 20 }
    const flight = await whileWaiting(await ready(pageOf(10, 0), pageOf(5, 10)), theCheckpoint, (trx) =>
      trx.kysely
        .updateTable('apify_sync_states')
        .set({ ...theirs, last_sync_at: new Date(world.clock.ms + 1) })
        .where('run_id', '=', 'run')
        .execute(),
    )
    await expect(flight.landed).rejects.toThrow('Another consumer is working on run run.')
    expect(await world.row('run')).toMatchObject(theirs)
  })

  test.each([
    ['connection is lost', 'terminate', ''],
    ['connection is lost, without prepared statements', 'terminate', '?prepare=false'],
    ['statement is cancelled', 'cancel', ''],
    ['statement is cancelled, without prepared statements', 'cancel', '?prepare=false'],
  ])("the first one's %s: neither is written, and both come again", async (_, how, query) => {
    const db = await openDatabase(`${world.database_url}${query}`, { connections_max: 1 })
    try {
      const flight = await whileWaiting(
        await ready(pageOf(10, 0), pageOf(5, 10), { db }),
        theCheckpoint,
        async (_trx, { landed }) => {
          const [pid] = await waiting()
          await sql`select ${sql.raw(`pg_${how}_backend`)}(${pid}::integer)`.execute(others.kysely)
          await expect(landed).rejects.toSatisfy((error) => db.engine.classifyError(error) === 'transient')
        },
      )
      expect(flight.told).toEqual([10])
      expect(await accounts()).toEqual([10, 0, 0])
      // The connections serve on.
      expect(await getOrCreateSync(db, 'run', world.clock.now())).toMatchObject({ next_offset: 10 })
    } finally {
      await db.close()
    }
    await world.syncToEnd('run')
    expect(await accounts()).toEqual([25, 0, 0])
    expect(await leadCount()).toBe(25)
  })

  test('a deadlock of the first is retried, and the second follows it', async () => {
    world.simulator.state.addRun({ id: 'old', actor_id: 'ann/places', items: places(5) })
    await world.syncToEnd('old')
    const go = await ready(pageOf(10, 0), pageOf(5, 10))
    const lockLead = (number: number) => (trx: Db) => {
      const { column, value } = leadOf(number)
      return trx.kysely.selectFrom('sales_leads').select('id').where(column, '=', value).forUpdate().execute()
    }
    // The page holds the checkpoint and waits for the lead; who holds the lead wants the checkpoint.
    const flight = await deadlock(go, { theirs: theCheckpoint, gate: lockLead(1), ours: lockLead(3) })
    await flight.landed
    expect(world.log.lines.map(({ message }) => message)).not.toContain(
      'The sync was interrupted and will be tried again',
    )
    expect(flight.told).toEqual([10, 10, 5])
    expect(await accounts()).toEqual([20, 5, 0])
    expect(await leadCount()).toBe(25)
  })

  /** A place of a company that has many of them. */
  const branch = (number: number, company: number, description: string | null): PageItem => {
    const item = pageItem(place(number, { website: `https://www.chain-${company}.com/` }))
    if (!('lead' in item) || !item.lead.company) throw new Error('A place has a company.')
    return { ...item, lead: { ...item.lead, company: { ...item.lead.company, description } } }
  }
  const keyOf = (item: PageItem): string => ('lead' in item && item.lead.company?.company_key) || ''

  test.each([
    ['a deadlock', 1],
    ['two deadlocks, one after the other,', 2],
  ])('%s over companies: their page does not look lost, and their columns are filled', async (_, times) => {
    const says = ['Bread', 'Cake', 'Pie']
    const warmUp = says.map((_text, index) => branch(1001 + index, 1 + index, null))
    const [low, middle, high] = warmUp.map(keyOf).sort() as [string, string, string]
    const first = says.map((text, index) => branch(1 + index, 1 + index, text))
    const go = await ready(first, pageOf(5, 10), { warmUp })
    const lockCompany = (key: string) => (trx: Db) =>
      trx.kysely.selectFrom('companies').select('id').where('company_key', '=', key).forNoKeyUpdate().execute()
    const locks = { theirs: lockCompany(low), gate: lockCompany(middle), ours: lockCompany(high) }
    const flight = await deadlock(go, locks, times)
    await flight.landed
    expect(flight.told).toEqual([3, 3, 5])
    expect(await accounts()).toEqual([11, 0, 0])
    const { companies } = await readContents(world.db)
    const filled = companies.filter(({ company_key }) => [low, middle, high].includes(`${company_key}`))
    expect(filled.map(({ description }) => description)).toEqual(says)
  })

  test('what people do to leads while pages wait stays done, and every item is accounted for', async () => {
    world.simulator.state.addRun({ id: 'old', actor_id: 'bob/other', items: places(30) })
    await world.syncToEnd('old')
    const { kysely } = world.db
    const at = world.clock.now()
    const mark = (number: number, is_deleted: boolean) =>
      others.kysely
        .updateTable('sales_leads')
        .set({ is_deleted, deleted_at: is_deleted ? at : null })
        .where('external_id', '=', bakery(number))
        .execute()
    await mark(8, true)
    // Existing leads are queried first once a page consisted mostly of them: unchanged ones are not sent.
    const warmUp = pageOf(5, 20)
    const changed = pageItem(place(6, { phone: '+1 217 555 9999' }))
    const go = await ready([...pageOf(6, 0), ...pageOf(2, 7)], [...pageOf(10, 10), changed], { warmUp })
    const flight = await whileWaiting(go, theCheckpoint, async () => {
      await mark(1, true)
      await mark(8, false)
      await others.kysely
        .updateTable('sales_leads')
        .set({ phone: '+4930123456' })
        .where('external_id', '=', bakery(6))
        .execute()
      for (const number of [2, 12]) {
        const { id } = await kysely
          .selectFrom('sales_leads')
          .select('id')
          .where('external_id', '=', bakery(number))
          .executeTakeFirstOrThrow()
        for (const table of ['lead_events', 'lead_sources', 'lead_sightings'] as const)
          await others.kysely.deleteFrom(table).where('lead_id', '=', id).execute()
        await others.kysely.deleteFrom('sales_leads').where('id', '=', id).execute()
      }
    })
    await flight.landed
    expect(flight.told).toEqual([5, 8, 11])
    expect(await accounts()).toEqual([2, 22, 0])
    const { leads } = await readContents(world.db)
    const lead = (number: number) => leads.find(({ external_id }) => external_id === bakery(number))
    expect(leads).toHaveLength(30)
    expect([1, 8].map((number) => lead(number)?.is_deleted)).toEqual([true, false])
    expect(lead(6)).toMatchObject({ phone: '+4930123456', run_id: 'old' })
    expect([2, 12].map((number) => lead(number)?.run_id)).toEqual(['run', 'run'])
  })

  test('companies that are deleted permanently while their pages wait are created again', async () => {
    const go = await ready([branch(1, 1, null), branch(2, 2, null)], [branch(3, 1, null)], {
      warmUp: [branch(1001, 1, null), branch(1002, 2, null)],
    })
    const removeAll = async () => {
      const { kysely } = others
      await kysely.updateTable('sales_leads').set({ company_id: null }).execute()
      await kysely.deleteFrom('companies').execute()
    }
    const flight = await whileWaiting(go, theCheckpoint, removeAll)
    await flight.landed
    expect(flight.told).toEqual([2, 2, 1])
    expect(await accounts()).toEqual([5, 0, 0])
    const { leads, companies } = await readContents(world.db)
    expect(companies).toHaveLength(2)
    expect(leads.filter(({ company_key }) => company_key !== null)).toHaveLength(3)
  })

  describe('when every read of Apify behind them fails', () => {
    const items = '/v2/datasets/*/items'
    beforeEach(() => {
      world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(45) })
      world.simulator.state.faults.add({ path: items, skip: 3, count: CALL_ATTEMPTS_MAX, fault: { reset: 'before' } })
    })
    const start = () => {
      const landed = world.sync('run', { page_rows_max: 10 })
      landed.catch(() => {})
      return { landed }
    }
    /** The second page wants it; the third is behind it, and the fourth cannot be read. */
    const takeLead = (trx: Db) => {
      const at = world.clock.now()
      const audit = { source: 'apify', run_id: 'other', created_at: at, updated_at: at } as const
      return trx.kysely
        .insertInto('sales_leads')
        .values({ provider_name: 'apify', external_id: bakery(13), full_name: 'Ann', ...audit })
        .execute()
    }
    const isFourthAsked = () =>
      world.simulator.state.requests.list().filter(({ path }) => path.endsWith('/items')).length >= 4

    test('they are written before the sync ends', async () => {
      const undo = new Error('undo')
      let landed: Promise<unknown> = Promise.resolve()
      const held = withTransaction(others, async (trx) => {
        await takeLead(trx)
        ;({ landed } = start())
        await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toHaveLength(1)
        await expect.poll(isFourthAsked, { timeout: 20_000, interval: 5 }).toBe(true)
        throw undo
      })
      await expect(held).rejects.toBe(undo)
      expect(await landed).toMatchObject({ reason: 'interrupted' })
      expect((await world.row('run')).error_message).toContain('items 30… of dataset')
      expect(await accounts()).toEqual([30, 0, 0])
      await world.syncToEnd('run', { page_rows_max: 10 })
      expect(await accounts()).toEqual([45, 0, 0])
      expect(await leadCount()).toBe(45)
    })

    test('and the connection is lost at the same time, all that was not written comes again', async () => {
      const undo = new Error('undo')
      const held = withTransaction(others, async (trx) => {
        await takeLead(trx)
        const { landed } = start()
        await expect.poll(waiting, { timeout: 20_000, interval: 5 }).toHaveLength(1)
        await expect.poll(isFourthAsked, { timeout: 20_000, interval: 5 }).toBe(true)
        const [pid] = await waiting()
        await sql`select pg_terminate_backend(${pid}::integer)`.execute(others.kysely)
        expect(await landed).toMatchObject({ reason: 'interrupted' })
        throw undo
      })
      await expect(held).rejects.toBe(undo)
      expect(await accounts()).toEqual([10, 0, 0])
      expect(await world.row('run')).toMatchObject({ retry_count: 0, sync_status: 'syncing' })
      await world.syncToEnd('run', { page_rows_max: 10 })
      expect(await accounts()).toEqual([45, 0, 0])
      expect(await leadCount()).toBe(45)
    })
  })
})
