import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { createUnlimitedQuery, type RunQuery } from '../database/time-limit.ts'
import { lazily, lazyEnum } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { DAY_S } from './count-rows.ts'
import {
  type Figures,
  type FiguresQuery,
  noFigures,
  type PeriodRow,
  readFigures,
  SeriesMeasure,
} from './read-figures.ts'

/** Figures per day or week in a time zone, as a chart shows them. */

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

export interface SeriesInput extends Pick<FiguresQuery, 'measure' | 'by' | 'figures_max'> {
  interval?: z.infer<ReturnType<typeof SeriesInterval>> | undefined
  since?: Date | undefined
  until?: Date | undefined
  /** IANA time zone. Default: UTC. */
  zone?: string | undefined
}

const DAY_MS = 86_400_000
const DAYS_DEFAULT = 30
const DAYS_MAX = 400
const GROUPS_MAX = 10

/** @throws Problem invalid_request for an unknown time zone, a period above 400 days or an impossible group */
export async function getSeries(db: Db, input: SeriesInput, run: RunQuery = createUnlimitedQuery(db)): Promise<Series> {
  const { measure, interval = 'day', zone = 'UTC', until = new Date() } = input
  const since = input.since ?? new Date(until.getTime() - DAYS_DEFAULT * DAY_MS)
  const toDay = createDayFormatter(zone)
  assertSeriesInput(input, since, until)
  const period_s = isUtc(zone) ? DAY_S : hasWholeHours(zone, since, until) ? 3600 : 900
  const rows = await readFigures(db, run, { ...input, since, until, period_s })
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
