import type { QueryResult } from 'kysely'

/** A query that looks few rows up in an index, so that others may wait for its answer. */
export interface ShortQuery {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly is_short: boolean
  /** As of a `SentRowsQuery`. */
  readonly keeps_sent_rows?: boolean
}

/** Runs a short query. */
export type LookUp = <Row>(query: ShortQuery) => Promise<QueryResult<Row>>
