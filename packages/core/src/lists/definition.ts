/** How a column may be filtered. An array names the only values there are. */
export type FilterKind = 'text' | 'integer' | 'time' | 'boolean' | 'tags' | readonly string[]

/** Column by which a list may be sorted, and the index that serves it in both directions. */
export interface SortColumn {
  kind: 'integer' | 'time' | 'text'
  /** Rows without a value are left out of the list sorted by it (a partial index serves it). */
  is_nullable?: boolean
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
}

export const page_rows_default = 50
export const page_rows_max = 500
