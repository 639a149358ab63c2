import { sql } from 'kysely'
import type { IndexStats, Maintenance, TableStats } from '../engine.ts'

export const postgresMaintenance: Maintenance = {
  async readStats(db) {
    const tables = await sql<TableStats>`
      select relname as "table", pg_table_size(relid)::float8 as table_bytes, pg_indexes_size(relid)::float8 as index_bytes,
        case when n_live_tup + n_dead_tup = 0 then 0 else n_dead_tup::float8 / (n_live_tup + n_dead_tup) end as dead_share
      from pg_stat_user_tables where schemaname = current_schema()`.execute(db.kysely)
    const indexes = await sql<IndexStats>`
      select relname as "table", indexrelname as "index", pg_relation_size(indexrelid)::float8 as bytes,
        idx_scan::float8 as scans
      from pg_stat_user_indexes where schemaname = current_schema() order by relname, indexrelname`.execute(db.kysely)
    const size = await sql<{ bytes: number }>`select pg_database_size(current_database())::float8 as bytes`.execute(
      db.kysely,
    )
    return {
      total_bytes: size.rows[0]?.bytes ?? null,
      tables: new Map(tables.rows.map((row) => [row.table, row])),
      indexes: indexes.rows,
    }
  },
  // Neither runs in a transaction, and both may take longer than the role's statements may.
  reindexStatements: (table) => [
    'set statement_timeout = 0',
    `reindex table concurrently ${table}`,
    `vacuum (analyze) ${table}`,
    'reset statement_timeout',
  ],
}
