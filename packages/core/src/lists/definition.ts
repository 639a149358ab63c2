/** How a column may be filtered. An array names the only values there are. */
export type FilterKind = 'text' | 'integer' | 'time' | 'boolean' | 'tags' | readonly string[]

/** Column by which a list may be sorted, and the index that serves it in both directions. */
export interface SortColumn {
  kind: 'integer' | 'time' | 'text'
  /** Rows without a value are left out of the list sorted by it (a partial index serves it). */
  is_nullable?: boolean
}

/** An index on `columns`, then created_at and id. */
export interface OrderedIndex {
  columns: readonly string[]
  /** Values of a column that is not filtered: the list is read for each of them and merged. */
  merged_values?: Readonly<Record<string, readonly string[]>>
  /** The index leaves out rows with this value in its (one) column. */
  excluded_value?: string
  /** The index leaves out deleted rows. */
  is_active_only?: boolean
}

/**
 * What a list offers, in one place: the API's parameters, its documentation, the SQL and the test that explains every
 * query are made from it.
 */
export interface ListDefinition {
  table: string
  filters: Readonly<Record<string, FilterKind>>
  sorts: Readonly<Record<string, SortColumn>>
  default_sort: string
  has_soft_delete: boolean
  has_search: boolean
  /** Indexes that hold rows of equal columns in the order of `created_at`, the best first. */
  ordered_indexes?: readonly OrderedIndex[]
  /** The time whose index for the whole list is on another spelling of it: see sortExpression in page.ts. */
  default_order_time?: string
  /** Columns with an index that begins with another one, of which these are all values. */
  needs_leading_column?: Readonly<Record<string, { column: string; values: readonly string[] }>>
}

export const PAGE_ROWS_DEFAULT = 50
export const PAGE_ROWS_MAX = 500
