import { CompiledQuery } from 'kysely'
import { encodeParameter, textListColumns } from '../../../database/value-codec.ts'
import { crmFields, importedColumns } from '../../../model/lead-columns.ts'
import type { IngestStatements, LeadUpdate } from '../types.ts'
import { columnTypes } from './column-types.ts'
import { joinValues, selectSplit } from './delimited-columns.ts'

const inputColumns = ['id', 'changes', 'raw_data', 'import_hashes', 'observed_at', 'is_visible']

function changedValue(column: string): string {
  const type = columnTypes[column]
  if (type === 'jsonb') return `nullif(i.changes -> '${column}', 'null')`
  return type ? `(i.changes ->> '${column}')::${type}` : `i.changes ->> '${column}'`
}

/**
 * Changed values can contain any character that a person typed, so they are sent as JSON, and only they: reading whole
 * rows as JSON took a sixth of the statement. The rest is one text a column; see {@link joinValues}.
 */
export const updateLeadsSql = `
update sales_leads as l set
  ${importedColumns.map((column) => `${column} = case when i.changes ? '${column}' then ${changedValue(column)} else l.${column} end`).join(',\n  ')},
  import_hashes = i.import_hashes,
  raw_data = coalesce(i.raw_data::json, l.raw_data),
  observed_at = coalesce(i.observed_at::timestamptz, l.observed_at),
  version = l.version + i.is_visible::boolean::integer,
  updated_at = case when i.is_visible::boolean then $1::timestamptz else l.updated_at end,
  updated_by = case when i.is_visible::boolean then $2 else l.updated_by end
from (
  select id::integer, changes::jsonb, ${inputColumns.slice(2).join(', ')}
  from (${selectSplit(3, inputColumns)}) as given
  offset 0
) as i
where l.id = i.id`

const updateWorkSql = `
update sales_leads as l set ${crmFields.map((column) => `${column} = i.${column}`).join(', ')}
from json_to_recordset($1::json) as i(id integer, ${crmFields.map((column) => `${column} ${columnTypes[column] ?? 'text'}`).join(', ')})
where l.id = i.id`

const json = (value: unknown): string => JSON.stringify(encodeParameter(value))

function toChanges({ fields, changed_columns }: LeadUpdate): string {
  const cells = changed_columns.map((column) => {
    const value = fields[column]
    return `"${column}":${textListColumns.includes(column) ? (encodeParameter(value) ?? 'null') : json(value)}`
  })
  return `{${cells.join(',')}}`
}

export const updateLeads: IngestStatements['updateLeads'] = async (trx, updates, origin) => {
  if (updates.length === 0) return
  const texts = [
    joinValues(updates, ({ id }) => id),
    joinValues(updates, toChanges),
    joinValues(updates, ({ raw_data }) => raw_data),
    joinValues(updates, ({ import_hashes }) => import_hashes),
    joinValues(updates, ({ observed_at }) => observed_at),
    joinValues(updates, ({ is_visible }) => is_visible),
  ]
  await trx.kysely.executeQuery(CompiledQuery.raw(updateLeadsSql, [origin.at, origin.actor, ...texts]))
  const withCrmFields = updates.flatMap(({ id, crm_fields }) => (crm_fields ? [{ id, ...crm_fields }] : []))
  if (withCrmFields.length > 0) await trx.kysely.executeQuery(CompiledQuery.raw(updateWorkSql, [withCrmFields]))
}
