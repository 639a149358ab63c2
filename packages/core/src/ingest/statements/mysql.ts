import { CompiledQuery } from 'kysely'
import type { Db } from '../../database/engine.ts'
import { crmFields } from '../field-hashes.ts'
import { ensureCompanies, findLeads, insertEvents, toImportEventData } from './portable.ts'
import { type IngestStatements, importedColumns } from './types.ts'

/** Multi-row VALUES: 0.44 of LOAD DATA's rate, against 0.31 for JSON_TABLE. */

/**
 * Characters of one statement at most, well below the 16 MB of the server's default `max_allowed_packet`;
 * an item may be 9 MB, and grows when its quotes are escaped.
 */
const STATEMENT_CHARACTERS_MAX = 4_000_000

/** Groups of rows whose values stay below the size of a statement; a row alone may be larger. */
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

const auditColumns = ['created_at', 'updated_at', 'created_by', 'updated_by']

const leadColumns = [
  ...importedColumns,
  'external_id',
  'raw_data',
  'import_hashes',
  'source',
  'provider_name',
  'actor_id',
  'run_id',
  'dataset_id',
  ...auditColumns,
]

const sourceColumns = [
  'lead_id',
  'external_url',
  'provider_id',
  'scraped_at',
  'data_quality_score',
  'confidence_score',
  'metadata',
  'external_id',
  'source_type',
  'source_name',
  'provider_name',
  'actor_id',
  'actor_name',
  'run_id',
  'dataset_id',
  'import_batch_id',
  'scrape_params',
  ...auditColumns,
]

const eventColumns = [
  'lead_id',
  'event_type',
  'event_name',
  'event_data',
  'event_source',
  'event_timestamp',
  'actor',
  ...auditColumns,
]

const insertLeads: IngestStatements['insertLeads'] = async (trx, leads, origin) => {
  if (leads.length === 0) return
  const audit = [origin.at, origin.at, origin.actor, origin.actor]
  const run = [origin.source, origin.provider_name, origin.actor_id, origin.run_id, origin.dataset_id]
  const isWorked = leads.some(({ work }) => work)
  await insertRows(
    trx,
    'sales_leads',
    isWorked ? [...leadColumns, ...crmFields] : leadColumns,
    leads.map(({ external_id, fields, raw_data, import_hashes, work }) => [
      ...importedColumns.map((field) => fields[field]),
      external_id,
      raw_data,
      import_hashes,
      ...run,
      ...audit,
      ...(isWorked ? [work?.lead_status ?? 'new', work?.lead_score, work?.notes] : []),
    ]),
  )
  // Asked for rather than counted up from the first id: how ids are given to a multi-row insert is a server setting.
  const inserted = await findLeads(
    trx,
    origin.provider_name,
    leads.map(({ external_id }) => external_id),
  )
  const ids = new Map(inserted.map(({ id, external_id }) => [external_id, id]))
  await insertRows(
    trx,
    'lead_sources',
    sourceColumns,
    leads.map(({ external_id, source }) => [
      ids.get(external_id),
      source.external_url,
      source.provider_id,
      source.scraped_at === null ? null : new Date(source.scraped_at),
      source.data_quality_score,
      source.confidence_score,
      source.metadata,
      external_id,
      origin.source,
      origin.source_name,
      origin.provider_name,
      origin.actor_id,
      origin.actor_name,
      origin.run_id,
      origin.dataset_id,
      origin.import_batch_id,
      origin.scrape_params,
      ...audit,
    ]),
  )
  const event = ['created', 'Lead created', toImportEventData(origin), origin.source, origin.at, origin.actor]
  await insertRows(
    trx,
    'lead_events',
    eventColumns,
    leads.map(({ external_id }) => [ids.get(external_id), ...event, ...audit]),
  )
}

/**
 * Many updates in one statement: an insert of rows that all exist. `source` is named because its column has no
 * default; it is not written.
 */
const updateLeads: IngestStatements['updateLeads'] = async (trx, updates, origin) => {
  const columns = [...importedColumns, 'raw_data', 'import_hashes']
  await insertRows(
    trx,
    'sales_leads',
    ['id', 'source', 'version', 'updated_at', 'updated_by', ...columns],
    updates.map(({ id, fields, raw_data, import_hashes, is_visible }) => [
      id,
      origin.source,
      is_visible ? 1 : 0,
      origin.at,
      origin.actor,
      ...importedColumns.map((field) => fields[field]),
      raw_data,
      import_hashes,
    ]),
    ` on duplicate key update ${columns.map((column) => `${column} = values(${column})`).join(', ')},
      updated_at = if(values(version) = 1, values(updated_at), updated_at),
      updated_by = if(values(version) = 1, values(updated_by), updated_by),
      version = version + values(version)`,
  )
  const worked = updates.flatMap(({ id, work }) =>
    work ? [[id, origin.source, ...crmFields.map((f) => work[f])]] : [],
  )
  await insertRows(
    trx,
    'sales_leads',
    ['id', 'source', ...crmFields],
    worked,
    ` on duplicate key update ${crmFields.map((column) => `${column} = values(${column})`).join(', ')}`,
  )
}

const insertSightings: IngestStatements['insertSightings'] = async (
  trx,
  lead_ids,
  { source_type, source_id, seen_at },
) => {
  await insertRows(
    trx,
    'lead_sightings',
    ['lead_id', 'source_type', 'source_id', 'seen_at'],
    lead_ids.map((lead_id) => [lead_id, source_type, source_id, seen_at]),
    // Not `insert ignore`, which would hide a lead that has gone.
    ' on duplicate key update lead_id = lead_sightings.lead_id',
  )
}

export const mysqlIngest: IngestStatements = {
  findLeads,
  ensureCompanies,
  insertLeads,
  updateLeads,
  insertSightings,
  insertEvents,
}
