import { parseKeepingSource } from '../json-source.ts'
import { namesOfKind } from '../model/columns.ts'
import { leadColumns } from '../model/lead-columns.ts'

/**
 * How values are passed to and from a driver, the same on every engine:
 * objects and arrays go in as JSON text, come out parsed; times go in as Date, come out as ISO 8601 UTC text;
 * lists of texts are never null in code (an empty one is stored as null, which costs no space).
 * Engines that lack a type (SQLite, MariaDB's JSON) decode by column name: a name means the same in every table.
 */

export const textListColumns: readonly string[] = namesOfKind(leadColumns, 'text_list')

/** Columns of other tables that hold JSON. Those of leads and the tags of companies come from the table of columns. */
export const jsonColumns: ReadonlySet<string> = new Set([
  ...textListColumns,
  ...namesOfKind(leadColumns, 'json'),
  ...namesOfKind(leadColumns, 'json_object'),
  'scrape_params',
  'metadata',
  'event_data',
  'changed_fields',
  'dataset_offsets',
  'input_params',
  'error_details',
  'scopes',
  'import_options',
  'column_matches',
  'match_counts',
  'kept_fields',
  'filled_columns',
  'response_headers',
  'reasons',
  'moved_identities',
  'moved_lead_ids',
  'copied_sources',
  'observations',
  'task_state',
  'columns',
  'patch',
  'failures',
])

export const booleanColumns: ReadonlySet<string> = new Set([
  ...namesOfKind(leadColumns, 'flag'),
  'is_shared',
  'is_certain',
  'is_split',
])

/** Decodes the text of a JSON column. Of a scraped item the text is kept, because it says more than the value. */
export const decodeJson = (column: string, text: string): unknown =>
  column === 'raw_data' ? parseKeepingSource(text) : JSON.parse(text)

/** A parameter for any driver: JSON text for objects and arrays (null for an empty list), Date and scalars as they are. */
export function encodeParameter(value: unknown): string | number | bigint | boolean | Date | Uint8Array | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return value as string | number | bigint | boolean
  if (value instanceof Date || value instanceof Uint8Array) return value
  if (Array.isArray(value) && value.length === 0) return null
  return JSON.stringify(value)
}

/** Fills the text lists of a decoded row: null becomes []. */
export function defaultTextLists(row: Record<string, unknown>): void {
  for (const column of textListColumns) if (row[column] === null) row[column] = []
}
