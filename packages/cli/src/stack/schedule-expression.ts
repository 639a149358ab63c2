/** A parsed schedule. `next(after)` returns the first time after `after`, in UTC. */
export interface ScheduleExpression {
  next(after: Date): Date
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
// A cron expression fires within eight years or never: 29 February across a century that is not a leap year.
const DAYS_AHEAD_MAX = 366 * 8 + 2

/**
 * Parses EventBridge expressions: `rate(15 minutes)` and `cron(minutes hours day-of-month month day-of-week year)` with
 * lists, ranges, steps and names. `L`, `W` and `#` are not supported.
 * @throws Error on anything else
 */
export function parseScheduleExpression(expression: string): ScheduleExpression {
  const [, kind, content] = /^(rate|cron)\((.+)\)$/.exec(expression.trim()) ?? []
  if (kind === 'rate' && content) return parseRate(expression, content)
  if (kind === 'cron' && content) return parseCron(expression, content)
  throw new Error(`Not a schedule: ${expression}. Use rate(15 minutes) or cron(0 3 * * ? *).`)
}

function parseRate(expression: string, content: string): ScheduleExpression {
  const [, digits = '', unit, plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(content) ?? []
  const count = Number(digits)
  // AWS rejects rate(1 minutes) and rate(5 minute).
  if (!unit || count < 1 || (plural === 's') !== count > 1) throw new Error(`Not a rate: ${expression}`)
  const period_ms = count * unitMs[unit as keyof typeof unitMs]
  return { next: (after) => new Date(after.getTime() + period_ms) }
}

function parseCron(expression: string, content: string): ScheduleExpression {
  const fields = content.trim().split(/\s+/)
  const [minute, hour, month_day, month, week_day, year] = fields
  if (fields.length !== 6 || !minute || !hour || !month_day || !month || !week_day || !year) {
    throw new Error(`A cron expression has six fields: ${expression}`)
  }
  if ((month_day === '?') === (week_day === '?')) {
    throw new Error(`Either the day of the month or the day of the week must be ?: ${expression}`)
  }
  const field = (text: string, min: number, max: number, names: string[] = []) =>
    parseField(expression, text, min, max, names)
  const minutes = [...field(minute, 0, 59)].sort((a, b) => a - b)
  const hours = [...field(hour, 0, 23)].sort((a, b) => a - b)
  const month_days = field(month_day, 1, 31)
  const months = field(month, 1, 12, monthNames)
  const week_days = field(week_day, 1, 7, dayNames)
  const years = field(year, 1970, 2199)
  const isDay = (day: Date) =>
    years.has(day.getUTCFullYear()) &&
    months.has(day.getUTCMonth() + 1) &&
    month_days.has(day.getUTCDate()) &&
    week_days.has(day.getUTCDay() + 1)
  return {
    next: (after) => {
      const midnight_ms = Math.floor(after.getTime() / unitMs.day) * unitMs.day
      for (let ahead = 0; ahead <= DAYS_AHEAD_MAX; ahead += 1) {
        const day_ms = midnight_ms + ahead * unitMs.day
        if (!isDay(new Date(day_ms))) continue
        for (const each_hour of hours) {
          for (const each_minute of minutes) {
            const time_ms = day_ms + each_hour * unitMs.hour + each_minute * unitMs.minute
            if (time_ms > after.getTime()) return new Date(time_ms)
          }
        }
      }
      throw new Error(`This schedule does not fire again: ${expression}`)
    },
  }
}

function parseField(expression: string, text: string, min: number, max: number, names: string[]): Set<number> {
  const fail = (): never => {
    throw new Error(`Cannot read "${text}" in ${expression}`)
  }
  const read = (word: string): number => {
    const named = names.indexOf(word.toUpperCase())
    const value = named === -1 ? Number(word) : named + min
    return /^\w+$/.test(word) && Number.isInteger(value) && value >= min && value <= max ? value : fail()
  }
  const readRange = (range: string, has_step: boolean): [from: number, to: number] => {
    if (range === '*' || range === '?') return [min, max]
    const [first = '', last, ...more] = range.split('-')
    if (more.length > 0) fail()
    const from = read(first)
    if (last !== undefined) return [from, read(last)]
    return [from, has_step ? max : from]
  }
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const [range = '', step_text, ...rest] = part.split('/')
    const step = step_text === undefined ? 1 : Number(step_text)
    if (rest.length > 0 || !Number.isInteger(step) || step < 1) fail()
    const [from, to] = readRange(range, step_text !== undefined)
    if (to < from) fail()
    for (let value = from; value <= to; value += step) values.add(value)
  }
  return values
}
