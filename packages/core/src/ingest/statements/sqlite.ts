import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { crmFields } from '../../model/lead-columns.ts'
import { createNewLeadRows, newEventColumns, newLeadColumns, newSourceColumns } from './new-lead-rows.ts'
import type { IngestStatements, NewLead } from './types.ts'

/**
 * Prepared statements of a few rows each, one transaction per page. A statement that fires a trigger of the full-text
 * table begins with writing what that table has not written yet: row by row that was half of the time of a page, with 32
 * rows a statement it is not measurable. json_each would parse the page again for each column (0.07 of the rate).
 */

const insertSql = (table: string, columns: readonly string[]): string =>
  `insert into ${table} (${columns.join(', ')}) values `

const toRowSql = (columns: readonly string[]): string => `(${columns.map(() => '?').join(', ')})`

const crmLeadColumns = [...newLeadColumns, ...crmFields]
const identityColumns = ['identity', 'lead_id', 'is_shared', 'seen_at']
const sightingColumns = ['lead_id', 'source_type', 'source_id', 'seen_at', 'observed_at']

/** From this size on each lead is a statement: SQLite copies all values of a statement before it runs. */
const STATEMENT_CHARACTERS_MAX = 1_000_000

function* chunkLeads(trx: Db, leads: readonly NewLead[]): Generator<readonly NewLead[]> {
  for (const chunk of chunkRows(trx, leads, crmLeadColumns.length)) {
    const characters = chunk.reduce((sum, { raw_data }) => sum + raw_data.length, 0)
    if (characters <= STATEMENT_CHARACTERS_MAX) yield chunk
    else for (const lead of chunk) yield [lead]
  }
}

/** Inserts rows by one statement and returns the id of the last one. */
function insertRows(
  trx: Db,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  suffix = '',
): number {
  const row = toRowSql(columns)
  return Number(run(trx, `${insertSql(table, columns)}${rows.map(() => row).join(', ')}${suffix}`, rows.flat()))
}

const updateCrmSql = `update sales_leads set ${crmFields.map((column) => `${column} = ?`).join(', ')} where id = ?`

function run(db: Db, sql: string, values: readonly unknown[]): number | bigint {
  const statement = db.engine.prepare?.(sql)
  if (!statement) throw new Error(`The engine ${db.engine.name} does not prepare statements.`)
  return statement.run(values)
}

export const sqliteStatements = {
  async insertLeads(trx, leads, origin) {
    // Times are stored as text.
    const rows = createNewLeadRows(origin, (iso) => iso)
    const ids = new Map<string, number>()
    for (const chunk of chunkLeads(trx, leads)) {
      const hasCrmFields = chunk.some(({ crm_fields }) => crm_fields)
      const values = chunk.map((lead) =>
        hasCrmFields ? [...rows.toLeadValues(lead), ...rows.toCrmValues(lead)] : rows.toLeadValues(lead),
      )
      // SQLite numbers the rows of a statement one by one from the highest id on.
      const last_id = insertRows(trx, 'sales_leads', hasCrmFields ? crmLeadColumns : newLeadColumns, values)
      const toId = (index: number): number => last_id - chunk.length + 1 + index
      const sources = chunk.map((lead, index) => rows.toSourceValues(toId(index), lead))
      insertRows(trx, 'lead_sources', newSourceColumns, sources)
      insertRows(
        trx,
        'lead_events',
        newEventColumns,
        chunk.map((_, index) => rows.toEventValues(toId(index))),
      )
      for (const [index, { external_id }] of chunk.entries()) ids.set(external_id, toId(index))
    }
    return ids
  },
  async insertIdentities(trx, identities, seen_at) {
    for (const chunk of chunkRows(trx, identities, identityColumns.length)) {
      const values = chunk.map(({ identity, lead_id, is_shared }) => [identity, lead_id, is_shared, seen_at])
      insertRows(trx, 'lead_identities', identityColumns, values)
    }
  },
  async updateLeads(trx, updates, origin) {
    for (const { id, fields, changed_columns, import_hashes, crm_fields, ...update } of updates) {
      // An index on a column that the statement names is written, whether the value differs or not.
      const row: Record<string, unknown> = { import_hashes }
      for (const column of changed_columns) row[column] = fields[column]
      if (update.raw_data !== null) Object.assign(row, { raw_data: update.raw_data, observed_at: update.observed_at })
      if (update.is_visible) Object.assign(row, { updated_at: origin.at, updated_by: origin.actor })
      const columns = Object.keys(row)
      const version = update.is_visible ? ', version = version + 1' : ''
      const set = `${columns.map((column) => `${column} = ?`).join(', ')}${version}`
      run(trx, `update sales_leads set ${set} where id = ?`, [...Object.values(row), id])
      if (crm_fields) run(trx, updateCrmSql, [...crmFields.map((field) => crm_fields[field]), id])
    }
  },
  async insertSightings(trx, leads, { source_type, source_id, seen_at }) {
    for (const chunk of chunkRows(trx, leads, sightingColumns.length)) {
      const values = chunk.map(({ lead_id, observed_at }) => [lead_id, source_type, source_id, seen_at, observed_at])
      insertRows(trx, 'lead_sightings', sightingColumns, values, ' on conflict do nothing')
    }
  },
} satisfies Partial<IngestStatements>
