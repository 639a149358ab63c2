import type { RawBuilder } from 'kysely'

/** Raw parameters: a text, or several if the parameter was repeated. */
export type RawFilters = Readonly<Record<string, string | readonly string[] | undefined>>

export type FilterValue = string | number | boolean | Date

/**
 * How a column can be filtered. An array lists all possible values. `prefix_text` is text with an index that also finds
 * prefixes. A `relation` is a condition on another table.
 */
export type FilterKind =
  | 'text'
  | 'prefix_text'
  | 'relation'
  | 'integer'
  | 'time'
  | 'boolean'
  | 'tags'
  | readonly string[]

/** A column by which a list can be sorted. An index serves it in both directions. */
export interface SortColumn {
  kind: 'integer' | 'time' | 'text'
  /** The sorted list omits rows without a value (a partial index serves it). */
  is_nullable?: boolean
}

/** An index on `columns`, then created_at and id. */
export interface OrderedIndex {
  columns: readonly string[]
  /** All values of a column. If it is not filtered, the list is read for each value and merged. */
  merged_values?: Readonly<Record<string, readonly string[]>>
  /** The index omits rows with this value in its (only) column. */
  excluded_value?: string
  /** The index omits deleted rows. */
  is_active_only?: boolean
}

/**
 * Defines a list. The API's parameters, the documentation, the SQL and the test that explains every query derive from it.
 */
export interface ListDefinition {
  table: string
  filters: Readonly<Record<string, FilterKind>>
  sorts: Readonly<Record<string, SortColumn>>
  default_sort: string
  has_soft_delete: boolean
  has_search: boolean
  /** Indexes that store rows with equal columns ordered by `created_at`, the best first. */
  ordered_indexes?: readonly OrderedIndex[]
  /** Columns that PostgreSQL indexes by their first characters, with the number of these. */
  indexed_characters?: Readonly<Record<string, number>>
  /** Columns that are stored in lower case: prefixes are compared so. */
  lower_case?: readonly string[]
  /** The forms in which a column stores a text, by column; `filters` are the parameters of the request. */
  stored_forms?: Readonly<
    Record<string, (text: string, filters: RawFilters) => readonly string[] | Promise<readonly string[]>>
  >
  /** Conditions of the filters of kind `relation`: true for rows with one of the values. */
  relations?: Readonly<Record<string, (values: readonly FilterValue[]) => RawBuilder<unknown>>>
  /** The time whose index for the unfiltered list uses another expression; see sortExpression in page-statement.ts. */
  default_order_time?: string
  /** Columns whose index begins with another column, with all values of that column. */
  needs_leading_column?: Readonly<Record<string, { column: string; values: readonly string[] }>>
}

export const PAGE_ROWS_DEFAULT = 50
export const PAGE_ROWS_MAX = 500
