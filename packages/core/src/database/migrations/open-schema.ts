import { findEngineModules } from '../engines.ts'
import type { SchemaConnection } from './schema-connection.ts'

/** Opens a dedicated connection, not one of a pool: a migration takes locks, and may run before the first table exists. */
export async function openSchemaConnection(database_url: string): Promise<SchemaConnection> {
  const open = await findEngineModules(database_url).openSchema()
  return open(database_url)
}
