import { sql } from 'kysely'
import type { Database } from './engine.ts'

const tables = [
  ...['companies', 'sales_leads', 'lead_sources', 'lead_events', 'apify_sync_states', 'sync_rejections'],
  ...['import_batches', 'import_rejections', 'import_changes', 'import_companies'],
]

/**
 * Builds indexes anew, table by table, and refreshes the planner's statistics: for tables that have lost much of what
 * they held. On PostgreSQL readers and writers go on (`concurrently`), on MySQL mostly too (an online rebuild); SQLite
 * locks the file meanwhile. Returns the tables.
 */
export async function reindex(db: Database, onTable?: (table: string) => void): Promise<string[]> {
  for (const table of tables) {
    onTable?.(table)
    for (const statement of statements[db.engine.name](table)) await sql.raw(statement).execute(db.kysely)
  }
  return tables
}

const statements = {
  postgres: (table: string) => [`reindex table concurrently ${table}`, `analyze ${table}`],
  sqlite: (table: string) => [`reindex ${table}`, `analyze ${table}`],
  mysql: (table: string) => [`alter table ${table} engine = InnoDB`, `analyze table ${table}`],
}
