import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { createUnlimitedQuery, type RunQuery } from '../database/time-limit.ts'
import { Problem } from '../problem.ts'

/** Figures per day or week in a time zone, as a chart shows them. */

export const SeriesMeasure = z.enum(['leads', 'records', 'cost', 'fill_rate'])
export const SeriesGroup = z.enum(['actor', 'source', 'lead_status', 'country'])
export const SeriesInterval = z.enum(['day', 'week'])

const Point = z.object({
  start: z.string().meta({ description: 'First day of the interval, in the time zone.' }),
  value: z.number(),
  synced_records: z.int().optional(),
  duplicate_records: z.int().optional(),
  failed_records: z.int().optional(),
})

export const Series = z.object({
  measure: SeriesMeasure,
  interval: SeriesInterval,
  zone: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  series: z.array(
    z.object({
      key: z.string().nullable().meta({ description: 'The value of the group; null without `by` or without a value.' }),
      is_other: z.boolean().meta({ description: 'True for the sum of all groups beyond the first ten.' }),
      total: z.number(),
      points: z.array(Point),
    }),
  ),
})
export type Series = z.infer<typeof Series>
type Point = z.infer<typeof Point>

export interface SeriesInput {
  measure: z.infer<typeof SeriesMeasure>
  by?: z.infer<typeof SeriesGroup> | undefined
  interval?: z.infer<typeof SeriesInterval> | undefined
  since?: Date | undefined
  until?: Date | undefined
  /** IANA time zone. Default: UTC. */
  zone?: string | undefined
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
  const { measure, by, interval = 'day', zone = 'UTC', until = new Date() } = input
  const since = input.since ?? new Date(until.getTime() - DAYS_DEFAULT * DAY_MS)
  const toDay = createDayFormatter(zone)
  assertSeriesInput(input, since, until)
  const period_s = hasWholeHours(zone, since, until) ? 3600 : 900
  const rows =
    measure === 'leads'
      ? await countLeads(db, run, by, since, until, period_s)
      : await sumSyncs(run, input, since, until, period_s)
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
  by: SeriesInput['by'],
  since: Date,
  until: Date,
  period_s: number,
): Promise<PeriodRow[]> {
  const period = db.engine.periodNumber('created_at', period_s)
  const key = by === undefined ? sql`null` : sql.ref(leadGroups[by])
  const groups = by === undefined ? period : sql`${key}, ${period}`
  const rows = await run(sql<{ key: string | null; period: number; leads_count: number }>`
    select ${key} as ${sql.ref('key')}, ${period} as period, count(*) as leads_count from sales_leads
    where ${within(since, until)} group by ${groups}`)
  return rows.map((row) => ({
    ...noFigures,
    key: row.key,
    period: Number(row.period),
    value: Number(row.leads_count),
    weight: 1,
  }))
}

const noFigures: Figures = { value: 0, weight: 0, synced_records: 0, duplicate_records: 0, failed_records: 0 }

interface SyncRow {
  actor_id: string | null
  created_at: string
  total_records: number
  synced_records: number
  duplicate_records: number
  failed_records: number
  cost_usd: number | null
  metadata: { fill_rates?: { leads?: number; filled?: Record<string, number> } } | null
}

/** Runs are few: one row each, summed here. */
async function sumSyncs(
  run: RunQuery,
  { measure, by }: SeriesInput,
  since: Date,
  until: Date,
  period_s: number,
): Promise<PeriodRow[]> {
  const metadata = measure === 'fill_rate' ? sql`, metadata` : sql``
  const rows = await run(sql<SyncRow>`
    select actor_id, created_at, total_records, synced_records, duplicate_records, failed_records, cost_usd${metadata}
    from apify_sync_states where ${within(since, until)}`)
  return rows.map((row) => ({
    key: by === 'actor' ? row.actor_id : null,
    period: Math.floor(Date.parse(row.created_at) / 1000 / period_s),
    ...toFigures(row, measure),
  }))
}

function toFigures(row: SyncRow, measure: SeriesInput['measure']): Figures {
  if (measure === 'cost') return { ...noFigures, value: Number(row.cost_usd ?? 0), weight: 1 }
  if (measure === 'fill_rate') {
    const { leads = 0, filled = {} } = row.metadata?.fill_rates ?? {}
    const counts = Object.values(filled)
    const weight = leads * counts.length
    return { ...noFigures, value: counts.reduce((sum, count) => sum + count, 0), weight }
  }
  const { total_records, synced_records, duplicate_records, failed_records } = row
  return {
    value: Number(total_records),
    weight: 1,
    synced_records: Number(synced_records),
    duplicate_records: Number(duplicate_records),
    failed_records: Number(failed_records),
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
