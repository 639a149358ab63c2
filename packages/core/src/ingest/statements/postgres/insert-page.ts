import { CompiledQuery } from 'kysely'
import type { Db } from '../../../database/engine.ts'
import { encodeParameter } from '../../../database/value-codec.ts'
import { crmFields } from '../../field-hashes.ts'
import { type NewRejection, toStorableReason } from '../../insert-rejections.ts'
import { findLeads, insertEvents, toImportEventData } from '../portable.ts'
import {
  type IngestStatements,
  importedColumns,
  type LeadUpdate,
  type NewLead,
  type PageInsert,
  type PageLead,
  type PageOutcome,
  type Provenance,
} from '../types.ts'
import { ensureCompanies } from './companies.ts'
import { joinValues, unnestColumns } from './delimited-columns.ts'

const types: Record<string, string> = {
  email_verified: 'boolean',
  phone_verified: 'boolean',
  additional_emails: 'jsonb',
  additional_phones: 'jsonb',
  tags: 'jsonb',
  company_id: 'integer',
  raw_data: 'json',
  scraped_at: 'timestamptz',
  data_quality_score: 'smallint',
  confidence_score: 'smallint',
  metadata: 'json',
}
const castColumn = (column: string): string => (types[column] ? `${column}::${types[column]}` : column)

const leadColumns = [...importedColumns, 'external_id', 'raw_data', 'import_hashes'] as const
const sourceColumns = [
  'external_url',
  'provider_id',
  'scraped_at',
  'data_quality_score',
  'confidence_score',
  'metadata',
] as const

/** One text a column, in the order of leadColumns and sourceColumns; `companies` stands in the place of company_id. */
function toDelimitedColumns(leads: readonly Omit<PageLead, 'company_key'>[], companies: string): string[] {
  return [
    ...importedColumns.map((field) =>
      field === 'company_id' ? companies : joinValues(leads, ({ fields }) => fields[field]),
    ),
    joinValues(leads, ({ external_id }) => external_id),
    joinValues(leads, ({ raw_data }) => raw_data),
    joinValues(leads, ({ import_hashes }) => import_hashes),
    ...sourceColumns.map((column) => joinValues(leads, ({ source }) => source[column])),
  ]
}

const inputColumns = [...leadColumns, ...sourceColumns]
const originParameters = 12
const afterOrigin = originParameters + 1
const splitInput = unnestColumns(afterOrigin, inputColumns.length)
const workedColumns = [...inputColumns, ...crmFields]

/**
 * Inserts the rows of `fresh`: their ids are drawn before, so that the three inserts need neither RETURNING nor a join.
 * Foreign keys are checked at its end. $1-$12 are of the origin, the next ones one text a column.
 */
const insertNewRowsSql = (
  more: { columns: string; values: string } = { columns: '', values: '' },
): string => `leads as (
  insert into sales_leads (id, ${leadColumns.join(', ')}${more.columns}, source, provider_name, actor_id, run_id, dataset_id,
    created_at, updated_at, created_by, updated_by)
  select id, ${leadColumns.map(castColumn).join(', ')}${more.values}, $1, $3, $4, $6, $7,
    $11::timestamptz, $11::timestamptz, $10, $10
  from fresh
), sources as (
  insert into lead_sources (lead_id, ${sourceColumns.join(', ')}, external_id, source_type, source_name,
    provider_name, actor_id, actor_name, run_id, dataset_id, import_batch_id, scrape_params,
    created_at, updated_at, created_by, updated_by)
  select id, ${sourceColumns.map(castColumn).join(', ')}, external_id, $1, $2, $3, $4, $5, $6, $7, $8, $9::json,
    $11::timestamptz, $11::timestamptz, $10, $10
  from fresh
), events as (
  insert into lead_events (lead_id, event_type, event_name, event_data, event_source, event_timestamp, actor,
    created_at, updated_at, created_by, updated_by)
  select id, 'created', 'Lead created', $12::json, $1, $11::timestamptz, $10,
    $11::timestamptz, $11::timestamptz, $10, $10
  from fresh
)`

const provenanceParameters = (origin: Provenance): unknown[] => [
  origin.source,
  origin.source_name,
  origin.provider_name,
  origin.actor_id,
  origin.actor_name,
  origin.run_id,
  origin.dataset_id,
  origin.import_batch_id,
  origin.scrape_params,
  origin.actor,
  origin.at,
  toImportEventData(origin),
]

export const insertLeadsSql = `with fresh as materialized (
  select nextval('sales_leads_id_seq')::integer as id, i.* from unnest(${splitInput}) as i(${inputColumns.join(', ')})
), ${insertNewRowsSql()}
select 1`

/** The same for leads of a file that says how people got on with them; a run's statement is spared these columns. */
export const insertCrmLeadsSql = `with fresh as materialized (
  select nextval('sales_leads_id_seq')::integer as id, i.*
  from unnest(${unnestColumns(afterOrigin, workedColumns.length)}) as i(${workedColumns.join(', ')})
), ${insertNewRowsSql({
  columns: `, ${crmFields.join(', ')}`,
  values: ", coalesce(lead_status, 'new'), lead_score::smallint, notes",
})}
select 1`

async function insertLeads(trx: Db, leads: readonly NewLead[], origin: Provenance): Promise<void> {
  if (leads.length === 0) return
  const texts = toDelimitedColumns(
    leads,
    joinValues(leads, ({ fields }) => fields.company_id),
  )
  const hasCrmFields = leads.some(({ work }) => work)
  if (hasCrmFields) texts.push(...crmFields.map((field) => joinValues(leads, ({ work }) => work?.[field])))
  const statement = hasCrmFields ? insertCrmLeadsSql : insertLeadsSql
  await trx.kysely.executeQuery(CompiledQuery.raw(statement, [...provenanceParameters(origin), ...texts]))
}

const page = originParameters + inputColumns.length
const pageColumns = inputColumns.map((column) => (column === 'company_id' ? 'company_key' : column))

/**
 * A whole page in one round trip that needs the answer of none before it. `input` looks up what is known of each item
 * and which company is meant: one index look-up each (see findByKey). The checkpoint advances only if there
 * is nothing to merge, and rows are inserted only if it did: a second consumer of the run waits on its row, finds that
 * it moved, and inserts nothing. Looking up and drawing ids in here instead of before costs the server 6 ms a page;
 * waiting for the answers of look-ups, and making the statement of them, kept it idle for a third of the time.
 */
export const insertPageSql = `with input as materialized (
  select i.*, c.id as company_id, l.id as known_id,
    not l.is_deleted and l.run_id is distinct from $6 as is_met,
    coalesce($${page + 8}::boolean and not l.is_deleted and l.import_hashes is distinct from i.import_hashes, false)
      or (i.company_key is not null and c.id is null) as is_more
  from unnest(${splitInput}) as i(${pageColumns.join(', ')})
  left join lateral (
    select id, run_id, import_hashes, is_deleted from sales_leads
    where provider_name = $3 and external_id = i.external_id
    offset 0
  ) as l on true
  left join lateral (select id from companies where company_key = i.company_key offset 0) as c on true
), plan as materialized (
  select (count(*) - count(known_id))::integer as created, coalesce(bool_or(is_more), false) as is_more from input
), checkpoint as (
  update apify_sync_states set
    next_offset = next_offset + $${page + 3}::integer,
    total_records = total_records + $${page + 3}::integer,
    synced_records = synced_records + plan.created,
    duplicate_records = duplicate_records + $${page + 4}::integer - plan.created,
    failed_records = failed_records + $${page + 3}::integer - $${page + 4}::integer,
    dataset_offsets = $${page + 5}::json,
    metadata = $${page + 6}::json,
    sync_status = 'syncing',
    last_sync_at = $11::timestamptz,
    next_sync_at = null,
    updated_at = $11::timestamptz,
    updated_by = $10
  from plan
  where run_id = $${page + 1} and next_offset = $${page + 2}::integer and not plan.is_more
    and coalesce((dataset_offsets ->> $7::text)::integer, 0) = $${page + 10}::integer
    and last_sync_at is not distinct from $${page + 11}::timestamptz
  returning 1
), fresh as materialized (
  select nextval('sales_leads_id_seq')::integer as id, ${inputColumns.join(', ')} from input
  where known_id is null and exists (select from checkpoint)
), ${insertNewRowsSql()}, sightings as (
  insert into lead_sightings (lead_id, source_type, source_id, seen_at)
  select id, $1, $6, $11::timestamptz from (
    select known_id as id from input where is_met
    union
    select unnest(string_to_array($${page + 9}::text, E'\\x1f'))::integer
  ) as met
  where exists (select from checkpoint)
  order by id
  on conflict do nothing
), rejections as (
  insert into sync_rejections (run_id, dataset_id, item_offset, actor_id, reason, raw_data,
    created_at, updated_at, created_by, updated_by)
  select $${page + 1}, $7, r.item_offset, $4, r.reason, r.raw_data, $11::timestamptz, $11::timestamptz, $10, $10
  from json_to_recordset($${page + 7}::json) as r(item_offset integer, reason text, raw_data json)
  where exists (select from checkpoint)
)
select created, is_more, exists (select from checkpoint) as is_written from plan`

/** The raw item is JSON text already. */
const toRejectionJson = ({ item_offset, reason, raw_data }: NewRejection): string =>
  `{"item_offset":${item_offset},"reason":${JSON.stringify(toStorableReason(reason))},"raw_data":${raw_data}}`

async function insertPage(db: Db, page: PageInsert, origin: Provenance): Promise<PageOutcome> {
  const { leads } = page
  const texts = toDelimitedColumns(
    leads,
    joinValues(leads, ({ company_key }) => company_key),
  )
  const { rows } = await db.kysely.executeQuery<{ created: number; is_more: boolean; is_written: boolean }>(
    CompiledQuery.raw(insertPageSql, [
      ...provenanceParameters(origin),
      ...texts,
      page.run_id,
      page.next_offset,
      page.items,
      page.lead_items,
      page.next.dataset_offsets,
      page.next.metadata,
      `[${page.rejections.map(toRejectionJson).join(',')}]`,
      page.is_merge_enabled,
      joinValues(page.seen_lead_ids, (lead_id) => lead_id),
      page.dataset_offset,
      page.last_sync_at,
    ]),
  )
  const [{ created, is_more, is_written } = { created: 0, is_more: false, is_written: false }] = rows
  if (is_written) return { outcome: 'written', created }
  return { outcome: is_more ? 'needs_merge' : 'checkpoint_moved' }
}

const updateInput = [
  'id integer',
  ...[...importedColumns, 'raw_data', 'import_hashes'].map((c) => `${c} ${types[c] ?? 'text'}`),
]

/** Merged rows may hold what a person typed, any character: these travel as JSON, at a tenth of the rows' cost. */
export const updateLeadsSql = `
update sales_leads as l set
  ${[...importedColumns, 'raw_data', 'import_hashes'].map((column) => `${column} = i.${column}`).join(', ')},
  version = l.version + i.is_visible::integer,
  updated_at = case when i.is_visible then $2::timestamptz else l.updated_at end,
  updated_by = case when i.is_visible then $3 else l.updated_by end
from json_to_recordset($1::json) as i(${updateInput.join(', ')}, is_visible boolean)
where l.id = i.id`

const updateWorkSql = `
update sales_leads as l set ${crmFields.map((column) => `${column} = i.${column}`).join(', ')}
from json_to_recordset($1::json) as i(id integer, lead_status text, lead_score smallint, notes text)
where l.id = i.id`

const json = (value: unknown): string => JSON.stringify(encodeParameter(value))

/** The raw item is spliced in as it is: parsing it only to write it again would cost more than the rest of the row. */
function toUpdateJson({ id, fields, raw_data, import_hashes, is_visible }: LeadUpdate): string {
  const lists = new Set<string>(['additional_emails', 'additional_phones', 'tags'])
  const cells = importedColumns.map((field) => {
    const value = fields[field]
    return `"${field}":${lists.has(field) ? (encodeParameter(value) ?? 'null') : json(value)}`
  })
  return `{"id":${id},${cells.join(',')},"raw_data":${raw_data},"import_hashes":${json(import_hashes)},"is_visible":${is_visible}}`
}

const updateLeads: IngestStatements['updateLeads'] = async (trx, updates, origin) => {
  if (updates.length === 0) return
  const query = CompiledQuery.raw(updateLeadsSql, [`[${updates.map(toUpdateJson).join(',')}]`, origin.at, origin.actor])
  await trx.kysely.executeQuery(query)
  const worked = updates.flatMap(({ id, work }) => (work ? [{ id, ...work }] : []))
  if (worked.length > 0) await trx.kysely.executeQuery(CompiledQuery.raw(updateWorkSql, [worked]))
}

/** $1-$4: ids joined, source_type, source_id, seen_at. In the order of ids, as all who write to known leads. */
const insertSightingsSql = `
insert into lead_sightings (lead_id, source_type, source_id, seen_at)
select id::integer, $2, $3, $4::timestamptz from unnest(string_to_array($1::text, E'\\x1f')) as id
on conflict do nothing`

const insertSightings: IngestStatements['insertSightings'] = async (
  trx,
  lead_ids,
  { source_type, source_id, seen_at },
) => {
  if (lead_ids.length === 0) return
  const ids = joinValues(lead_ids, (id) => id)
  await trx.kysely.executeQuery(CompiledQuery.raw(insertSightingsSql, [ids, source_type, source_id, seen_at]))
}

export const postgresIngest: IngestStatements = {
  findLeads,
  ensureCompanies,
  insertLeads,
  insertPage,
  updateLeads,
  insertSightings,
  insertEvents,
}
