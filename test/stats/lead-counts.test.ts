import { cleanUp } from '@leads/core/cleanup/clean-up'
import type { Db } from '@leads/core/database/engine'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { withTransaction } from '@leads/core/database/transaction'
import { createLead } from '@leads/core/leads/create-lead'
import { enrichLead } from '@leads/core/leads/enrich-lead'
import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import { noopLog } from '@leads/core/log'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { Problem } from '@leads/core/problem'
import { getSeries, type SeriesInput } from '@leads/core/stats/get-series'
import { getStats, type StatsInput } from '@leads/core/stats/get-stats'
import { completeLeadCounts, foldLeadCounts, hasLeadCounts, recountLeads } from '@leads/core/stats/lead-counts'
import { normalizeRows } from '@leads/core/stored-values/normalize-rows'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { type SeedLead, seedLeads } from '../api/seed.ts'
import { createImportWorld, type ImportWorld } from '../file-imports/world.ts'
import { describeEachEngine, ENGINES } from '../setup/engines.ts'
import { createWorld } from '../syncs/world.ts'
import { createOpener } from './open-databases.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The same database, read without counts. */
const scanned = (db: Db): Db => ({ ...db, engine: { ...db.engine, has_lead_counts: false } })

const times = ['2026-04-30T23:59:59.999Z', '2026-05-01T08:00:02.500Z', '2026-05-01T08:15:00Z', '2026-05-03T00:00:00Z']
const periods: StatsInput[] = [
  {},
  ...times.map((since) => ({ since: new Date(since) })),
  ...times.map((until) => ({ until: new Date(until) })),
  { since: new Date(times[0] as string), until: new Date(times[3] as string) },
  { since: new Date(times[1] as string), until: new Date(times[2] as string) },
]
const series: Omit<SeriesInput, 'since' | 'until'>[] = [
  { measure: 'leads' },
  { measure: 'leads', by: 'country', zone: 'Asia/Kathmandu' },
  { measure: 'leads', by: 'lead_status', zone: 'Europe/Berlin', interval: 'week' },
  { measure: 'leads', by: 'actor' },
  { measure: 'leads', by: 'source' },
]

/** Statistics of the counts are those of a scan, for periods that begin and end anywhere. */
async function expectExact(db: Db, step: string): Promise<void> {
  for (const period of periods)
    expect(await getStats(db, period), `${step}, ${JSON.stringify(period)}`).toEqual(
      await getStats(scanned(db), period),
    )
  const [since, until] = [new Date('2026-04-01T10:07:00Z'), new Date('2026-08-01T09:00:00.001Z')]
  for (const input of series) {
    const sorted = async (handle: Db) => {
      const { series: groups } = await getSeries(handle, { ...input, since, until })
      return groups.toSorted((a, b) => (String(a.key) < String(b.key) ? -1 : 1))
    }
    expect(await sorted(db), `${step}, ${JSON.stringify(input)}`).toEqual(await sorted(scanned(db)))
  }
}

/** And a scan finds what a reader of the table counts. */
async function expectScanned(db: Db): Promise<void> {
  const leads = await db.kysely
    .selectFrom('sales_leads')
    .select(['lead_status', 'country'])
    .where('is_deleted', '=', false)
    .execute()
  const stats = await getStats(db)
  expect(stats.leads_count).toBe(leads.length)
  for (const { value, leads_count } of stats.by_country)
    expect(leads.filter(({ country }) => country === value)).toHaveLength(leads_count)
}

/** Repeatable random numbers. */
function createRandom(seed: number): <Value>(values: readonly Value[]) => Value {
  let state = seed
  return (values) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return values[Math.floor((state / 2 ** 32) * values.length)] as (typeof values)[number]
  }
}

const countries = ['Spain', 'Portugal', 'Kenya']

/** What changes leads, each with what it draws at random. */
function createOperations(world: ImportWorld, pick: ReturnType<typeof createRandom>) {
  const { db, now } = world
  const by = () => ({ actor: 'ann', event_source: 'api' as const, at: now() })
  const batches: string[] = []
  let names = 0
  const pickId = async (is_deleted: boolean): Promise<number | undefined> => {
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select('id')
      .where('is_deleted', '=', is_deleted)
      .orderBy('id')
      .execute()
    return rows.length === 0 ? undefined : pick(rows).id
  }
  const withLead = async (work: (id: number) => Promise<unknown>, is_deleted = false): Promise<void> => {
    const id = await pickId(is_deleted)
    if (id !== undefined) await work(id)
  }
  const operations: Record<string, () => Promise<unknown>> = {
    create: () => createLead(db, { full_name: `Person ${++names}`, country: pick(countries), email: null }, by()),
    edit: () => withLead((id) => updateLead(db, id, { country: pick([...countries, null]) }, by())),
    advance: () => withLead((id) => updateLead(db, id, { lead_status: pick(['new', 'contacted', 'converted']) }, by())),
    enrich: () =>
      withLead((id) =>
        enrichLead(db, id, pick([{ status: 'enriched', data: {} } as const, { status: 'failed', error: 'x' }]), by()),
      ),
    delete: () => withLead((id) => removeLead(db, id, by())),
    restore: () => withLead((id) => restoreLead(db, id, by()), true),
    merge: () =>
      withLead(async (keeper) => {
        const merged = await pickId(false)
        if (merged !== undefined && merged !== keeper) await mergeLeads(db, keeper, merged, by())
      }),
    unmerge: () => withLead((id) => unmergeLead(db, id, by()), true),
    async import() {
      const rows = Array.from({ length: 12 }, () => {
        const number = pick(Array.from({ length: 40 }, (_, index) => index))
        return `Ana${number} Lopez,ana${number}@firm${number}.com,${pick(countries)}`
      })
      const { batch } = await world.import(`name,email,country\n${rows.join('\n')}\n`, { again: true })
      batches.push(batch.import_batch_id)
    },
    async undo() {
      const id = batches.pop()
      if (id !== undefined) await world.undo(id)
    },
    purge: () =>
      cleanUp({
        db,
        log: noopLog,
        retention_days: 0,
        rejection_retention_days: 90,
        is_dry_run: false,
        now,
        remaining_ms: () => 60_000,
      }),
    async normalize() {
      await withLead((id) =>
        sql`update sales_leads set country = ${pick(['ES', 'pt', ' Kenya'])} where id = ${id}`.execute(db.kysely),
      )
      await normalizeRows({ db, log: noopLog, now, is_dry_run: false })
    },
    fold: () => foldLeadCounts(db),
    async recount() {
      expect(db.engine.has_lead_counts ? await recountLeads({ db, now }) : 0).toBe(0)
    },
  }
  return operations
}

describeEachEngine('counts of leads', (engine) => {
  test('statistics are exact after any order of changes', async () => {
    const world = await createImportWorld(engine)
    try {
      const pick = createRandom(7)
      const operations = createOperations(world, pick)
      await operations.import?.()
      const done: string[] = []
      for (let step = 0; step < 100; step += 1) {
        const name = pick(Object.keys(operations))
        done.push(name)
        await operations[name]?.().catch((error: unknown) => {
          // Some do not apply, such as restoring a lead that was merged.
          if (!(error instanceof Problem)) throw error
        })
        if (step % 10 === 9) await expectExact(world.db, done.slice(-10).join(' '))
      }
      await expectScanned(world.db)
    } finally {
      await world.close()
    }
  })

  test('statistics are exact after a sync that inserts leads and one that changes them', async () => {
    const world = await createWorld(engine)
    try {
      const person = (number: number, country: string) => ({
        id: `person-${number}`,
        name: `Person ${number}`,
        email: `person${number}@firm.example`,
        country,
      })
      for (const shift of [0, 1]) {
        const items = Array.from({ length: 60 }, (_, index) =>
          person(index, countries[(index + shift) % countries.length] as string),
        )
        world.simulator.state.addRun({ id: `run-${shift}`, actor_id: 'ann/people', items })
        await world.syncToEnd(`run-${shift}`, { page_rows_max: 25 })
        await expectExact(world.db, `sync ${shift}`)
      }
      await expectScanned(world.db)
    } finally {
      await world.close()
    }
  })
})

describe.runIf(ENGINES.includes('postgres'))('counts of leads that the database keeps', () => {
  const open = createOpener(8)

  const now = () => new Date('2026-06-01T00:00:00Z')
  const leadsOfDays = (count: number, days: number): SeedLead[] =>
    Array.from({ length: count }, (_, index) => ({
      external_id: `counted:${index}`,
      country: countries[index % 3] as string,
      created_at: new Date(Date.UTC(2026, 3, 28 + (index % days), index % 24, index % 60)),
    }))

  test('an existing database is counted in batches, which may stop, while leads are changed', async () => {
    const { db, url } = await open()
    await migrateDown(url, { to: '014' })
    const ids = await seedLeads(db, leadsOfDays(60, 6))
    await migrateUp(url)
    expect(await hasLeadCounts(db)).toBe(false)
    let batches = 0
    let isFinished = false
    while (!isFinished) {
      // Enough time for the first look and one batch.
      let looks = 0
      isFinished = await completeLeadCounts({
        db,
        now,
        leads_per_batch: 15,
        remaining_ms: () => (++looks <= 2 ? 60_000 : 0),
      })
      batches += 1
      for (const id of ids.slice(batches * 7, batches * 7 + 5))
        await sql`update sales_leads set country = 'Chile', is_deleted = ${id % 2 === 0} where id = ${id}`.execute(
          db.kysely,
        )
      await seedLeads(db, [{ external_id: `later:${batches}`, created_at: new Date('2026-04-28T12:00:00Z') }])
      if (!isFinished) expect(await hasLeadCounts(db)).toBe(false)
      await expectExact(db, `batch ${batches}`)
    }
    expect(batches).toBeGreaterThan(3)
    expect(await hasLeadCounts(db)).toBe(true)
    await expectExact(db, 'complete')
    expect(await recountLeads({ db, now })).toBe(0)
  })

  test('down and up again loses no lead and counts all of them', async () => {
    const { db, url } = await open()
    await seedLeads(db, leadsOfDays(20, 3))
    await migrateDown(url, { to: '014' })
    expect((await getStats(scanned(db))).leads_count).toBe(20)
    await migrateUp(url)
    expect(await completeLeadCounts({ db, now, remaining_ms: () => 60_000 })).toBe(true)
    await expectExact(db, 'up again')
  })

  test('counts are exact while writers, folding and counting run at the same time', async () => {
    const { db } = await open()
    const ids = await seedLeads(db, leadsOfDays(40, 4))
    let isRunning = true
    const write = async (worker: number): Promise<void> => {
      for (let round = 0; round < 60; round += 1) {
        const id = ids[(round * 7 + worker * 13) % ids.length] as number
        await sql`update sales_leads set country = ${countries[(round + worker) % 3]}, is_deleted = ${round % 5 === 0}
          where id = ${id}`.execute(db.kysely)
      }
    }
    const maintain = async (work: () => Promise<unknown>): Promise<void> => {
      while (isRunning) await work()
    }
    const maintenance = [maintain(() => foldLeadCounts(db)), maintain(() => recountLeads({ db, now }))]
    await Promise.all([write(0), write(1), write(2)]).finally(() => {
      isRunning = false
    })
    await Promise.all(maintenance)
    await expectExact(db, 'afterwards')
    expect(await recountLeads({ db, now })).toBe(0)
  })

  test('a recount corrects counts that triggers have missed, and says how many', async () => {
    const { db } = await open()
    await seedLeads(db, leadsOfDays(10, 2))
    await sql`alter table sales_leads disable trigger user`.execute(db.kysely)
    await sql`update sales_leads set country = 'Peru' where country = 'Kenya'`.execute(db.kysely)
    await sql`alter table sales_leads enable trigger user`.execute(db.kysely)
    const countOf = async (country: string) =>
      (await getStats(db)).by_country.find(({ value }) => value === country)?.leads_count ?? 0
    expect(await countOf('Peru')).toBe(0)
    expect(await recountLeads({ db, now })).toBeGreaterThan(0)
    expect(await countOf('Peru')).toBe(3)
    await expectExact(db, 'recounted')
    expect(await recountLeads({ db, now })).toBe(0)
  })

  test('a page of an import leaves one change for each country, and folding leaves none', async () => {
    const { db } = await open()
    await sql`insert into sales_leads (source, provider_name, external_id, country, created_at)
      select 'apify', 'apify', 'page:' || g, (array['Spain', 'Kenya'])[1 + g % 2], timestamptz '2026-05-02T10:00:00Z'
      from generate_series(1, 500) as g`.execute(db.kysely)
    const changes = async () =>
      (await sql<{ leads_count: number }>`select leads_count from lead_count_changes`.execute(db.kysely)).rows
    expect(await changes()).toEqual([{ leads_count: 250 }, { leads_count: 250 }])
    await foldLeadCounts(db)
    expect(await changes()).toEqual([])
    await expectExact(db, 'folded')
  })

  test('a role that may write leads needs no rights on the counts', async () => {
    const { db } = await open()
    const role = `writer_${Date.now()}`
    await sql.raw(`create role ${role}`).execute(db.kysely)
    try {
      await sql.raw(`grant insert, select, update on sales_leads to ${role}`).execute(db.kysely)
      await withTransaction(db, async ({ kysely }) => {
        await sql.raw(`set local role ${role}`).execute(kysely)
        await sql`insert into sales_leads (source, country) values ('api', 'Kenya')`.execute(kysely)
        await sql`update sales_leads set country = 'Spain'`.execute(kysely)
      })
      expect((await getStats(db)).by_country).toEqual([{ value: 'Spain', leads_count: 1 }])
    } finally {
      await sql.raw(`drop owned by ${role}`).execute(db.kysely)
      await sql.raw(`drop role ${role}`).execute(db.kysely)
    }
  })
})
