import type { MappedItem } from '../model/mapped-item.ts'

/** The columns whose share of filled rows is kept per run. */
export const fillRateColumns = [
  'full_name',
  'title',
  'email',
  'phone',
  'company_name',
  'company_domain',
  'country',
  'city',
  'industry',
  'external_url',
] as const

export type FillColumn = (typeof fillRateColumns)[number]

/** How many leads of a run have each column filled. Plain numbers, so that pages add up and JSON keeps them. */
export interface FillRates {
  leads: number
  filled: Record<FillColumn, number>
}

export function createFillRates(): FillRates {
  return {
    leads: 0,
    filled: Object.fromEntries(fillRateColumns.map((column) => [column, 0])) as Record<FillColumn, number>,
  }
}

/** Counts mapped items on top of `sofar` (not changed); rejections do not count: they are told by the run's accounting. */
export function countFilled(rows: readonly MappedItem[], sofar: FillRates = createFillRates()): FillRates {
  const filled = { ...sofar.filled }
  let leads = sofar.leads
  for (const row of rows) {
    if (row.outcome !== 'lead') continue
    leads += 1
    for (const column of fillRateColumns) {
      const value = column === 'external_url' ? row.source.external_url : row.lead[column]
      if (value !== null) filled[column] += 1
    }
  }
  return { leads, filled }
}

/** The share of leads with a column filled, 0-1; 0 without leads. */
export function getFillRate(rates: FillRates, column: FillColumn): number {
  return rates.leads === 0 ? 0 : (rates.filled[column] ?? 0) / rates.leads
}

export interface FillRateWarning {
  column: FillColumn
  /** Shares 0-1: of this run, and the median of the earlier ones. */
  rate: number
  usual: number
  message: string
}

/** A silently broken Actor shows in these; the others may be left out by an option of the Actor. */
const WATCHED_COLUMNS: readonly FillColumn[] = ['email', 'phone', 'full_name', 'company_name']
/** With fewer leads or runs a fall is chance. */
const LEADS_MIN = 20
const RUNS_MIN = 3
/** Worth a warning: at least this share was usual, and less than half of it came, and the fall is no chance of a small run. */
const USUAL_MIN = 0.1
const DROP_RATIO_MAX = 0.5
const DEVIATIONS = 3

/**
 * Warnings where a run's fill rate of e-mail, phone, name or company fell far below the median of the same Actor's
 * earlier runs: below half of it, and by more than three standard deviations of a run of this size. Needs 20 leads and
 * three earlier runs with 20 leads each; otherwise there is nothing to compare and no warning.
 */
export function findFillRateDrops(current: FillRates, earlier: readonly FillRates[]): FillRateWarning[] {
  const comparable = earlier.filter((rates) => rates.leads >= LEADS_MIN)
  if (current.leads < LEADS_MIN || comparable.length < RUNS_MIN) return []
  const warnings: FillRateWarning[] = []
  for (const column of WATCHED_COLUMNS) {
    const usual = median(comparable.map((rates) => getFillRate(rates, column)))
    const rate = getFillRate(current, column)
    const deviation = Math.sqrt((usual * (1 - usual)) / current.leads)
    if (usual < USUAL_MIN || rate >= usual * DROP_RATIO_MAX || usual - rate <= DEVIATIONS * deviation) continue
    warnings.push({
      column,
      rate,
      usual,
      message: `only ${percent(rate)} of ${current.leads} leads have ${column}, usually ${percent(usual)}: the Actor may be broken or its output may have changed`,
    })
  }
  return warnings
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}
