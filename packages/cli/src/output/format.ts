import { escapeControls } from './escape.ts'

/** Formats numbers, times and values for people. */

const grouped = new Intl.NumberFormat('en-US')

export const formatNumber = (value: number): string => grouped.format(value)

export const pluralize = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** Returns `2026-03-02 07:38:32` in UTC, or an empty string. */
export const formatTime = (iso: string | null): string => (iso === null ? '' : iso.slice(0, 19).replace('T', ' '))

export function formatSeconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}

/** Formats the value of a column as one line without control characters. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(formatValue).join(', ')
  if (typeof value === 'object') return escapeControls(JSON.stringify(value))
  return escapeControls(String(value).replace(/\s+/g, ' '))
}

/** Returns `12.3 MB`, or an empty string if the size is unknown. */
export function formatBytes(count: number | null): string {
  if (count === null) return ''
  if (count < 1024) return `${count} B`
  const units = ['KB', 'MB', 'GB', 'TB']
  let value = count / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toFixed(1)} ${units[unit]}`
}
