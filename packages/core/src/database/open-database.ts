import type { Database, OpenOptions } from './engine.ts'
import { findEngineModules } from './engines.ts'

/** Opens a database by its URL. Loads only the driver in use; a server is connected at the first query. */
export async function openDatabase(database_url: string, options: OpenOptions = {}): Promise<Database> {
  const open = await findEngineModules(database_url).open()
  return open(database_url, options)
}
