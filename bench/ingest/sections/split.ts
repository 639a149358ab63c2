import { printTable } from '../../measure.ts'
import type { Bench } from '../bench.ts'
import { measureIndexes } from '../split/indexes.ts'
import { explainPages } from '../split/statement.ts'
import type { Figures } from './figures.ts'

/** Where PostgreSQL's time for a page goes: parts of the real statement, then each index and each foreign key. */
export async function measureSplit(bench: Bench): Promise<Figures> {
  const statement = await explainPages(bench)
  const whole = Object.values(statement).reduce((sum, us) => sum + us, 0)
  printTable([
    ['the statement of a page, explained', 'µs a lead', 'share'],
    ...Object.entries(statement).map(([part, us]) => [part, us.toFixed(1), `${Math.round((us / whole) * 100)}%`]),
    ['together', whole.toFixed(1), ''],
  ])
  const { copy_us, without, noise_us } = await measureIndexes(bench)
  const rows = Object.entries(without).sort(([, a], [, b]) => b - a)
  console.log(`\nCOPY of the same rows: ${copy_us.toFixed(1)} µs of the server's processor time a lead`)
  printTable([
    ['without', 'µs a lead less', 'share'],
    ...rows.map(([name, us]) => [name, us.toFixed(1), `${Math.round((us / copy_us) * 100)}%`]),
  ])
  console.log(`The same measured twice differs by ${noise_us.toFixed(1)} µs.\n`)
  return {
    split_us_a_lead: statement,
    split_copy_us_a_lead: copy_us,
    split_us_without: without,
    split_noise_us: noise_us,
  }
}
