import { CompiledQuery } from 'kysely'
import type { Db } from '../../../database/engine.ts'
import { type CrmField, columnDefaults, crmFields, importedColumns } from '../../../model/lead-columns.ts'
import { sourceColumns } from '../../../model/mapped-item.ts'
import type { Provenance } from '../../provenance.ts'
import { toImportEventData } from '../new-lead-rows.ts'
import type { NewLead, PageLead } from '../types.ts'
import { castColumn } from './column-types.ts'
import { joinValues, splitText } from './delimited-columns.ts'

const leadColumns = [...importedColumns, 'external_id', 'raw_data', 'import_hashes', 'observed_at'] as const

/** One text per column, in the order of leadColumns and sourceColumns; `companies` replaces company_id. */
export function toDelimitedColumns(
  leads: readonly Omit<PageLead, 'company_key' | 'identities'>[],
  companies: string | null,
): (string | null)[] {
  return [
    ...importedColumns.map((field) =>
      field === 'company_id' ? companies : joinValues(leads, ({ fields }) => fields[field]),
    ),
    joinValues(leads, ({ external_id }) => external_id),
    joinValues(leads, ({ raw_data }) => raw_data),
    joinValues(leads, ({ import_hashes }) => import_hashes),
    joinValues(leads, ({ observed_at }) => observed_at),
    ...sourceColumns.map((column) => joinValues(leads, ({ source }) => source[column])),
  ]
}

export const inputColumns = [...leadColumns, ...sourceColumns]
export const originParameters = 12
const afterOrigin = originParameters + 1
const workedColumns: readonly string[] = [...inputColumns, ...crmFields]

/**
 * Inserts the rows of new leads. `selectRows` gives the query of their ids, which were drawn before, and of columns: each
 * table's rows are split from the texts where they are inserted, so that none is stored on the way. RETURNING lets
 * another part wait for the leads.
 * Foreign keys are checked at the statement's end. $1-$12 are of the origin, the next ones one text a column.
 */
export const insertNewRowsSql = (
  selectRows: (columns: readonly string[]) => string,
  more: { columns: readonly string[]; values: string } = { columns: [], values: '' },
): string => `leads as (
  insert into sales_leads (id, ${[...leadColumns, ...more.columns].join(', ')}, data_quality_score, source, provider_name, actor_id, run_id, dataset_id,
    created_at, updated_at, created_by, updated_by)
  select id, ${leadColumns.map(castColumn).join(', ')}${more.values}, ${castColumn('data_quality_score')}, $1, $3, $4, $6, $7,
    $11::timestamptz, $11::timestamptz, $10, $10
  from (${selectRows([...leadColumns, ...more.columns, 'data_quality_score'])}) as fresh
  returning 1
), sources as (
  insert into lead_sources (lead_id, ${sourceColumns.join(', ')}, external_id, source_type, source_name,
    provider_name, actor_id, actor_name, run_id, dataset_id, import_batch_id, scrape_params,
    created_at, updated_at, created_by, updated_by)
  select id, ${sourceColumns.map(castColumn).join(', ')}, external_id, $1, $2, $3, $4, $5, $6, $7, $8, $9::json,
    $11::timestamptz, $11::timestamptz, $10, $10
  from (${selectRows([...sourceColumns, 'external_id'])}) as fresh
), events as (
  insert into lead_events (lead_id, event_type, event_name, event_data, event_source, event_timestamp, actor,
    created_at, updated_at, created_by, updated_by)
  select id, 'created', 'Lead created', $12::json, $1, $11::timestamptz, $10,
    $11::timestamptz, $11::timestamptz, $10, $10
  from (${selectRows([])}) as fresh
)`

export const provenanceParameters = (origin: Provenance): unknown[] => [
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

/** Draws the ids of all rows, in their order. */
const drawnSql = `drawn as materialized (
  select array_agg(next_lead_id()) as ids
  from (select unnest(${splitText(afterOrigin + inputColumns.indexOf('external_id'))})) as given
)`

const selectRows = (columns: readonly string[]): string =>
  `select ${['unnest((select ids from drawn)) as id', ...columns.map(splitColumn)].join(', ')}`

const splitColumn = (column: string): string =>
  `unnest(${splitText(afterOrigin + workedColumns.indexOf(column))}) as ${column}`

const insertLeadsSql = `with ${drawnSql}, ${insertNewRowsSql(selectRows)}
select 1`

/** The value of a CRM column, or its default where the file has none. */
function withDefault(field: CrmField): string {
  const value = columnDefaults[field]
  return value === undefined ? castColumn(field) : `coalesce(${castColumn(field)}, '${value}')`
}

/** The same for leads of a file with CRM fields; the statement of a run does without these columns. */
const insertCrmLeadsSql = `with ${drawnSql}, ${insertNewRowsSql(selectRows, {
  columns: crmFields,
  values: crmFields.map((field) => `, ${withDefault(field)}`).join(''),
})}
select 1`

export async function insertLeads(trx: Db, leads: readonly NewLead[], origin: Provenance): Promise<null> {
  if (leads.length === 0) return null
  const texts = toDelimitedColumns(
    leads,
    joinValues(leads, ({ fields }) => fields.company_id),
  )
  const hasCrmFields = leads.some(({ crm_fields }) => crm_fields)
  if (hasCrmFields) texts.push(...crmFields.map((field) => joinValues(leads, ({ crm_fields }) => crm_fields?.[field])))
  const statement = hasCrmFields ? insertCrmLeadsSql : insertLeadsSql
  await trx.kysely.executeQuery(CompiledQuery.raw(statement, [...provenanceParameters(origin), ...texts]))
  return null
}
