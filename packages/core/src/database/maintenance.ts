import { sql } from 'kysely'
import type { Db } from './engine.ts'

/** A table's size; a figure that the engine doesn't keep is null. Bytes are of disk. */
export interface TableStats {
  table: string
  rows: number
  table_bytes: number | null
  index_bytes: number | null
  /** Share of the table, 0-1, that deleted and replaced rows still take; above 0.2 a reindex is worth it. */
  dead_share: number | null
}

export interface IndexStats {
  table: string
  index: string
  bytes: number | null
  /** How often it served a query since the statistics began. */
  scans: number | null
}

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

/** Sizes, use of indexes and what deleted rows leave behind; exact row counts, so it reads an index of each table. */
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
 * Rebuilds the indexes of a table and refreshes its statistics. PostgreSQL does it beside other work; SQLite and MySQL
 * hold up writers of the table meanwhile.
 */
export async function reindexTable(db: Db, table: (typeof maintainedTables)[number]): Promise<void> {
  for (const statement of db.engine.maintenance.reindexStatements(table)) await sql.raw(statement).execute(db.kysely)
}

/** Ends a re-indexing of all tables: where free room belongs to the file, it is given back here. */
export async function finishReindex(db: Db): Promise<void> {
  for (const statement of db.engine.maintenance.afterReindexStatements ?? [])
    await sql.raw(statement).execute(db.kysely)
}

/** What an engine knows of its own storage. */
export interface Maintenance {
  readStats(db: Db): Promise<{
    total_bytes: number | null
    tables: Map<string, Pick<TableStats, 'table_bytes' | 'index_bytes' | 'dead_share'>>
    indexes: IndexStats[]
  }>
  reindexStatements(table: string): string[]
  /** What is left to do once all tables are through. */
  afterReindexStatements?: readonly string[]
}
