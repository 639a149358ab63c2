import { sql } from 'kysely'
import type { CatalogReader } from './catalog.ts'
import type { Db } from './engine.ts'
import { getEngineModules } from './engines.ts'
import { MIGRATION_TABLE } from './migrations/migration-history.ts'

/**
 * Returns the schema as SQL-like text, read from the database's own catalog. The same schema gives the same text, so a
 * diff shows what a migration changed. Tables are sorted by name, columns by position; the migration history is left
 * out.
 */
export async function dumpSchema(db: Db): Promise<string> {
  const read: CatalogReader = async (query) => {
    const { rows } = await sql.raw<Record<string, string | null>>(query).execute(db.kysely)
    return rows
  }
  const dump = await getEngineModules(db.engine.name).dumpSchema()
  const parts = await dump(read, MIGRATION_TABLE)
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}
