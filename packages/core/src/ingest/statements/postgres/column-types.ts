import type { ColumnSpec } from '../../../model/columns.ts'
import { leadColumnSpecs } from '../../../model/lead-columns.ts'

/** PostgreSQL's types of columns that do not travel as text. */
export const typeByKind: Partial<Record<ColumnSpec['kind'], string>> = {
  flag: 'boolean',
  text_list: 'jsonb',
  id: 'integer',
  integer: 'integer',
  score: 'smallint',
  json: 'json',
  json_object: 'json',
  time: 'timestamptz',
}

const typesOf = (specs: Readonly<Record<string, ColumnSpec>>): [string, string][] =>
  Object.entries(specs).flatMap(([column, { kind }]) => (typeByKind[kind] ? [[column, typeByKind[kind]]] : []))

/** Types by column of leads and their sources. */
export const columnTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(typesOf(leadColumnSpecs)),
  scraped_at: 'timestamptz',
  data_quality_score: 'smallint',
  confidence_score: 'smallint',
  metadata: 'json',
}

export const castColumn = (column: string): string =>
  columnTypes[column] ? `${column}::${columnTypes[column]}` : column
