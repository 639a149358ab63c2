import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { createUnlimitedQuery, type RunQuery } from '../database/time-limit.ts'
import { lazily, lazyEnum } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { DAY_S, QUARTER_S, toLeadValue } from './count-rows.ts'
import { hasLeadCounts } from './lead-counts.ts'
import { selectCounts } from './read-lead-counts.ts'

/** Figures per day or week in a time zone, as a chart shows them. */

export const SeriesMeasure = lazyEnum(['leads', 'records', 'cost', 'fill_rate'])
export const SeriesGroup = lazyEnum(['actor', 'source', 'lead_status', 'country'])
export const SeriesInterval = lazyEnum(['day', 'week'])

const Point = lazily(() =>
  z.object({
    start: z.string().meta({ description: 'First day of the interval, in the time zone.' }),
    value: z.number(),
    synced_records: z.int().optional(),
    duplicate_records: z.int().optional(),
    failed_records: z.int().optional(),
  }),
)

export const Series = lazily(() =>
  z.object({
    measure: SeriesMeasure(),
    interval: SeriesInterval(),
    zone: z.string(),
    since: z.iso.datetime(),
    until: z.iso.datetime(),
    series: z.array(
      z.object({
        key: z
          .string()
          .nullable()
          .meta({ description: 'The value of the group; null without `by` or without a value.' }),
        is_other: z.boolean().meta({ description: 'True for the sum of all groups beyond the first ten.' }),
        total: z.number(),
        points: z.array(Point()),
      }),
    ),
  }),
)
export type Series = z.infer<ReturnType<typeof Series>>
type Point = z.infer<ReturnType<typeof Point>>

export interface SeriesInput {
  measure: z.infer<ReturnType<typeof SeriesMeasure>>
  by?: z.infer<ReturnType<typeof SeriesGroup>> | undefined
  interval?: z.infer<ReturnType<typeof SeriesInterval>> | undefined
  since?: Date | undefined
  until?: Date | undefined
  /** IANA time zone. Default: UTC. */
  zone?: string | undefined
  /** Groups times intervals at most. */
  figures_max?: number | undefined
}

const DAY_MS = 86_400_000
const DAYS_DEFAULT = 30
const DAYS_MAX = 400
const GROUPS_MAX = 10

/** Figures of one period in UTC, or sums of them. */
interface Figures {
  value: number
  weight: number
  synced_records: number
  duplicate_records: number
  failed_records: number
}
interface PeriodRow extends Figures {
  key: string | null
  period: number
}

/** @throws Problem invalid_request for an unknown time zone, a period above 400 days or an impossible group */
export async function getSeries(db: Db, input: SeriesInput, run: RunQuery = createUnlimitedQuery(db)): Promise<Series> {
  const { measure, interval = 'day', zone = 'UTC', until = new Date() } = input
  const since = input.since ?? new Date(until.getTime() - DAYS_DEFAULT * DAY_MS)
  const toDay = createDayFormatter(zone)
  assertSeriesInput(input, since, until)
  const period_s = isUtc(zone) ? DAY_S : hasWholeHours(zone, since, until) ? 3600 : 900
  const readFigures = { leads: countLeads, records: sumSyncs, cost: sumSyncs, fill_rate: sumFillRates }[measure]
  const rows = await readFigures(db, run, input, since, until, period_s)
  const starts = new Map<number, string>()
  const startOf = (period: number): string => {
    const known = starts.get(period)
    if (known !== undefined) return known
    const day = toDay(new Date(period * period_s * 1000))
    const start = interval === 'week' ? toMonday(day) : day
    starts.set(period, start)
    return start
  }
  return {
    measure,
    interval,
    zone,
    since: since.toISOString(),
    until: until.toISOString(),
    series: buildSeries(rows, startOf, measure),
  }
}

function assertSeriesInput({ measure, by }: SeriesInput, since: Date, until: Date): void {
  const refuse = (parameter: string, detail: string): Problem =>
    new Problem('invalid_request', detail, { errors: [{ parameter, detail }] })
  if (until <= since) throw refuse('until', '`until` must be after `since`.')
  if (until.getTime() - since.getTime() > DAYS_MAX * DAY_MS)
    throw refuse('since', `The period may have at most ${DAYS_MAX} days.`)
  if (measure !== 'leads' && by !== undefined && by !== 'actor')
    throw refuse('by', `The measure ${measure} can be grouped by actor only.`)
}

/** @throws Problem invalid_request */
function createDayFormatter(zone: string): (time: Date) => string {
  try {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    return (time) => format.format(time)
  } catch {
    const detail = 'An IANA time zone such as Europe/Berlin.'
    throw new Problem('invalid_request', detail, { errors: [{ parameter: 'zone', detail }] })
  }
}

/** Also for other names of it. */
const isUtc = (zone: string): boolean =>
  new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone === 'UTC'

/** Whether days of the zone begin at whole hours in UTC: then larger periods suffice. */
function hasWholeHours(zone: string, since: Date, until: Date): boolean {
  const minutes = new Intl.DateTimeFormat('en', { timeZone: zone, minute: 'numeric' })
  const atHour = (time: Date): Date => new Date(Math.floor(time.getTime() / 3_600_000) * 3_600_000)
  return [since, until].every((time) => Number(minutes.format(atHour(time))) === 0)
}

function toMonday(day: string): string {
  const time = new Date(`${day}T00:00:00Z`)
  return new Date(time.getTime() - ((time.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10)
}

const leadGroups = { actor: 'actor_id', source: 'source', lead_status: 'lead_status', country: 'country' } as const

const within = (since: Date, until: Date): RawBuilder<unknown> =>
  sql`not is_deleted and created_at >= ${since} and created_at < ${until}`

async function countLeads(
  db: Db,
  run: RunQuery,
  input: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
): Promise<PeriodRow[]> {
  const rows =
    (await readCounts(db, run, input, since, until, period_s)) ??
    (await run(countsOfLeads(db, input, since, until, period_s)))
  assertFiguresCount(rows.length, input)
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

function countsOfLeads(
  db: Db,
  { by, figures_max }: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
): RawBuilder<LeadsOfPeriod> {
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
  { by, figures_max }: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
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

const noFigures: Figures = { value: 0, weight: 0, synced_records: 0, duplicate_records: 0, failed_records: 0 }

/** Groups times intervals that are read at most: ten Actors with a figure for every hour of 400 days have 96,000. */
const FIGURES_MAX = 100_000

/** @throws Problem invalid_request when there are more figures than one answer is made of */
function assertFiguresCount(figures_count: number, { by, figures_max = FIGURES_MAX }: SeriesInput): void {
  if (figures_count <= figures_max) return
  const parameter = by === undefined ? 'since' : 'by'
  const detail = `There are more than ${figures_max} figures. Choose a shorter period${by === undefined ? '' : ', or omit `by`'}.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter, detail }] })
}

/** One more than allowed, so that a refusal is recognized. */
const figuresLimit = ({ figures_max = FIGURES_MAX }: Pick<SeriesInput, 'figures_max'>): number => figures_max + 1

interface SyncSums extends Omit<Figures, 'weight'> {
  key: string | null
  period: number
}

/** Sums records or cost of runs. */
async function sumSyncs(
  db: Db,
  run: RunQuery,
  input: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
): Promise<PeriodRow[]> {
  const { measure, by } = input
  const period = db.engine.periodNumber('created_at', period_s)
  const key = by === undefined ? sql`null` : sql.ref('actor_id')
  const groups = by === undefined ? period : sql`${key}, ${period}`
  const value = sql.ref(measure === 'cost' ? 'cost_usd' : 'total_records')
  const rows = await run(sql<SyncSums>`
    select ${key} as ${sql.ref('key')}, ${period} as period, sum(${value}) as ${sql.ref('value')},
      sum(synced_records) as synced_records, sum(duplicate_records) as duplicate_records,
      sum(failed_records) as failed_records
    from apify_sync_states where ${within(since, until)} group by ${groups} limit ${sql.lit(figuresLimit(input))}`)
  assertFiguresCount(rows.length, input)
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
async function sumFillRates(
  db: Db,
  run: RunQuery,
  input: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
): Promise<PeriodRow[]> {
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
      const key = input.by === 'actor' ? row.actor_id : null
      const id = `${row.period} ${key}`
      const sum = sums.get(id) ?? { ...noFigures, key, period: Number(row.period) }
      sum.value += counts.reduce((total, count) => total + count, 0)
      sum.weight += leads * counts.length
      sums.set(id, sum)
    }
    assertFiguresCount(sums.size, input)
    const end = rows.at(-1)
    if (!end || rows.length < RUNS_PER_PAGE) return [...sums.values()]
    last = { at: new Date(end.created_at), id: end.id }
  }
}

function add(to: Figures, from: Figures): void {
  to.value += from.value
  to.weight += from.weight
  to.synced_records += from.synced_records
  to.duplicate_records += from.duplicate_records
  to.failed_records += from.failed_records
}

function buildSeries(
  rows: readonly PeriodRow[],
  startOf: (period: number) => string,
  measure: SeriesInput['measure'],
): Series['series'] {
  const totals = new Map<string | null, Figures>()
  for (const row of rows) {
    const total = totals.get(row.key) ?? { ...noFigures }
    add(total, row)
    totals.set(row.key, total)
  }
  const ranked = [...totals].sort(([, a], [, b]) => b.value - a.value).map(([key]) => key)
  const own = new Set(ranked.slice(0, GROUPS_MAX))
  const groups = new Map<
    string,
    { key: string | null; is_other: boolean; total: Figures; points: Map<string, Figures> }
  >()
  for (const row of rows) {
    const is_other = !own.has(row.key)
    const id = is_other ? 'other' : `key ${row.key}`
    const group = groups.get(id) ?? {
      key: is_other ? null : row.key,
      is_other,
      total: { ...noFigures },
      points: new Map(),
    }
    groups.set(id, group)
    const start = startOf(row.period)
    const point = group.points.get(start) ?? { ...noFigures }
    add(point, row)
    add(group.total, row)
    group.points.set(start, point)
  }
  return [...groups.values()]
    .sort((a, b) => Number(a.is_other) - Number(b.is_other) || b.total.value - a.total.value)
    .map(({ key, is_other, total, points }) => ({
      key,
      is_other,
      total: toValue(total, measure),
      points: [...points]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([start, figures]) => ({ start, ...toPoint(figures, measure) })),
    }))
}

const toValue = ({ value, weight }: Figures, measure: SeriesInput['measure']): number =>
  measure === 'fill_rate' ? round(weight === 0 ? 0 : value / weight) : round(value)

const round = (value: number): number => Math.round(value * 1e6) / 1e6

function toPoint(figures: Figures, measure: SeriesInput['measure']): Omit<Point, 'start'> {
  const value = toValue(figures, measure)
  if (measure !== 'records') return { value }
  const { synced_records, duplicate_records, failed_records } = figures
  return { value, synced_records, duplicate_records, failed_records }
}
