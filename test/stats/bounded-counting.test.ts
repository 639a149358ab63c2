import type { Db } from '@leads/core/database/engine'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { getStats } from '@leads/core/stats/get-stats'
import { completeLeadCounts, foldLeadCounts, hasLeadCounts, recountLeads } from '@leads/core/stats/lead-counts'
import { sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { createOpener } from './open-databases.ts'

vi.setConfig({ testTimeout: 120_000 })

const now = () => new Date('2026-06-01T00:00:00Z')

/** Where the creation of leads lies: lead number g of so many. */
const distributions = {
  'all of one time': sql`timestamptz '2026-05-01T08:00:02.500Z'`,
  'of a few times of one quarter of an hour': sql`timestamptz '2026-05-01T08:00:02.500Z' + g / 40 * interval '1 ms'`,
  'of a few quarters of an hour': sql`timestamptz '2026-05-01T08:00:00Z' + g / 40 * interval '15 minutes'`,
  'of times that have no order': sql`timestamptz '2026-05-01T23:50:00Z' + g * 7919 % 1201 * interval '1 second'`,
}

/** The ids lie apart, so that twenty leads of one time have an order of seven blocks. */
const insertLeads = (db: Db, from: number, to: number, created_at: unknown): Promise<unknown> =>
  sql`insert into sales_leads (id, source, provider_name, external_id, country, created_at)
    select g * 20000, 'apify', 'apify', 'bounded:' || g, (array['Spain', 'Kenya', null])[1 + g % 3], ${created_at}
    from generate_series(${from}::integer, ${to}::integer) as g`.execute(db.kysely)

/** Rows of the counts and changes together that are not what the leads amount to. */
async function findWrongCounts(db: Db): Promise<unknown[]> {
  const dimensions = sql`cross join lateral (values ('lead_status', '=' || lead_status), ('source', '=' || source),
    ('country', coalesce('=' || country, ''))) as dimensions (dimension, value)
    cross join (values (900), (86400), (691200), (5529600), (44236800)) as grains (grain_s)`
  const period = sql`floor(extract(epoch from created_at) / grain_s)::integer`
  const { rows } = await sql`
    select grain_s, dimension, period, value, sum(n) as difference from (
      select grain_s, dimension, period, value, leads_count as n from lead_counts
      where dimension in ('lead_status', 'source', 'country') and grain_s > 0
      union all
      select grain_s, dimension, ${period}, value, leads_count from lead_count_changes ${dimensions}
      union all
      select grain_s, dimension, ${period}, value, -1 from sales_leads ${dimensions} where not is_deleted
    ) as rows group by 1, 2, 3, 4 having sum(n) <> 0`.execute(db.kysely)
  return rows
}

describe.runIf(ENGINES.includes('postgres'))('counting in batches', () => {
  const open = createOpener(4)

  /** Changes leads that are counted and leads that are not; some of the changes are added to the counts. */
  async function write(db: Db, round: number, created_at: unknown): Promise<void> {
    const some = (rest: number) => sql`(id / 20000 + ${round}::integer) % 11 = ${rest}::integer`
    await sql`update sales_leads set country = 'Chile' where ${some(1)}`.execute(db.kysely)
    await sql`update sales_leads set is_deleted = not is_deleted where ${some(2)}`.execute(db.kysely)
    if (round % 2 === 0) await foldLeadCounts(db)
    await sql`delete from sales_leads where ${some(3)} and id % 3 = 0`.execute(db.kysely)
    await sql`update sales_leads set created_at = created_at + interval '3 ms' where ${some(4)} and id % 7 = 0`.execute(
      db.kysely,
    )
    await insertLeads(db, 1000 + round * 10, 1005 + round * 10, created_at)
    // Ids within those that are counted: of a writer that has taken them long before it commits.
    await sql`insert into sales_leads (id, source, country, created_at)
      select id + 1 + ${round}::integer, 'api', 'Peru', created_at from sales_leads where ${some(5)} and id % 20000 = 0`.execute(
      db.kysely,
    )
    if (round % 3 === 0) await foldLeadCounts(db)
  }

  test.each(Object.keys(distributions) as (keyof typeof distributions)[])(
    'counts leads %s in many batches, while leads are changed',
    async (name) => {
      const created_at = distributions[name]
      const { db, url } = await open()
      await migrateDown(url, { to: '014' })
      await insertLeads(db, 1, 240, created_at)
      await migrateUp(url)
      let batches = 0
      for (let is_finished = false; !is_finished; ) {
        let looks = 0
        is_finished = await completeLeadCounts({
          db,
          now,
          leads_per_batch: 20,
          // Enough time for the first look and one batch.
          remaining_ms: () => (++looks <= 2 ? 60_000 : 0),
        })
        batches += 1
        expect(batches).toBeLessThan(300)
        if (batches < 12) await write(db, batches, created_at)
      }
      expect(batches).toBeGreaterThan(8)
      expect(await hasLeadCounts(db)).toBe(true)
      expect(await findWrongCounts(db)).toEqual([])
      await foldLeadCounts(db)
      expect(await findWrongCounts(db)).toEqual([])
      let round = 0
      const writers: Promise<void>[] = []
      const corrected = await recountLeads({ db, now, leads_per_batch: 20 }, () => {
        if (++round < 6) writers.push(write(db, 100 + round, created_at))
      })
      await Promise.all(writers)
      expect(corrected).toBe(0)
      expect(await findWrongCounts(db)).toEqual([])
    },
  )

  test('a recount corrects counts of quarters that have more leads than a batch, also after one that was stopped', async () => {
    const { db } = await open()
    await insertLeads(db, 1, 200, distributions['all of one time'])
    await sql`alter table sales_leads disable trigger user`.execute(db.kysely)
    await sql`update sales_leads set country = 'Peru' where country = 'Kenya'`.execute(db.kysely)
    await sql`alter table sales_leads enable trigger user`.execute(db.kysely)
    let batches = 0
    const stopped = recountLeads({ db, now, leads_per_batch: 20 }, () => {
      if (++batches === 3) throw new Error('stopped')
    })
    await expect(stopped).rejects.toThrow('stopped')
    expect(await hasLeadCounts(db)).toBe(true)
    expect(await recountLeads({ db, now, leads_per_batch: 20 })).toBeGreaterThan(0)
    expect(await findWrongCounts(db)).toEqual([])
    const { rows } = await sql`select from lead_counts where grain_s < 0`.execute(db.kysely)
    expect(rows).toEqual([])
  })

  test('a count continues where code that counted whole days has stopped', async () => {
    const { db, url } = await open()
    await migrateDown(url, { to: '014' })
    await insertLeads(db, 1, 100, sql`timestamptz '2026-05-01T08:00:00Z' + g / 25 * interval '1 day'`)
    await migrateUp(url)
    // What it left: the first two days are counted, and the other changes are as the triggers have them.
    await sql`insert into lead_counts (grain_s, dimension, period, value, leads_count)
      select grain_s, dimension, floor(extract(epoch from created_at) / grain_s)::integer, value, count(*) from sales_leads
      cross join lateral (values ('lead_status', '=' || lead_status), ('enrichment_status', '=' || enrichment_status),
        ('source', '=' || source), ('actor_id', coalesce('=' || actor_id, '')), ('country', coalesce('=' || country, '')))
        as dimensions (dimension, value)
      cross join (values (900), (86400)) as grains (grain_s)
      where created_at < '2026-05-03' group by 1, 2, 3, 4`.execute(db.kysely)
    const next_day = Date.UTC(2026, 4, 3) / 86_400_000
    await sql`update task_states set task_state = json_build_object('is_complete', false, 'next_day', ${next_day}::integer)
      where name = 'lead-counts'`.execute(db.kysely)
    let looks = 0
    await completeLeadCounts({ db, now, leads_per_batch: 20, remaining_ms: () => (++looks <= 2 ? 60_000 : 0) })
    const { rows } = await sql<{ day: number; next_day: number }>`
      select floor(extract(epoch from (task_state -> 'position' ->> 'created_at')::timestamptz) / 86400)::integer as day,
        (task_state ->> 'next_day')::integer as next_day
      from task_states where name = 'lead-counts'`.execute(db.kysely)
    // Such code would go on as well: it counts the day again.
    expect(rows).toEqual([{ day: next_day, next_day }])
    expect(await completeLeadCounts({ db, now, leads_per_batch: 20, remaining_ms: () => 60_000 })).toBe(true)
    expect(await findWrongCounts(db)).toEqual([])
    expect((await getStats(db)).leads_count).toBe(100)
  })

  test.each(['none', 'those of a time when it had a few leads'])(
    'never reads the whole table, with statistics of the table: %s',
    async (statistics) => {
      const { db } = await open()
      await sql`alter table sales_leads set (autovacuum_enabled = off)`.execute(db.kysely)
      await insertLeads(db, 1, 50, sql`timestamptz '2026-05-01T08:00:00Z' + g * interval '1 ms'`)
      if (statistics !== 'none') await sql`analyze sales_leads`.execute(db.kysely)
      await insertLeads(db, 51, 5000, sql`timestamptz '2026-05-01T08:00:00Z' + g * interval '1 second'`)
      const readScans = async (): Promise<number> => {
        // Each connection reports at most once a second, unless asked.
        await Promise.all(
          Array.from({ length: 4 }, () => sql`select pg_stat_force_next_flush(), pg_sleep(0.1)`.execute(db.kysely)),
        )
        const { rows } = await sql<{ seq_scan: string }>`
          select seq_scan from pg_stat_user_tables where relname = 'sales_leads'`.execute(db.kysely)
        return Number(rows[0]?.seq_scan)
      }
      const before = await readScans()
      expect(await recountLeads({ db, now, leads_per_batch: 1000 })).toBe(0)
      expect(await readScans()).toBe(before)
      await sql`select count(*) from (select id, full_name from sales_leads offset 0) as leads`.execute(db.kysely)
      expect(await readScans()).toBe(before + 1)
    },
  )
})
