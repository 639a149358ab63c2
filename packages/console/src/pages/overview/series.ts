import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '../../api/client.ts'
import type { paths } from '../../api/paths.ts'
import { SECOND_MS, type Stats } from '../../api/queries.ts'
import type { BarPoint } from '../../parts/chart/bars.tsx'
import { formatDay } from '../../parts/format.ts'
import type { Period } from './period.ts'
import { addDays, DAY_MS, dayIn, startOfDay, zoneName } from './zone-days.ts'

type Endpoint = paths['/stats/series']['get']
export type Series = Endpoint['responses'][200]['content']['application/json']
type SeriesQuery = NonNullable<Endpoint['parameters']['query']>
export type Measure = SeriesQuery['measure']
export type Group = NonNullable<SeriesQuery['by']>

export const groupLabels: Readonly<Record<Group, string>> = {
  source: 'by source',
  actor: 'by Actor',
  lead_status: 'by status',
  country: 'by country',
}

const DAYS_MAX = 400
/** Above it a bar is a week. */
const DAILY_DAYS_MAX = 100

export interface Span {
  since: string
  until: string | undefined
  interval: 'day' | 'week'
}

/** The period as the API takes it. "All" begins with the first day that has leads. */
export function spanOf({ since, until }: Period, stats: Stats, now = Date.now()): Span {
  const end = until ? Date.parse(until) : now
  const first = since ? Date.parse(since) : Date.parse(stats.by_day[0]?.day ?? new Date(now - DAY_MS).toISOString())
  const start = Math.max(first, end - (DAYS_MAX - 1) * DAY_MS)
  const interval = end - start > DAILY_DAYS_MAX * DAY_MS ? 'week' : 'day'
  return { since: new Date(start).toISOString(), until, interval }
}

export const seriesQuery = (measure: Measure, { since, until, interval }: Span, by?: Group) =>
  queryOptions({
    queryKey: ['stats', 'series', measure, by, since, until, interval, zoneName()],
    queryFn: ({ signal }) => {
      const query = { measure, interval, since, zone: zoneName(), ...(until && { until }), ...(by && { by }) }
      return unwrap(api.GET('/stats/series', { params: { query }, signal }))
    },
    staleTime: 60 * SECOND_MS,
    placeholderData: keepPreviousData,
  })

const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

/** Every interval of an answer's period: the API omits those without data. */
export function startsOf({ since, until, zone, interval }: Series): string[] {
  const last = dayIn(zone, Date.parse(until) - 1)
  const first = dayIn(zone, since)
  const starts: string[] = []
  for (
    let at = interval === 'week' ? mondayOf(first) : first;
    at <= last && starts.length <= DAYS_MAX;
    at = addDays(at, interval === 'week' ? 7 : 1)
  )
    starts.push(at)
  return starts
}

/** The leads of some intervals, as the list's filter. */
export const rangeFilter = (from: string, to: string, { zone, interval }: Series): string[] => [
  `gte:${startOfDay(from, zone)}`,
  `lt:${startOfDay(addDays(to, interval === 'week' ? 7 : 1), zone)}`,
]

export interface StackedSeries {
  names: string[]
  points: BarPoint[]
}

const GROUPS_SHOWN = 5

/** Bars of an answer: with groups, the largest of them and one for the rest. */
export function toBars(answer: Series, nameOf: (key: string | null) => string): StackedSeries {
  const groups = answer.series.filter(({ is_other }) => !is_other)
  const shown = groups.slice(0, GROUPS_SHOWN)
  const rest = [...groups.slice(GROUPS_SHOWN), ...answer.series.filter(({ is_other }) => is_other)]
  const all = [...shown.map((group) => [group]), ...(rest.length > 0 ? [rest] : [])]
  const values = all.map((part) => {
    const sums = new Map<string, number>()
    for (const { points } of part)
      for (const { start, value } of points) sums.set(start, (sums.get(start) ?? 0) + value)
    return sums
  })
  const points = startsOf(answer).map((start) => {
    const parts = values.map((sums) => sums.get(start) ?? 0)
    return { key: start, label: formatDay(start), value: parts.reduce((sum, part) => sum + part, 0), parts }
  })
  return { names: [...shown.map(({ key }) => nameOf(key)), ...(rest.length > 0 ? ['Other'] : [])], points }
}

/** The course of one figure, for a sparkline: one value per interval. */
export function toCourse(
  answer: Series | undefined,
  read: (point: Series['series'][number]['points'][number]) => number | null,
): number[] {
  if (!answer) return []
  const points = new Map((answer.series[0]?.points ?? []).map((point) => [point.start, point]))
  return startsOf(answer).map((start) => {
    const point = points.get(start)
    return (point && read(point)) ?? 0
  })
}
