import { sql } from 'kysely'
import type { Db, IndexStats, TableStats } from './engine.ts'

export interface DatabaseStats {
  total_bytes: number | null
  tables: TableStats[]
  indexes: IndexStats[]
}

export const maintainedTables = [
  'companies',
  'sales_leads',
  'lead_sources',
  'lead_sightings',
  'lead_events',
  'apify_sync_states',
  'sync_rejections',
  'import_batches',
  'import_rejections',
  'import_changes',
  'import_companies',
  'api_keys',
] as const

/** Reads sizes, use of indexes and the space of deleted rows. Row counts are exact, so an index of each table is read. */
export async function readDatabaseStats(db: Db): Promise<DatabaseStats> {
  const { total_bytes, tables, indexes } = await db.engine.maintenance.readStats(db)
  const counted: TableStats[] = []
  for (const table of maintainedTables) {
    const { n } = await db.kysely
      .selectFrom(table)
      .select((q) => q.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    const known = tables.get(table)
    counted.push({
      table,
      rows: Number(n),
      table_bytes: known?.table_bytes ?? null,
      index_bytes: known?.index_bytes ?? null,
      dead_share: known?.dead_share ?? null,
    })
  }
  return { total_bytes, tables: counted, indexes }
}

/**
 * Rebuilds the indexes of a table and refreshes its statistics. PostgreSQL does it alongside other work; SQLite and MySQL
 * block writers of the table.
 */
export async function reindexTable(db: Db, table: (typeof maintainedTables)[number]): Promise<void> {
  for (const statement of db.engine.maintenance.reindexStatements(table)) await sql.raw(statement).execute(db.kysely)
}

/** Ends a reindex of all tables: where free space belongs to the file, it is returned here. */
export async function finishReindex(db: Db): Promise<void> {
  for (const statement of db.engine.maintenance.afterReindexStatements ?? [])
    await sql.raw(statement).execute(db.kysely)
}
