import type { MappedItem } from '../model/mapped-item.ts'

/** Columns whose share of filled rows is stored per run. */
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

/** Number of leads of a run that have each column filled. Plain numbers can be added up and stored as JSON. */
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

/** Adds mapped items to earlier counts and returns the sum. Rejections do not count: the run's accounting covers them. */
export function countFilled(rows: readonly MappedItem[], earlier: FillRates = createFillRates()): FillRates {
  const filled = { ...earlier.filled }
  let leads = earlier.leads
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

export function addFillRates(first: FillRates, second: FillRates): FillRates {
  const filled = { ...first.filled }
  for (const column of fillRateColumns) filled[column] = (filled[column] ?? 0) + (second.filled[column] ?? 0)
  return { leads: first.leads + second.leads, filled }
}

/** Returns the share of leads with a column filled, from 0 to 1. Without leads it is 0. */
export function getFillRate(rates: FillRates, column: FillColumn): number {
  return rates.leads === 0 ? 0 : (rates.filled[column] ?? 0) / rates.leads
}

export interface FillRateWarning {
  column: FillColumn
  /** Shares from 0 to 1: of this run, and the median of the earlier runs. */
  rate: number
  usual: number
  message: string
}

/** A broken Actor shows in these columns. Options of the Actor may leave the others empty. */
const WATCHED_COLUMNS: readonly FillColumn[] = ['email', 'phone', 'full_name', 'company_name']
/** With fewer leads or runs, a drop may be chance. */
const LEADS_MIN = 20
const RUNS_MIN = 3
/** A drop is reported if at least this share was usual, less than half of it is left, and chance cannot explain it. */
const USUAL_MIN = 0.1
const DROP_RATIO_MAX = 0.5
const DEVIATIONS = 3

/**
 * Returns a warning per column (email, phone, name, company) whose fill rate dropped below half of the median of the same
 * Actor's earlier runs, by more than three standard deviations of a run of this size. Returns none with fewer than 20
 * leads or fewer than three earlier runs of 20 leads each.
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
