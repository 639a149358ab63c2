import { sql } from 'kysely'
import type { IndexStats, Maintenance } from '../maintenance.ts'

interface TableRow {
  name: string
  table_bytes: number
  index_bytes: number
  free_bytes: number
}

export const mysqlMaintenance: Maintenance = {
  async readStats(db) {
    const { rows } = await sql<TableRow>`
      select table_name as name, data_length as table_bytes, index_length as index_bytes, data_free as free_bytes
      from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'`.execute(db.kysely)
    const indexes = await sql<{ table: string; index: string }>`
      select distinct table_name as \`table\`, index_name as \`index\`
      from information_schema.statistics where table_schema = database()
      order by table_name, index_name`.execute(db.kysely)
    const number = (value: unknown): number => Number(value)
    return {
      total_bytes: rows.reduce((sum, row) => sum + number(row.table_bytes) + number(row.index_bytes), 0),
      tables: new Map(
        rows.map(({ name, table_bytes, index_bytes, free_bytes }) => [
          name,
          {
            table_bytes: number(table_bytes),
            index_bytes: number(index_bytes),
            dead_share: number(free_bytes) / Math.max(1, number(table_bytes) + number(free_bytes)),
          },
        ]),
      ),
      // The size and use of a single index are kept in tables that a plain user may not read.
      indexes: indexes.rows.map((row): IndexStats => ({ ...row, bytes: null, scans: null })),
    }
  },
  // InnoDB rebuilds table and indexes together; a note says that it did so by recreating the table.
  reindexStatements: (table) => [`optimize table ${table}`, `analyze table ${table}`],
}
