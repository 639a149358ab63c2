import { describe, expect, test } from 'vitest'
import { addDays, dayIn, startOfDay } from '../../packages/console/src/pages/overview/zone-days.ts'

describe('days of a time zone', () => {
  test('a day begins at midnight of its zone, also on the days when clocks change', () => {
    expect(startOfDay('2026-01-15', 'Europe/Berlin')).toBe('2026-01-14T23:00:00.000Z')
    expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(startOfDay('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
    expect(startOfDay('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
    expect(startOfDay('2026-07-01', 'Asia/Kolkata')).toBe('2026-06-30T18:30:00.000Z')
    expect(startOfDay('2026-07-01', 'America/Los_Angeles')).toBe('2026-07-01T07:00:00.000Z')
    expect(startOfDay('2026-07-01', 'UTC')).toBe('2026-07-01T00:00:00.000Z')
  })

  test('a time belongs to the day that the clocks of the zone show', () => {
    expect(dayIn('Asia/Kolkata', '2026-06-30T18:30:00Z')).toBe('2026-07-01')
    expect(dayIn('America/Los_Angeles', '2026-07-01T06:59:59Z')).toBe('2026-06-30')
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  })
})
