import { createPostgresDialect } from '@leads/core/database/postgres/dialect'
import { encodeParameter } from '@leads/core/database/value-codec'
import type { CompiledQuery } from 'kysely'

export interface CapturedQuery {
  sql: string
  parameters: unknown[]
}

/** The queries that `work` sends to PostgreSQL: to run the very same without the product around them. */
export async function captureQueries(work: () => Promise<unknown>): Promise<CapturedQuery[]> {
  const connection = await createPostgresDialect({} as never, { prepare: true, repeats_reads: true })
    .createDriver()
    .acquireConnection()
  const prototype = Object.getPrototypeOf(connection) as typeof connection
  const { executeQuery } = prototype
  const captured: CapturedQuery[] = []
  prototype.executeQuery = function capture(this: typeof connection, query: CompiledQuery, ...rest) {
    captured.push({ sql: query.sql, parameters: query.parameters.map(encodeParameter) })
    return executeQuery.call(this, query, ...rest)
  } as typeof executeQuery
  try {
    await work()
  } finally {
    prototype.executeQuery = executeQuery
  }
  return captured
}

/** A query with its values written into it, as pgbench takes it. */
export const withLiterals = ({ sql, parameters }: CapturedQuery): string =>
  sql.replace(/\$(\d+)/g, (_, position: string) => {
    const value = parameters[Number(position) - 1]
    if (value === null) return 'null'
    return typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : `'${String(value instanceof Date ? value.toISOString() : value).replaceAll("'", "''")}'`
  })
