import { Kysely } from 'kysely'
import postgres from 'postgres'
import { parseKeepingSource } from '../../json-source.ts'
import { parseConnectionUrl } from '../connection-url.ts'
import type { Database, Db, OpenOptions } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { createTlsOptions } from '../tls.ts'
import { ConnectionPool } from './connection-pool.ts'
import { createPostgresDialect, type DialectOptions } from './dialect.ts'
import { postgresEngine } from './engine.ts'
import { JoinedQueries } from './joined-queries.ts'
import type { ConnectionSource } from './pooled-connection.ts'
import { transact } from './transact.ts'

/** `2026-03-02 07:38:32.674+00` to ISO 8601 UTC; the slow way only for a session with another time zone. */
function readTimestamp(text: string): string {
  if (!text.endsWith('+00')) return new Date(text).toISOString()
  const fraction = text.length > 22 ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000'
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * Connects at the first query. Statements are not prepared behind a pooler that hands out connections per transaction.
 * @throws ConnectionUrlError
 */
export async function openPostgres(database_url: string, options: OpenOptions): Promise<Database> {
  const target = parseConnectionUrl(database_url, options)
  const { url, prepare } = target
  const settings = {
    ssl: await createTlsOptions(target),
    max: 1,
    // A transaction is not cut off by the age of its connection.
    max_lifetime: null,
    prepare,
    connect_timeout: options.connect_timeout_s ?? 10,
    idle_timeout: options.idle_timeout_s ?? 0,
    onnotice: () => {},
    // Saves a round trip per connection: no column is an array. Cut off, this query of the driver would reject unhandled.
    fetch_types: false,
    connection: { application_name: 'leads' },
    types: {
      // Strings pass through as they are: values are encoded once, in values.ts (the driver's own would encode twice).
      json: { to: 114, from: [114], serialize: asText, parse: parseKeepingSource },
      jsonb: { to: 3802, from: [3802], serialize: asText, parse: (text: string): unknown => JSON.parse(text) },
      timestamptz: {
        to: 1184,
        from: [1184],
        serialize: (value: Date | string) => (typeof value === 'string' ? value : value.toISOString()),
        parse: readTimestamp,
      },
      int8: { to: 20, from: [20], serialize: String, parse: Number },
      numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
    },
  }
  const connections = new ConnectionPool(
    (onclose) => postgres(url, { ...settings, onclose }) as unknown as postgres.Sql,
    { connections_max: options.connections_max ?? 10, can_pipeline: prepare },
  )
  // Behind a pooler each query waits for the one before it.
  const joined = prepare ? new JoinedQueries() : undefined
  const on = (links: ConnectionSource, options: Partial<DialectOptions> = {}) => {
    const dialect = createPostgresDialect(links, { prepare, repeats_reads: true, ...options })
    return { kysely: new Kysely<Tables>({ dialect }), lookUp: dialect.lookUp }
  }
  const handle: Omit<Db, 'kysely' | 'lookUp'> = {
    engine: postgresEngine,
    isInTransaction: false,
    transact: (work) => {
      joined?.flush()
      return transact(connections, (link) => on(link, { repeats_reads: false }).kysely, work)
    },
  }
  const joins = joined ? { joined } : {}
  const all = on(connections, joins)
  return {
    ...handle,
    ...all,
    leading: { ...handle, ...on(connections.leading(), { ...joins, is_leading: true }) },
    database_url,
    discardStalled: (stalled_ms) => connections.discardStalled(stalled_ms),
    pipelined: () => ({ ...handle, ...on(connections.pipelined()) }),
    close: () => all.kysely.destroy(),
  }
}
