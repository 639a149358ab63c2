import type { Db } from '@leads/core/database/engine'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { createUnlimitedQuery } from '@leads/core/database/time-limit'
import { withTransaction } from '@leads/core/database/transaction'
import { getSeries } from '@leads/core/stats/get-series'
import { getStats, type StatsInput } from '@leads/core/stats/get-stats'
import { compareLeadCounts, foldLeadCounts, recountLeads } from '@leads/core/stats/lead-counts'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { createOpener } from './open-databases.ts'

vi.setConfig({ testTimeout: 120_000 })

/** The same database, read without counts. */
const scanned = (db: Db): Db => ({ ...db, engine: { ...db.engine, has_lead_counts: false } })

/** Repeatable random integers below a limit. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const DAY_MS = 86_400_000
const FIRST_DAY = Date.UTC(1966, 3, 1) / DAY_MS
const DAYS = 60 * 365

describe.runIf(ENGINES.includes('postgres'))('counts of leads of many years', () => {
  const open = createOpener(4)

  /** 4,000 leads: most of the last two years, which they fill, and some of each earlier one. */
  const seed = (db: Db) =>
    sql`insert into sales_leads (source, external_id, country, lead_status, created_at)
      select 'apify', 'long:' || g, (array['Spain', 'Kenya', null])[1 + g % 3], (array['new', 'contacted'])[1 + g % 2],
        timestamptz '1970-01-01T00:00:00Z'
          + (${FIRST_DAY} + case when g % 4 = 0 then g * 7919 % ${DAYS} else ${DAYS} - g * 31 % 730 end) * interval '1 day'
          + (g * 104729 % 86400) * interval '1 second'
      from generate_series(1, 4000) as g`.execute(db.kysely)

  const now = () => new Date('2026-06-01T00:00:00Z')
  const random = createRandom(11)
  /** The start of a quarter, a day or a longer period, or any time near one. */
  const randomTime = (): Date => {
    const day = FIRST_DAY + (random(2) === 0 ? random(DAYS) : DAYS - random(800))
    const multiple = [1, 8, 64, 512][random(4)] as number
    const offset_ms = [0, 0, 900_000 * random(96), random(DAY_MS), -1][random(5)] as number
    return new Date(Math.floor(day / multiple) * multiple * DAY_MS + offset_ms)
  }
  const randomPeriod = (): StatsInput => {
    const [since, until] = [randomTime(), randomTime()].sort((a, b) => a.getTime() - b.getTime())
    return [{}, { since }, { until }, { since, until }, { since, until }][random(5)] as StatsInput
  }
  const expectExact = async (db: Db, step: string, periods = 8): Promise<void> => {
    for (const period of [{}, ...Array.from({ length: periods }, randomPeriod)])
      expect(await getStats(db, period), `${step}, ${JSON.stringify(period)}`).toEqual(
        await getStats(scanned(db), period),
      )
  }

  test('statistics of any period are exact, whatever was changed', async () => {
    const { db } = await open()
    await seed(db)
    await expectExact(db, 'nothing folded')
    await foldLeadCounts(db)
    await expectExact(db, 'all folded', 60)
    for (let step = 0; step < 14; step += 1) {
      const changed = randomPeriod()
      const within = sql`created_at >= ${changed.since ?? new Date('2025-10-01')} and created_at < ${changed.until ?? now()}`
      const change = [
        sql`update sales_leads set country = 'Chile' where ${within} and id % 5 = ${random(5)}`,
        sql`update sales_leads set is_deleted = not is_deleted where ${within}`,
        sql`delete from sales_leads where ${within} and id % 9 = 0`,
        sql`update sales_leads set created_at = created_at - ${random(600)} * interval '1 day' where id % 50 = ${random(50)}`,
        // Many of the last days with leads become empty, and nothing is folded.
        sql`update sales_leads set is_deleted = true where created_at > ${new Date((FIRST_DAY + DAYS - 60) * DAY_MS)}`,
        sql`update sales_leads set is_deleted = false where is_deleted`,
      ][random(6)] as typeof within
      await change.execute(db.kysely)
      if (random(2) === 0) await foldLeadCounts(db)
      await expectExact(db, `step ${step}`)
    }
    expect(await recountLeads({ db, now })).toBe(0)
  })

  test('a long period is read from few rows', async () => {
    const { db } = await open()
    await seed(db)
    await foldLeadCounts(db)
    await sql`vacuum analyze lead_counts`.execute(db.kysely)
    const readOf = async (period: StatsInput): Promise<number> => {
      let rows = 0
      await getStats(db, period, async (query) => {
        const explained = sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`explain (analyze, format json) ${query}`
        const result = await explained.execute(db.kysely)
        rows += countRows(result.rows[0]?.['QUERY PLAN'][0].Plan)
        return (await query.execute(db.kysely)).rows
      })
      return rows
    }
    const { rows } = await sql<{ n: number }>`
      select count(*)::integer as n from lead_counts where grain_s = 86400`.execute(db.kysely)
    expect(rows[0]?.n).toBeGreaterThan(8000)
    // Each of 8 values has a row for each of some 43 longest periods, and up to 14 of each shorter length.
    expect(await readOf({})).toBeLessThan(43 * 8 + 2 * 91 + 50)
    const since = new Date('1981-02-03T04:05:06Z')
    expect(await readOf({ since, until: new Date('2026-02-03T04:05:06Z') })).toBeLessThan(1200)
  })

  test('the migration adds up what was counted before it, and can be reverted', async () => {
    const { db, url } = await open()
    await migrateDown(url, { to: '016' })
    await seed(db)
    await foldLeadCounts(db)
    const longer = () =>
      sql<{ n: number }>`select count(*)::integer as n from lead_counts where grain_s > 86400`
        .execute(db.kysely)
        .then(({ rows }) => rows[0]?.n)
    expect(await longer()).toBe(0)
    await migrateUp(url)
    expect(await longer()).toBeGreaterThan(1000)
    await expectExact(db, 'migrated', 30)
    expect(await recountLeads({ db, now })).toBe(0)
    await migrateDown(url, { to: '016' })
    expect(await longer()).toBe(0)
    // Changes that are folded without the longer periods are in them after the next migration.
    await sql`update sales_leads set country = 'Chile' where id % 3 = 0`.execute(db.kysely)
    await foldLeadCounts(db)
    await migrateUp(url)
    await expectExact(db, 'migrated again', 30)
  })

  test('a recount corrects longer periods that are not the sums of their days', async () => {
    const { db } = await open()
    await seed(db)
    await foldLeadCounts(db)
    await withTransaction(db, async ({ kysely }) => {
      await sql`update lead_counts set leads_count = leads_count + 1 where grain_s = 5529600 and period % 10 = 0`.execute(
        kysely,
      )
      await sql`delete from lead_counts where grain_s = 44236800 and dimension = 'country'`.execute(kysely)
    })
    const compare = () => compareLeadCounts(db, createUnlimitedQuery(db))
    expect((await compare())?.wrong_sums).toBeGreaterThan(0)
    expect((await getStats(db)).by_country).toEqual([])
    expect(await recountLeads({ db, now })).toBeGreaterThan(0)
    expect(await compare()).toEqual({ counted: 4000, leads: 4000, wrong_values: 0, wrong_sums: 0 })
    await expectExact(db, 'recounted', 30)
  })

  test('a series in UTC reads the counts of days, under each name of UTC', async () => {
    const { db } = await open()
    await seed(db)
    await foldLeadCounts(db)
    const end = (FIRST_DAY + DAYS) * DAY_MS
    const [since, until] = [new Date(end - 300 * DAY_MS + 4_000_001), new Date(end - 5 * DAY_MS - 70_000)]
    const input = { measure: 'leads', by: 'country', since, until } as const
    const expected = await getSeries(scanned(db), { ...input, zone: 'Africa/Abidjan' })
    for (const zone of ['UTC', 'Etc/UTC', 'GMT']) {
      expect(await getSeries(db, { ...input, zone })).toEqual({ ...expected, zone })
      expect(await getSeries(scanned(db), { ...input, zone })).toEqual({ ...expected, zone })
    }
    await sql`delete from lead_counts where grain_s = 900`.execute(db.kysely)
    const whole = { ...input, since: new Date(end - 300 * DAY_MS), until: new Date(end - 5 * DAY_MS) }
    expect(await getSeries(db, whole)).toEqual(await getSeries(scanned(db), whole))
  })
})

interface PlanNode {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  Plans?: PlanNode[]
}

/** Rows that scans of lead_counts returned. */
function countRows(node: PlanNode | undefined): number {
  if (!node) return 0
  const own = node['Relation Name'] === 'lead_counts' ? node['Actual Rows'] * node['Actual Loops'] : 0
  return (node.Plans ?? []).reduce((sum, child) => sum + countRows(child), own)
}
