import { preferences } from '../shell/preferences.ts'

const LOCALE = navigator.language

const number = new Intl.NumberFormat(LOCALE)
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' })

export const formatNumber = (value: number): string => number.format(value)
export const formatCompact = (value: number): string => compact.format(value)
export const formatShare = (value: number): string => percent.format(value)

/** Money with as many digits as a price of a tenth of a cent needs. */
export function formatCost(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2
  return new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(value)
}

const zone = (): string | undefined => (preferences.get().zone === 'UTC' ? 'UTC' : undefined)

const SHAPES = {
  date_time: { dateStyle: 'medium', timeStyle: 'medium' },
  clock: { timeStyle: 'short' },
  day: { day: 'numeric', month: 'short' },
  day_of_year: { day: 'numeric', month: 'short', year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making a formatter takes a hundred times as long as using it, and a list shows a time in each row. */
function formatDateAs(shape: keyof typeof SHAPES, date: Date, timeZone = zone()): string {
  const key = `${shape} ${timeZone}`
  let formatter = formatters.get(key)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(LOCALE, { ...SHAPES[shape], timeZone })
    formatters.set(key, formatter)
  }
  return formatter.format(date)
}

export const formatDateTime = (value: string | number | Date): string => formatDateAs('date_time', new Date(value))

export const formatClock = (value: string | number | Date): string => formatDateAs('clock', new Date(value))

export function formatDate(value: string | number | Date): string {
  const date = new Date(value)
  return formatDateAs(date.getFullYear() === new Date().getFullYear() ? 'day' : 'day_of_year', date)
}

/** A day such as 2026-11-26 that is the same in every time zone. */
export const formatDay = (day: string): string => formatDateAs('day', new Date(`${day}T00:00:00Z`), 'UTC')

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "3 min ago" within a day, then the date. */
export function formatWhen(value: string | number | Date, now: number): string {
  const away = new Date(value).getTime() - now
  const size = Math.abs(away)
  if (size < 45_000) return away > 0 ? 'in a moment' : 'just now'
  if (size < HOUR_MS) return relative.format(Math.round(away / MINUTE_MS), 'minute')
  if (size < DAY_MS) return relative.format(Math.round(away / HOUR_MS), 'hour')
  return formatDate(value)
}

export function formatDuration(duration_ms: number): string {
  if (duration_ms < 1000) return `${Math.max(0, Math.round(duration_ms))} ms`
  const seconds = duration_ms / 1000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const formatCount = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${formatNumber(count)} ${count === 1 ? noun : nouns}`

export interface RowCount {
  value: number
  relation: 'exact' | 'at_least'
}

export const formatRowCount = ({ value, relation }: RowCount): string =>
  relation === 'exact' ? formatNumber(value) : `${formatNumber(value)}+`

/** Only such addresses become links: a scraped `javascript:` address is shown as text. */
export function safeHref(value: string | null | undefined): string | undefined {
  if (!value) return undefined
  try {
    const url = new URL(value)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
  } catch {
    return undefined
  }
}

/** A domain as a link; undefined for what is none. */
export const domainHref = (domain: string | null | undefined): string | undefined =>
  domain && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain) ? `https://${domain}` : undefined

/** A scraped phone number as a `tel:` link. */
export const phoneHref = (phone: string): string | undefined =>
  /^[+0-9][-0-9 ()./x]{2,49}$/.test(phone) ? `tel:${phone.replace(/[^+0-9]/g, '')}` : undefined

export const emailHref = (email: string): string | undefined =>
  /^[^\s@<>"',;:?&]+@[^\s@<>"',;:?&]+$/.test(email) ? `mailto:${email}` : undefined
