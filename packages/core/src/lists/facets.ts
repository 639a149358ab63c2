import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from './definition.ts'
import { type Filter, parseFilters, type RawFilters } from './filter.ts'
import { selectsDeleted } from './list-page.ts'
import { type PageQuery, pageStatement, parseSort } from './page-statement.ts'
import { planSearch } from './search-statement.ts'
import { parseSearchWords } from './search-words.ts'

/** The values that the rows of a list have in one field. */

export const FACET_VALUES_MAX = 50
/** Rows that are read at most; counting them takes about 50 ms. */
const SCANNED_ROWS_MAX = 50_000
/** Fewer for tags, which are counted in this process. */
const SCANNED_TAG_ROWS_MAX = 10_000

export interface FacetInput {
  field: string
  /** The beginning of the values; case does not matter for its first letter. */
  prefix?: string | undefined
  filters?: RawFilters
  q?: string | undefined
  include_deleted?: boolean | undefined
}

export interface FacetValue {
  value: string
  rows_count: number
  /** `at_least`: not all rows of the list were read. */
  relation: 'exact' | 'at_least'
}

/**
 * Returns at most {@link FACET_VALUES_MAX} values of a field, the most frequent first. Of a long list it reads the first
 * rows in the default order; then the counts are lower bounds.
 * @throws Problem invalid_request
 */
export async function readFacet(db: Db, definition: ListDefinition, input: FacetInput): Promise<FacetValue[]> {
  const { field } = input
  const prefix = toStoredPrefix(definition, field, input.prefix)
  const filters = await parseFilters(definition, input.filters ?? {})
  const hasPrefixIndex = definition.filters[field] === 'prefix_text'
  const variants = hasPrefixIndex && prefix !== '' ? toPrefixVariants(prefix) : [undefined]
  const parts = await Promise.all(variants.map((variant) => countPart(db, definition, input, filters, variant)))
  const counts = new Map<string, number>()
  for (const { values } of parts)
    for (const [value, count] of values) counts.set(value, (counts.get(value) ?? 0) + count)
  const relation = parts.every(({ is_complete }) => is_complete) ? 'exact' : 'at_least'
  const isWanted = (value: string): boolean => value.toLowerCase().startsWith(prefix.toLowerCase())
  return [...counts]
    .filter(([value]) => isWanted(value))
    .sort(([a, a_count], [b, b_count]) => b_count - a_count || (a < b ? -1 : 1))
    .slice(0, FACET_VALUES_MAX)
    .map(([value, rows_count]) => ({ value, rows_count, relation }))
}

/** Values are stored in Unicode's composed form, addresses and domains in lower case. */
function toStoredPrefix({ lower_case = [] }: ListDefinition, field: string, prefix = ''): string {
  const text = prefix.normalize('NFC')
  return lower_case.includes(field) ? text.toLowerCase() : text
}

/** The text as typed, and with a capital or a small first letter: an index compares bytes. */
function toPrefixVariants(prefix: string): string[] {
  const [first = ''] = prefix
  const rest = prefix.slice(first.length)
  return [...new Set([prefix, first.toUpperCase() + rest, first.toLowerCase() + rest])]
}

interface CountedPart {
  values: [string, number][]
  is_complete: boolean
}

async function countPart(
  db: Db,
  definition: ListDefinition,
  { field, q, include_deleted }: FacetInput,
  filters: readonly Filter[],
  prefix: string | undefined,
): Promise<CountedPart> {
  const isTags = definition.filters[field] === 'tags'
  const own: Filter =
    prefix === undefined
      ? { column: field, operator: 'is_not_null', values: [] }
      : { column: field, operator: 'prefix', values: [prefix] }
  const sort = parseSort(definition)
  const asked: PageQuery = {
    definition,
    columns: [...new Set([field, sort.column, 'id'])],
    filters: [...filters, own],
    words: q === undefined ? [] : parseSearchWords(q),
    include_deleted: include_deleted || selectsDeleted(filters),
    sort,
    limit: 0,
    after: null,
  }
  const query = await planSearch(db, asked)
  if (isTags) return countTags(db, query, field)
  const statement = pageStatement(db, query, SCANNED_ROWS_MAX + 1)
  const column = sql.ref(field)
  const { rows } = await sql<{ value: string | number; rows_count: number }>`
    select ${column} as value, count(*) as rows_count from (${statement}) as scanned group by ${column}`.execute(
    db.kysely,
  )
  const values = rows.map(({ value, rows_count }): [string, number] => [String(value), Number(rows_count)])
  return { values, is_complete: values.reduce((sum, [, count]) => sum + count, 0) <= SCANNED_ROWS_MAX }
}

async function countTags(db: Db, query: PageQuery, field: string): Promise<CountedPart> {
  const { rows } = await pageStatement(db, query, SCANNED_TAG_ROWS_MAX + 1).execute(db.kysely)
  const counts = new Map<string, number>()
  for (const row of rows)
    for (const tag of (row[field] as string[] | null) ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return { values: [...counts], is_complete: rows.length <= SCANNED_TAG_ROWS_MAX }
}
