import type { Db } from '../database/engine.ts'
import { clearTaskState, readTaskState, writeTaskState } from '../database/task-state.ts'
import type { Log } from '../log.ts'
import { normalizeCompanies } from './normalize-companies.ts'
import { normalizeLeads } from './normalize-leads.ts'
import { type NormalizedRow, readIds } from './page.ts'

export interface NormalizeOptions {
  db: Db
  log: Log
  now: () => Date
  /** Writes nothing, and returns what would change. */
  is_dry_run: boolean
  /** Called between pages; true stops, with all pages before it written. The next call continues there. */
  shouldStop?: () => boolean
  onProgress?: (result: NormalizeResult) => void
}

export interface NormalizeResult {
  leads_read: number
  leads_changed: number
  /** How many leads changed in each column. */
  lead_fields: Record<string, number>
  companies_read: number
  companies_changed: number
  company_fields: Record<string, number>
  /** Some values before and after. */
  examples: NormalizeExample[]
  /** An earlier call was stopped, and this one has read the rows after it. */
  is_continued: boolean
  is_finished: boolean
}

export interface NormalizeExample {
  table: Table
  id: number
  column: string
  old: unknown
  new: unknown
}

type Table = 'leads' | 'companies'
type Position = Record<Table, number>

const ROWS_PER_PAGE = 200
const EXAMPLES_PER_COLUMN = 3
const STATE = 'rows:normalize'

const tables = {
  leads: { name: 'sales_leads', normalize: normalizeLeads },
  companies: { name: 'companies', normalize: normalizeCompanies },
} as const

/**
 * Gives the values of existing rows the spelling that imports and the API give new ones. A page is one transaction, so it
 * may be stopped at any time, and a second call changes nothing more. It is no edit: later imports update the columns as
 * before, and edited values stay, in the normal spelling.
 */
export async function normalizeRows(options: NormalizeOptions): Promise<NormalizeResult> {
  const { db, is_dry_run } = options
  const stored = is_dry_run ? undefined : ((await readTaskState(db, STATE)) as Position | undefined)
  const position = { leads: stored?.leads ?? 0, companies: stored?.companies ?? 0 }
  const result: NormalizeResult = {
    leads_read: 0,
    leads_changed: 0,
    lead_fields: {},
    companies_read: 0,
    companies_changed: 0,
    company_fields: {},
    examples: [],
    is_continued: stored !== undefined,
    is_finished: false,
  }
  for (const table of ['leads', 'companies'] as const)
    if (!(await normalizeTable(options, table, position, result))) return result
  if (!is_dry_run) await clearTaskState(db, STATE)
  result.is_finished = true
  options.log.info('Existing rows normalized', { ...result, examples: undefined })
  return result
}

/** Returns false when it was stopped. */
async function normalizeTable(
  { db, now, is_dry_run, shouldStop, onProgress }: NormalizeOptions,
  table: Table,
  position: Position,
  result: NormalizeResult,
): Promise<boolean> {
  for (;;) {
    if (shouldStop?.()) return false
    const ids = await readIds(db, tables[table].name, position[table], ROWS_PER_PAGE)
    const last = ids.at(-1)
    if (last === undefined) return true
    position[table] = last
    const writePosition = (trx: Db) => writeTaskState(trx, STATE, { ...position }, now())
    const rows = await tables[table].normalize({ db, now, is_dry_run, writePosition }, ids)
    addToResult(result, table, ids.length, rows)
    onProgress?.(result)
  }
}

function addToResult(result: NormalizeResult, table: Table, read: number, rows: readonly NormalizedRow[]): void {
  const fields = table === 'leads' ? result.lead_fields : result.company_fields
  for (const { id, changed_fields } of rows)
    for (const [column, change] of Object.entries(changed_fields)) {
      fields[column] = (fields[column] ?? 0) + 1
      if (fields[column] <= EXAMPLES_PER_COLUMN) result.examples.push({ table, id, column, ...change })
    }
  result[`${table}_read`] += read
  result[`${table}_changed`] += rows.filter(({ changed_fields }) => Object.keys(changed_fields).length > 0).length
}
