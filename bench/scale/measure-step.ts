import { readFile } from 'node:fs/promises'
import type { SpawnedSimulator } from '@leads/apify-simulator/spawn'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { cleanUp } from '@leads/core/cleanup/clean-up'
import { openDatabase } from '@leads/core/database/open-database'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { getSeries } from '@leads/core/stats/get-series'
import { getStats } from '@leads/core/stats/get-stats'
import { foldLeadCounts } from '@leads/core/stats/lead-counts'
import { runSync } from '@leads/core/syncs/run-sync'
import type { Sql } from 'postgres'
import { connectBench } from '../ingest/postgres.ts'
import { type Api, startApi } from '../read/api.ts'
import { ALL, LIST } from '../read/targets.ts'
import { timeCalls } from '../read/timing.ts'

export interface StepFigures {
  leads: number
  /** By name, with its unit. */
  costs: Record<string, number>
}

export interface StepOptions {
  leads: number
  /** Through the proxy that adds latency. */
  url: string
  direct_url: string
  simulator: SpawnedSimulator
  items: number
  seconds: number
  depth: number
}

const DAY_MS = 86_400_000

/** Days from the first lead to the last: the fill has a page of 1,000 leads each hour. */
const lastDay = (leads: number): number => Math.floor(leads / 1000 / 24)

/** Leads that the measured clean-up purges. */
const PURGED_LEADS = 1000

/** Measures each cost on a database with so many leads, and removes what the measuring has added. */
export async function measureStep(options: StepOptions): Promise<StepFigures> {
  const { leads, direct_url } = options
  const sql = connectBench(direct_url)
  try {
    await removeAdded(sql, leads)
    // As reconcile does: removing leads one by one leaves a change for each.
    await foldCounts(direct_url)
    const sizes = await measureSizes(sql, leads)
    const reads = await measureReads(options, createServerProcessor(sql))
    const purge = await measureCleanup(sql, options)
    const ingest = await measureIngest(options, createServerProcessor(sql))
    const costs = { ...ingest, ...reads, ...purge, ...sizes }
    console.log(`${leads.toLocaleString('en')} leads: ${JSON.stringify(costs)}`)
    return { leads, costs }
  } finally {
    await removeAdded(sql, leads)
    await sql.end()
  }
}

/** Processor time of the server's sessions: unlike times, a busy machine leaves it as it is. Linux only, otherwise NaN. */
interface ServerProcessor {
  readMs(): Promise<number>
}

const createServerProcessor = (sql: Sql): ServerProcessor => ({
  async readMs() {
    const rows = await sql.unsafe('select pid from pg_stat_activity where datname = current_database()')
    const times_ns = await Promise.all(
      // Nanoseconds; /proc/PID/stat counts in hundredths of a second, which is too coarse for a cheap call.
      rows.map(async ({ pid }) => {
        const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '')
        return Number(text.split(' ')[0] || Number.NaN)
      }),
    )
    return times_ns.reduce((sum, value) => sum + value, 0) / 1e6
  },
})

/** Leads of the fill have ids up to their number; what an import adds has later ones. */
async function removeAdded(sql: Sql, leads: number): Promise<void> {
  const companies = Math.max(1, Math.floor(leads / 20))
  await sql.unsafe(`delete from sales_leads where id > ${leads}`)
  await sql.unsafe(`delete from companies where id > ${companies}`)
  await sql.unsafe('delete from apify_sync_states')
  await sql.unsafe('delete from identity_tombstones')
  await sql.unsafe('vacuum analyze')
}

async function foldCounts(url: string): Promise<void> {
  const db = await openDatabase(url, { connections_max: 1 })
  try {
    await foldLeadCounts(db)
  } finally {
    await db.close()
  }
}

async function measureSizes(sql: Sql, leads: number): Promise<Record<string, number>> {
  const [row] = await sql.unsafe('select pg_database_size(current_database())::float8 as bytes')
  return { 'database, KB per lead': Number(row?.bytes) / 1024 / leads }
}

/** A run of new places through the whole consumer, with a page of Apify simulated on this machine. */
async function measureIngest(
  { leads, url, simulator, items }: StepOptions,
  cpu: ServerProcessor,
): Promise<Record<string, number>> {
  const db = await openDatabase(url, { connections_max: 2 })
  try {
    const sync = async (count: number, seed: number): Promise<number> => {
      const dataset = { generator: 'google-places', count, seed } as const
      const { id } = await simulator.control.addRun({
        actor_id: 'ann/places',
        dataset,
        finished_at: Date.now() - 60_000,
      })
      const started = performance.now()
      const options = {
        db,
        apify: createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url }),
        map: createMapper(),
        log: noopLog,
        on_duplicate: 'merge',
        page_rows_max: 1000,
        settle_s: 0,
        follow_s: 1,
        now: () => new Date(),
        remaining_ms: () => 900_000,
      } as const
      const { outcome } = await runSync(options, id)
      if (outcome !== 'completed') throw new Error(`The run was not completed at ${leads} leads: ${outcome}.`)
      return performance.now() - started
    }
    // Warms up code and caches.
    await sync(5000, 1)
    const before = await cpu.readMs()
    const ms = await sync(items, 2)
    const cpu_ms = (await cpu.readMs()) - before
    const fold_started = performance.now()
    await foldLeadCounts(db)
    return {
      'ingest, ms per 1,000 items': (ms / items) * 1000,
      'ingest, processor of the server ms': (cpu_ms / items) * 1000,
      'fold the counts, ms': performance.now() - fold_started,
    }
  } finally {
    await db.close()
  }
}

async function measureReads(
  { leads, url, seconds, depth }: StepOptions,
  cpu: ServerProcessor,
): Promise<Record<string, number>> {
  const api = await startApi(url)
  const db = await openDatabase(url, { connections_max: 1 })
  try {
    const id = Math.floor(leads / 2)
    const companies = Math.max(1, Math.floor(leads / 20))
    // Its number begins no other company's, so it is in some 20 leads at any size. This is one of them.
    const company = Math.floor(companies / 2)
    const of_company = company - 1 + 10 * companies
    const start = Date.UTC(2026, 0, 1)
    // All but a day and a half at the beginning and the last, unfinished day.
    const period = { since: new Date(start + 1.4 * DAY_MS), until: new Date(start + lastDay(leads) * DAY_MS) }
    const series = { since: new Date(start), until: new Date(start + 4 * DAY_MS) }
    const calls: Record<string, () => Promise<unknown>> = {
      'list of a country and status': () => api.invoke(LIST),
      'search for a rare word': () => api.invoke(`/leads?q=last${id}&limit=100`),
      'search for two words, in 20 leads and one': () => api.invoke(`/leads?q=${company}+last${of_company}&limit=100`),
      'search for two words, in 0.05% and one': () =>
        api.invoke(`/leads?q=first1500+last${2000 * Math.floor(leads / 4000) + 1500}&limit=100`),
      'search for a word in 0.05%': () => api.invoke('/leads?q=first1500&limit=100'),
      'search for a word in half of the leads': () => api.invoke('/leads?q=first1&limit=100'),
      'search for a beginning of a word in each lead': () => api.invoke('/leads?q=per&limit=100'),
      'one lead': () => api.invoke(`/leads/${id}`),
      history: () => api.invoke(`/leads/${id}/events`),
      // Not through the API, which answers again with a result that took long: on a busy machine, that is all it would do.
      statistics: () => getStats(db),
      'statistics of a period': () => getStats(db, period),
      'series of 4 days by country': () => getSeries(db, { measure: 'leads', by: 'country', ...series }),
      'first page of all': () => api.invoke(ALL),
    }
    const deep = await walk(api, depth)
    calls[`page ${depth.toLocaleString('en')} of all`] = () => api.invoke(deep)
    const costs: Record<string, number> = {}
    for (const [name, call] of Object.entries(calls)) {
      const before = await cpu.readMs()
      let calls_count = 0
      const { p50 } = await timeCalls(seconds, () => {
        calls_count += 1
        return call()
      })
      costs[`${name}, p50 ms`] = p50
      costs[`${name}, processor of the server ms`] = ((await cpu.readMs()) - before) / calls_count
    }
    return costs
  } finally {
    await db.close()
    await api.close()
  }
}

/** Follows the cursors of the list of all leads. */
async function walk(api: Api, depth: number): Promise<string> {
  let target = ALL
  for (let page = 1; page < depth; page += 1) {
    const { next_cursor } = JSON.parse(await api.invoke(target)) as { next_cursor: string | null }
    if (next_cursor === null) break
    target = `${ALL}&cursor=${encodeURIComponent(next_cursor)}`
  }
  return target
}

/** Purges leads that were deleted long ago. They are those of the fill's beginning, so each step has fewer of them. */
async function measureCleanup(sql: Sql, { leads, url }: StepOptions): Promise<Record<string, number>> {
  await sql.unsafe(`insert into sales_leads (source, provider_name, external_id, is_deleted, deleted_at)
    select 'apify', 'apify', 'purged:' || g, true, timestamptz '2020-01-01' from generate_series(1, ${PURGED_LEADS}) g`)
  const db = await openDatabase(url, { connections_max: 1 })
  const clean = async (): Promise<number> => {
    const started = performance.now()
    const { sales_leads } = await cleanUp({
      db,
      log: noopLog,
      retention_days: 90,
      rejection_retention_days: 90,
      is_dry_run: false,
      now: () => new Date('2025-01-01T00:00:00Z'),
      remaining_ms: () => 900_000,
    })
    if (sales_leads !== 0 && sales_leads !== PURGED_LEADS) throw new Error(`${sales_leads} leads purged of ${leads}.`)
    return performance.now() - started
  }
  try {
    const purging = await clean()
    const idle = await clean()
    return { 'clean-up of 1,000 leads, ms': purging - idle, 'clean-up of nothing, ms': idle }
  } finally {
    await db.close()
  }
}
