import type { Search } from '../../list/address.ts'
import { addDays, DAY_MS, startOfDay, zoneName } from './zone-days.ts'

/** The stretch of time that a page is about, and the one before it that it is compared with. */
export interface Period {
  name: string
  since: string | undefined
  until: string | undefined
  /** As long, and just before. */
  before: { since: string; until: string } | null
}

export const periodNames = ['24h', '7d', '30d', '90d', 'all'] as const
export const periodLabels: Record<string, string> = {
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  all: 'All',
}

const lengths: Record<string, number> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS }
const DEFAULT = '30d'
/** Periods begin at a full five minutes, so that the same question is asked again and its answer kept. */
const STEP_MS = 300_000

const iso = (time_ms: number): string => new Date(time_ms).toISOString()

/** Reads `30d`, `all`, or two days: `2026-01-01..2026-01-31`. */
export function parsePeriod(text: string | undefined, now = Date.now(), zone = zoneName()): Period {
  const name = text || DEFAULT
  if (name === 'all') return { name, since: undefined, until: undefined, before: null }
  const days = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(name)
  if (days?.[1] && days[2]) {
    const since = Date.parse(startOfDay(days[1], zone))
    const until = Date.parse(startOfDay(addDays(days[2], 1), zone))
    if (until > since) return withBefore(name, since, until, iso(until))
  }
  const length = lengths[name]
  if (length === undefined) return parsePeriod(DEFAULT, now, zone)
  const end = Math.ceil(now / STEP_MS) * STEP_MS
  return withBefore(name, end - length, end, undefined)
}

const withBefore = (name: string, since: number, end: number, until: string | undefined): Period => ({
  name,
  since: iso(since),
  until,
  before: { since: iso(2 * since - end), until: iso(since) },
})

/** The leads of a period, as the list's filter. */
export const periodFilter = ({ since, until }: Period): Search => {
  const created_at = [...(since ? [`gte:${since}`] : []), ...(until ? [`lt:${until}`] : [])]
  return created_at.length > 0 ? { created_at } : {}
}
