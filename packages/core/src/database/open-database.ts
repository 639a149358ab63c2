import type { Database } from './engine.ts'
import { parseEngineName } from './engine-names.ts'

export interface OpenOptions {
  /** Connections held at most; 1 in a Lambda function, which serves one event at a time. Default 10. */
  connections_max?: number
  connect_timeout_s?: number
  /** Close a connection after so long without use; 0 = never. */
  idle_timeout_s?: number
}

export { parseEngineName as engineOf }

/**
 * Opens a database by its URL. Only the driver in use is loaded; servers are connected at the first query.
 * The build of a function names its engine in BUNDLED_ENGINE, so that the others' drivers are left out.
 */
export async function openDatabase(database_url: string, options: OpenOptions = {}): Promise<Database> {
  const engine = parseEngineName(database_url)
  if (engine === 'postgres' && (process.env.BUNDLED_ENGINE ?? 'postgres') === 'postgres')
    return (await import('./postgres/open.ts')).openPostgres(database_url, options)
  if (engine === 'mysql' && (process.env.BUNDLED_ENGINE ?? 'mysql') === 'mysql')
    return (await import('./mysql/open.ts')).openMysql(database_url.replace(/^mariadb:/i, 'mysql:'), options)
  if (engine === 'sqlite' && (process.env.BUNDLED_ENGINE ?? 'sqlite') === 'sqlite')
    return (await import('./sqlite/open.ts')).openSqlite(database_url)
  throw new Error(
    `DATABASE_URL names ${engine}, but this function was built for ${process.env.BUNDLED_ENGINE}: ` +
      'deploy it again with this DATABASE_URL.',
  )
}
