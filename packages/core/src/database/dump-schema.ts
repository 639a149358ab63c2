import { sql } from 'kysely'
import type { Db } from './engine.ts'
import { MIGRATION_TABLE } from './migrations/migration-history.ts'

/** Runs a catalogue query; the answer's values are text or null. */
export type CatalogReader = (query: string) => Promise<Record<string, string | null>[]>

/**
 * The schema as the database itself tells it, as SQL-like text: the same schema gives the same text, so that what a
 * migration changed shows as a diff. Tables in the order of their names, columns in theirs; without the ledger.
 */
export async function dumpSchema(db: Db): Promise<string> {
  const read: CatalogReader = async (query) => {
    const { rows } = await sql.raw<Record<string, string | null>>(query).execute(db.kysely)
    return rows
  }
  const parts = await dumpParts(db, read)
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}

async function dumpParts(db: Db, read: CatalogReader): Promise<string[]> {
  switch (db.engine.name) {
    case 'postgres':
      return (await import('./postgres/dump-schema.ts')).dumpPostgres(read, MIGRATION_TABLE)
    case 'mysql':
      return (await import('./mysql/dump-schema.ts')).dumpMysql(read, MIGRATION_TABLE)
    case 'sqlite':
      return (await import('./sqlite/dump-schema.ts')).dumpSqlite(read, MIGRATION_TABLE)
  }
}

/** Rows by their `table_name`, in the order in which they came. */
export function groupByTable<Row extends Record<string, string | null>>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.table_name ?? '')
}
