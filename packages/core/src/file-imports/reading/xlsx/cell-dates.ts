const DAY_MS = 86_400_000
/** Day 1 is 1 January 1900, or in workbooks of old Macs day 0 is 1 January 1904. */
const EPOCH_1900 = Date.UTC(1899, 11, 31)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
/** 29 February 1900, which did not exist. */
const NO_DAY = 60
/** 31 December 9999, the last day of a spreadsheet. */
const LAST_DAY = 2_958_465

/** Returns the day that a number means as `2026-02-28`, with a time as `2026-02-28T09:30:00.000Z`; null for no day. */
export function toDateText(serial: number, is_1904: boolean): string | null {
  if (!(serial >= 0 && serial < LAST_DAY + 1)) return null
  // The day that did not exist is counted, so days behind it are one less.
  const days = is_1904 || serial < NO_DAY ? serial : serial - 1
  const date = new Date((is_1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(days * DAY_MS))
  return fromDate(date)
}

/** Returns the time of day that a fraction of a day means, as `09:30:00`; null for more than a day. */
export function toTimeText(serial: number): string | null {
  const ms = Math.round(serial * DAY_MS)
  return ms >= 0 && ms < DAY_MS ? new Date(ms).toISOString().slice(11, 19) : null
}

/** Returns a date that is written as one, in the same form; other texts as they are. */
export function toIsoText(text: string): string {
  const value = text.trim()
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(value)) return text
  const date = new Date(/T.*(Z|[+-]\d\d:?\d\d)$/.test(value) || !value.includes('T') ? value : `${value}Z`)
  return Number.isNaN(date.getTime()) ? text : fromDate(date)
}

const fromDate = (date: Date): string => date.toISOString().replace(/T00:00:00\.000Z$/, '')
