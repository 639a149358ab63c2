import { CompiledQuery, sql } from 'kysely'
import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { findByKey } from '../../database/find-by-key.ts'
import { orUpdate, updateClause } from '../../database/upsert.ts'
import type { Company } from '../../model/company.ts'
import { backfillColumns } from '../../model/company-columns.ts'
import { crmFields, importedColumns } from '../../model/lead-columns.ts'
import type { MappedCompany } from '../../model/mapped-item.ts'
import { mergeCompaniesByKey, toEmptyColumnMask } from '../company-backfill.ts'
import { isBackfillable } from '../merge-rules.ts'
import type { Provenance } from '../provenance.ts'
import { existingLeadColumns } from './find-leads-by-id.ts'
import { createNewLeadRows, newEventColumns, newLeadColumns, newSourceColumns } from './new-lead-rows.ts'
import type { ExistingLead, IngestStatements, NewEvent, NewLead } from './types.ts'

/**
 * The ingest statements that every engine can run. An engine replaces those for which it has a faster way.
 * Rows go as multi-row VALUES: on MariaDB 0.44 of LOAD DATA's rate, against 0.31 for JSON_TABLE.
 */

const findLeads = (db: Db, provider_name: string, external_ids: readonly string[]): Promise<ExistingLead[]> => {
  const scope = { column: 'provider_name', value: provider_name }
  return findByKey(db, { table: 'sales_leads', key: 'external_id', columns: existingLeadColumns, scope }, external_ids)
}

interface ExistingCompany {
  id: number
  /** The fillable columns that an import may still fill; none where a person has edited the company. */
  empty: number
}

const companyColumns = [
  'id',
  'company_key',
  'merged_into_id',
  'created_by',
  'updated_by',
  'is_deleted',
  ...backfillColumns,
] as const

async function findExistingCompanies(db: Db, keys: readonly string[]): Promise<Map<string, ExistingCompany>> {
  const found = new Map<string, ExistingCompany>()
  const find = { table: 'companies', key: 'company_key', columns: companyColumns } as const
  for (const row of await findByKey<Company>(db, find, keys)) {
    const id = row.merged_into_id ?? row.id
    found.set(row.company_key, { id, empty: isBackfillable(row) ? toEmptyColumnMask(row) : 0 })
  }
  return found
}

/**
 * One idempotent statement that creates companies and fills the empty columns of those that exist. It commits by
 * itself: inside a page's transaction a new company would make other consumers wait for the whole page.
 */
async function upsertCompanies(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<void> {
  for (const slice of chunkRows(db, companies, 20)) {
    const insert = db.kysely.insertInto('companies').values(
      slice.map((company) => ({
        ...company,
        created_at: origin.at,
        updated_at: origin.at,
        created_by: origin.actor,
        updated_by: origin.actor,
      })),
    )
    await orUpdate(db, insert, ['company_key'], (incoming) => ({
      ...Object.fromEntries(
        backfillColumns.map((column) => [
          column,
          sql<never>`coalesce(${sql.ref(`companies.${column}`)}, ${incoming(column)})`,
        ]),
      ),
      version: sql<never>`companies.version + 1`,
      updated_at: incoming('updated_at'),
    })).execute()
  }
}

async function ensureCompanies(
  db: Db,
  companies: readonly MappedCompany[],
  origin: Provenance,
): Promise<Map<string, number>> {
  const wanted = mergeCompaniesByKey(companies)
  const known = await findExistingCompanies(
    db,
    wanted.map(({ company_key }) => company_key),
  )
  const outstanding = wanted.filter((company) => {
    const found = known.get(company.company_key)
    return !found || (found.empty & ~toEmptyColumnMask(company)) !== 0
  })
  await upsertCompanies(db, outstanding, origin)
  const ids = new Map([...known].map(([key, { id }]) => [key, id]))
  const created = outstanding.map(({ company_key }) => company_key).filter((key) => !ids.has(key))
  for (const [key, { id }] of await findExistingCompanies(db, created)) ids.set(key, id)
  return ids
}

async function insertEvents(trx: Db, events: readonly NewEvent[], origin: Provenance): Promise<void> {
  for (const slice of chunkRows(trx, events, 12)) {
    await trx.kysely
      .insertInto('lead_events')
      .values(
        slice.map((event) => ({
          ...event,
          event_source: origin.source,
          event_timestamp: origin.at,
          actor: origin.actor,
          created_at: origin.at,
          updated_at: origin.at,
          created_by: origin.actor,
          updated_by: origin.actor,
        })),
      )
      .execute()
  }
}

/**
 * Characters at most per statement, well below the 16 MB of the server's default `max_allowed_packet`;
 * an item may be 9 MB, and grows when its quotes are escaped.
 */
const STATEMENT_CHARACTERS_MAX = 4_000_000

/** Groups rows below the size of a statement; a single row may be larger. */
function* chunkBySize(rows: readonly (readonly unknown[])[]): Generator<(readonly unknown[])[]> {
  let batch: (readonly unknown[])[] = []
  let size = 0
  for (const row of rows) {
    const length = row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 10), 0)
    if (batch.length > 0 && size + length > STATEMENT_CHARACTERS_MAX) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(row)
    size += length
  }
  if (batch.length > 0) yield batch
}

async function insertRows(
  trx: Db,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  suffix = '',
): Promise<void> {
  const row = `(${columns.map(() => '?').join(', ')})`
  for (const batch of chunkBySize(rows)) {
    const sql = `insert into ${table} (${columns.join(', ')}) values ${batch.map(() => row).join(', ')}${suffix}`
    await trx.kysely.executeQuery(CompiledQuery.raw(sql, batch.flat()))
  }
}

/** Inserts rows in the way of an engine. */
type InsertRows = (
  trx: Db,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
) => Promise<void>

/** @param findIds finds the ids of the leads that were just inserted */
export const createInsertLeads =
  (insert: InsertRows, findIds = findIdsByKey): IngestStatements['insertLeads'] =>
  async (trx, leads, origin) => {
    if (leads.length === 0) return null
    const hasCrmFields = leads.some(({ crm_fields }) => crm_fields)
    const rows = createNewLeadRows(origin, (iso) => new Date(iso))
    await insert(
      trx,
      'sales_leads',
      hasCrmFields ? [...newLeadColumns, ...crmFields] : newLeadColumns,
      leads.map((lead) => {
        const values = rows.toLeadValues(lead)
        return hasCrmFields ? [...values, ...rows.toCrmValues(lead)] : values
      }),
    )
    const ids = await findIds(trx, leads, origin)
    await insert(
      trx,
      'lead_sources',
      newSourceColumns,
      leads.map((lead) => rows.toSourceValues(ids.get(lead.external_id), lead)),
    )
    await insert(
      trx,
      'lead_events',
      newEventColumns,
      leads.map(({ external_id }) => rows.toEventValues(ids.get(external_id))),
    )
    return ids
  }

/** Queried, not counted up from the first id: how a multi-row insert numbers its rows is a server setting. */
export async function findIdsByKey(
  trx: Db,
  leads: readonly NewLead[],
  origin: Provenance,
): Promise<Map<string, number>> {
  const find = {
    table: 'sales_leads',
    key: 'external_id',
    columns: ['id', 'external_id'],
    scope: { column: 'provider_name', value: origin.provider_name },
  } as const
  const external_ids = leads.map(({ external_id }) => external_id)
  const found = await findByKey<Pick<ExistingLead, 'id' | 'external_id'>>(trx, find, external_ids)
  return new Map(found.map(({ id, external_id }) => [external_id, id]))
}

const insertIdentities: IngestStatements['insertIdentities'] = async (trx, identities, seen_at) => {
  for (const chunk of chunkRows(trx, identities, 4)) {
    await trx.kysely
      .insertInto('lead_identities')
      .values(chunk.map((identity) => ({ ...identity, seen_at })))
      .execute()
  }
}

/**
 * Many updates in one statement: an insert of rows that all exist. `source` is named because its column has no
 * default; it is not written.
 */
const updateLeads: IngestStatements['updateLeads'] = async (trx, updates, origin) => {
  const columns = [...importedColumns, 'import_hashes']
  // Null keeps the stored item, which is newer.
  const kept = ['raw_data', 'observed_at']
  await insertRows(
    trx,
    'sales_leads',
    ['id', 'source', 'version', 'updated_at', 'updated_by', ...columns, ...kept],
    updates.map(({ id, fields, raw_data, import_hashes, observed_at, is_visible }) => [
      id,
      origin.source,
      is_visible ? 1 : 0,
      origin.at,
      origin.actor,
      ...importedColumns.map((field) => fields[field]),
      import_hashes,
      raw_data,
      observed_at === null ? null : new Date(observed_at),
    ]),
    updateClause(trx, ['id'], (incoming) => [
      ...columns.map((column) => `${column} = ${incoming(column)}`),
      ...kept.map((column) => `${column} = coalesce(${incoming(column)}, sales_leads.${column})`),
      ...['updated_at', 'updated_by'].map((column) => `${column} = ${whenVisible(trx, column, incoming)}`),
      `version = ${trx.engine.has_on_conflict ? 'sales_leads.version' : 'version'} + ${incoming('version')}`,
    ]),
  )
  const crmRows = updates.flatMap(({ id, crm_fields }) =>
    crm_fields ? [[id, origin.source, ...crmFields.map((field) => crm_fields[field])]] : [],
  )
  await insertRows(
    trx,
    'sales_leads',
    ['id', 'source', ...crmFields],
    crmRows,
    updateClause(trx, ['id'], (incoming) => crmFields.map((column) => `${column} = ${incoming(column)}`)),
  )
}

/** The `version` of a row that is sent is 1 where a person would see the change. */
const whenVisible = (db: Db, column: string, incoming: (column: string) => string): string =>
  db.engine.has_on_conflict
    ? `case when ${incoming('version')} = 1 then ${incoming(column)} else sales_leads.${column} end`
    : `if(${incoming('version')} = 1, ${incoming(column)}, ${column})`

const upsertSourceStates: IngestStatements['upsertSourceStates'] = async (trx, states) => {
  for (const chunk of chunkRows(trx, states, 5)) {
    const insert = trx.kysely.insertInto('lead_source_states').values([...chunk])
    await orUpdate(trx, insert, ['lead_id', 'source_key'], (incoming) => ({
      import_hashes: incoming('import_hashes'),
      observed_at: incoming('observed_at'),
      observations: incoming('observations'),
    })).execute()
  }
}

const insertSightings: IngestStatements['insertSightings'] = async (
  trx,
  leads,
  { source_type, source_id, seen_at },
) => {
  await insertRows(
    trx,
    'lead_sightings',
    ['lead_id', 'source_type', 'source_id', 'seen_at', 'observed_at'],
    leads.map(({ lead_id, observed_at }) => [
      lead_id,
      source_type,
      source_id,
      seen_at,
      observed_at === null ? null : new Date(observed_at),
    ]),
    // Not `insert ignore`, which would hide that a lead was deleted.
    updateClause(trx, ['lead_id', 'source_type', 'source_id'], () => ['lead_id = lead_sightings.lead_id']),
  )
}

export const portableStatements: IngestStatements = {
  findLeads,
  ensureCompanies,
  insertLeads: createInsertLeads(insertRows),
  insertIdentities,
  updateLeads,
  insertSightings,
  insertEvents,
  upsertSourceStates,
}
