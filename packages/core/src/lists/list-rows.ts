import type { RawBuilder } from 'kysely'
import type { Db } from '../database/engine.ts'
import { Problem } from '../problem.ts'
import { listBoundedPage } from './bounded-page.ts'
import { type CountMode, countRows, type RowCount } from './count.ts'
import { decodeCursor, encodeCursor, listFingerprint } from './cursor.ts'
import { type ListDefinition, PAGE_ROWS_DEFAULT } from './definition.ts'
import { type Filter, parseFilters, type RawFilters } from './filter.ts'
import { parseSort } from './list-page.ts'
import { parseSearchWords } from './search-words.ts'

/** The input of every list, as texts, for the API and the command line. */
export interface ListInput {
  filters?: RawFilters
  q?: string | undefined
  sort?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
  /** Columns to return. Default: all of the list. */
  fields?: readonly string[] | undefined
  include_deleted?: boolean | undefined
  count?: CountMode | undefined
  cursor_secret: string
}

export interface ListResult<Row> {
  data: Row[]
  /** Pass it as `cursor` to get the next page; null at the end. */
  next_cursor: string | null
  count?: RowCount
}

/**
 * Reads a page of a list.
 * @throws Problem invalid_request, invalid_cursor
 */
export async function listRows<Row>(
  db: Db,
  definition: ListDefinition,
  columns: readonly string[],
  input: ListInput,
  conditions: readonly RawBuilder<unknown>[] = [],
  scope: readonly (string | number)[] = [],
): Promise<ListResult<Row>> {
  const { limit = PAGE_ROWS_DEFAULT } = input
  const filters = await parseFilters(definition, input.filters ?? {})
  const include_deleted = input.include_deleted || selectsDeleted(filters)
  const sort = parseSort(definition, input.sort)
  const words = input.q === undefined ? [] : parseSearchWords(input.q)
  const fingerprint = listFingerprint([definition.table, scope, filters, words, sort, include_deleted])
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor_secret, fingerprint, input.cursor)
  const query = { definition, filters, conditions, words, include_deleted, sort, after }
  const page = await listBoundedPage<Row>(db, { ...query, columns: input.fields ?? columns, limit })
  const next_cursor = page.next === null ? null : encodeCursor(input.cursor_secret, fingerprint, page.next)
  const answer: ListResult<Row> = { data: page.rows, next_cursor }
  if (input.count !== undefined) answer.count = await countRows(db, { ...query, after: null }, input.count)
  return answer
}

/** `is_deleted=true` includes deleted rows without `include_deleted`. */
export const selectsDeleted = (filters: readonly Filter[]): boolean =>
  filters.some(({ column, values }) => column === 'is_deleted' && values[0] === true)

/** Parses `fields=a,b`. @throws Problem invalid_request that names unknown fields */
export function parseFields(known: readonly string[], text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const fields = [...new Set(text.split(',').map((field) => field.trim()))].filter((field) => field !== '')
  const unknown = fields.filter((field) => !known.includes(field))
  if (unknown.length === 0 && fields.length > 0) return fields
  const detail =
    fields.length === 0
      ? 'Name at least one field.'
      : `Unknown fields: ${unknown.map((f) => f.slice(0, 60)).join(', ')}.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'fields', detail }] })
}
