import { CompiledQuery } from 'kysely'
import { encodeParameter, textListColumns } from '../../../database/value-codec.ts'
import { crmFields, importedColumns } from '../../../model/lead-columns.ts'
import type { IngestStatements, LeadUpdate } from '../types.ts'
import { columnTypes } from './column-types.ts'

const updateInput = [
  'id integer',
  ...[...importedColumns, 'raw_data', 'import_hashes', 'observed_at'].map((c) => `${c} ${columnTypes[c] ?? 'text'}`),
]

/** Merged rows can contain any character that a person typed, so they are sent as JSON, at a tenth of the rows' cost. */
export const updateLeadsSql = `
update sales_leads as l set
  ${[...importedColumns, 'import_hashes'].map((column) => `${column} = i.${column}`).join(', ')},
  ${['raw_data', 'observed_at'].map((column) => `${column} = coalesce(i.${column}, l.${column})`).join(', ')},
  version = l.version + i.is_visible::integer,
  updated_at = case when i.is_visible then $2::timestamptz else l.updated_at end,
  updated_by = case when i.is_visible then $3 else l.updated_by end
from json_to_recordset($1::json) as i(${updateInput.join(', ')}, is_visible boolean)
where l.id = i.id`

const updateWorkSql = `
update sales_leads as l set ${crmFields.map((column) => `${column} = i.${column}`).join(', ')}
from json_to_recordset($1::json) as i(id integer, ${crmFields.map((column) => `${column} ${columnTypes[column] ?? 'text'}`).join(', ')})
where l.id = i.id`

const json = (value: unknown): string => JSON.stringify(encodeParameter(value))

/** The raw item is inserted as text: parsing and writing it again would cost more than the rest of the row. */
function toUpdateJson({ id, fields, raw_data, import_hashes, observed_at, is_visible }: LeadUpdate): string {
  const cells = importedColumns.map((field) => {
    const value = fields[field]
    return `"${field}":${textListColumns.includes(field) ? (encodeParameter(value) ?? 'null') : json(value)}`
  })
  // A key that is left out is null: the stored item, which is newer, stays.
  const item = raw_data === null ? '' : `"raw_data":${raw_data},"observed_at":${json(observed_at)},`
  return `{"id":${id},${cells.join(',')},${item}"import_hashes":${json(import_hashes)},"is_visible":${is_visible}}`
}

export const updateLeads: IngestStatements['updateLeads'] = async (trx, updates, origin) => {
  if (updates.length === 0) return
  const query = CompiledQuery.raw(updateLeadsSql, [`[${updates.map(toUpdateJson).join(',')}]`, origin.at, origin.actor])
  await trx.kysely.executeQuery(query)
  const withCrmFields = updates.flatMap(({ id, crm_fields }) => (crm_fields ? [{ id, ...crm_fields }] : []))
  if (withCrmFields.length > 0) await trx.kysely.executeQuery(CompiledQuery.raw(updateWorkSql, [withCrmFields]))
}
