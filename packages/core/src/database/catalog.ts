/** Runs a catalog query. The values of its rows are text or null. */
export type CatalogReader = (query: string) => Promise<Record<string, string | null>[]>

/** Groups rows by their `table_name`, in the order of the rows. */
export function groupByTable<Row extends Record<string, string | null>>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.table_name ?? '')
}
