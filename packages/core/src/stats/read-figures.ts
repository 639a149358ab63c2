import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Db } from '../database/engine.ts'
import type { RunQuery } from '../database/time-limit.ts'
import { lazyEnum } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { QUARTER_S, toLeadValue } from './count-rows.ts'
import { hasLeadCounts } from './lead-counts.ts'
import { selectCounts } from './read-lead-counts.ts'

export const SeriesMeasure = lazyEnum(['leads', 'records', 'cost', 'fill_rate'])
export const SeriesGroup = lazyEnum(['actor', 'source', 'lead_status', 'country'])

/** Figures of one period in UTC, or sums of them. */
export interface Figures {
  value: number
  weight: number
  synced_records: number
  duplicate_records: number
  failed_records: number
}

export interface PeriodRow extends Figures {
  key: string | null
  period: number
}

/** What is read for a series: figures of each group and period of `period_s` seconds. */
export interface FiguresQuery {
  measure: z.infer<ReturnType<typeof SeriesMeasure>>
  by?: z.infer<ReturnType<typeof SeriesGroup>> | undefined
  /** Groups times intervals at most. */
  figures_max?: number | undefined
  since: Date
  until: Date
  period_s: number
}

/** @throws Problem invalid_request when there are more figures than one answer is made of */
export function readFigures(db: Db, run: RunQuery, query: FiguresQuery): Promise<PeriodRow[]> {
  const read = { leads: countLeads, records: sumSyncs, cost: sumSyncs, fill_rate: sumFillRates }[query.measure]
  return read(db, run, query)
}

const leadGroups = { actor: 'actor_id', source: 'source', lead_status: 'lead_status', country: 'country' } as const

const within = (since: Date, until: Date): RawBuilder<unknown> =>
  sql`not is_deleted and created_at >= ${since} and created_at < ${until}`

async function countLeads(db: Db, run: RunQuery, query: FiguresQuery): Promise<PeriodRow[]> {
  const rows = (await readCounts(db, run, query)) ?? (await run(countsOfLeads(db, query)))
  assertFiguresCount(rows.length, query)
  return rows.map((row) => ({
    ...noFigures,
    key: row.key,
    period: Number(row.period),
    value: Number(row.leads_count),
    weight: 1,
  }))
}

interface LeadsOfPeriod {
  key: string | null
  period: number
  leads_count: number
}

function countsOfLeads(db: Db, { by, figures_max, since, until, period_s }: FiguresQuery): RawBuilder<LeadsOfPeriod> {
  const period = db.engine.periodNumber('created_at', period_s)
  const key = by === undefined ? sql`null` : sql.ref(leadGroups[by])
  const groups = by === undefined ? period : sql`${key}, ${period}`
  return sql`
    select ${key} as ${sql.ref('key')}, ${period} as period, count(*) as leads_count from sales_leads
    where ${within(since, until)} group by ${groups} limit ${sql.lit(figuresLimit({ figures_max }))}`
}

/** Returns undefined where the database keeps no counts, or none of such a short period. */
async function readCounts(
  db: Db,
  run: RunQuery,
  { by, figures_max, since, until, period_s }: FiguresQuery,
): Promise<LeadsOfPeriod[] | undefined> {
  const columns = [by === undefined ? 'lead_status' : leadGroups[by]] as const
  const counts = selectCounts(db, { since, until, columns, longest_s: period_s })
  if (!counts || !(await hasLeadCounts(db))) return undefined
  const period = sql`floor(quarter / ${sql.lit(period_s / QUARTER_S)}::float8)::integer`
  const key = by === undefined ? sql`''` : sql.ref('value')
  const rows = await run(sql<{ key: string; period: number; leads_count: number }>`
    select ${key} as ${sql.ref('key')}, ${period} as period, sum(leads_count) as leads_count
    from (${counts}) as counts group by 1, 2 having sum(leads_count) <> 0
    limit ${sql.lit(figuresLimit({ figures_max }))}`)
  return rows.map((row) => ({ ...row, key: toLeadValue(row.key) }))
}

/** Figures of a group before anything is added. */
export const noFigures: Figures = { value: 0, weight: 0, synced_records: 0, duplicate_records: 0, failed_records: 0 }

/** Groups times intervals that are read at most: ten Actors with a figure for every hour of 400 days have 96,000. */
const FIGURES_MAX = 100_000

/** @throws Problem invalid_request when there are more figures than one answer is made of */
function assertFiguresCount(figures_count: number, { by, figures_max = FIGURES_MAX }: FiguresQuery): void {
  if (figures_count <= figures_max) return
  const parameter = by === undefined ? 'since' : 'by'
  const detail = `There are more than ${figures_max} figures. Choose a shorter period${by === undefined ? '' : ', or omit `by`'}.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter, detail }] })
}

/** One more than allowed, so that a refusal is recognized. */
const figuresLimit = ({ figures_max = FIGURES_MAX }: Pick<FiguresQuery, 'figures_max'>): number => figures_max + 1

interface SyncSums extends Omit<Figures, 'weight'> {
  key: string | null
  period: number
}

/** Sums records or cost of runs. */
async function sumSyncs(db: Db, run: RunQuery, query: FiguresQuery): Promise<PeriodRow[]> {
  const { measure, by, since, until, period_s } = query
  const period = db.engine.periodNumber('created_at', period_s)
  const key = by === undefined ? sql`null` : sql.ref('actor_id')
  const groups = by === undefined ? period : sql`${key}, ${period}`
  const value = sql.ref(measure === 'cost' ? 'cost_usd' : 'total_records')
  const rows = await run(sql<SyncSums>`
    select ${key} as ${sql.ref('key')}, ${period} as period, sum(${value}) as ${sql.ref('value')},
      sum(synced_records) as synced_records, sum(duplicate_records) as duplicate_records,
      sum(failed_records) as failed_records
    from apify_sync_states where ${within(since, until)} group by ${groups} limit ${sql.lit(figuresLimit(query))}`)
  assertFiguresCount(rows.length, query)
  return rows.map((row) => ({
    key: row.key,
    period: Number(row.period),
    value: Number(row.value ?? 0),
    weight: 1,
    synced_records: Number(row.synced_records),
    duplicate_records: Number(row.duplicate_records),
    failed_records: Number(row.failed_records),
  }))
}

interface FillRateRow {
  id: number
  created_at: string
  actor_id: string | null
  period: number
  metadata: { fill_rates?: { leads?: number; filled?: Record<string, number> } } | null
}

/** Runs whose fill rates are read at once. */
const RUNS_PER_PAGE = 2000

/** Sums the filled fields of runs. They are part of a JSON column, so they are read page by page and added up here. */
async function sumFillRates(db: Db, run: RunQuery, query: FiguresQuery): Promise<PeriodRow[]> {
  const { by, since, until, period_s } = query
  const period = db.engine.periodNumber('created_at', period_s)
  const sums = new Map<string, PeriodRow>()
  for (let last = { at: since, id: 0 }; ; ) {
    const seek = db.engine.has_row_comparison
      ? sql`(created_at, id) > (${last.at}, ${last.id})`
      : sql`(created_at > ${last.at} or id > ${last.id})`
    const rows = await run(sql<FillRateRow>`
      select id, created_at, actor_id, ${period} as period, metadata from apify_sync_states
      where ${within(last.at, until)} and ${seek} order by created_at, id limit ${sql.lit(RUNS_PER_PAGE)}`)
    for (const row of rows) {
      const { leads = 0, filled = {} } = row.metadata?.fill_rates ?? {}
      const counts = Object.values(filled)
      const key = by === 'actor' ? row.actor_id : null
      const id = `${row.period} ${key}`
      const sum = sums.get(id) ?? { ...noFigures, key, period: Number(row.period) }
      sum.value += counts.reduce((total, count) => total + count, 0)
      sum.weight += leads * counts.length
      sums.set(id, sum)
    }
    assertFiguresCount(sums.size, query)
    const end = rows.at(-1)
    if (!end || rows.length < RUNS_PER_PAGE) return [...sums.values()]
    last = { at: new Date(end.created_at), id: end.id }
  }
}
