import { preferences } from '../../shell/preferences.ts'

export const DAY_MS = 86_400_000

/** The person's time zone: days of a chart begin at their midnight. */
export const zoneName = (): string =>
  preferences.get().zone === 'UTC' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone

/** The day in a zone that a time belongs to. */
export const dayIn = (zone: string, time: string | number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(time),
  )

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** When a day begins in a zone: the day's midnight in UTC, moved by the zone's offset. */
export function startOfDay(day: string, zone: string): string {
  const guess = Date.parse(`${day}T00:00:00Z`)
  const wall = (time: number): number => {
    const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    return Date.parse(`${parts.format(time).replace(' ', 'T')}Z`)
  }
  const first = guess - (wall(guess) - guess)
  return new Date(first - (wall(first) - guess)).toISOString()
}
