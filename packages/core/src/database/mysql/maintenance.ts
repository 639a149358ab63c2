import { sql } from 'kysely'
import type { Db, IndexStats, Maintenance } from '../engine.ts'

interface TableRow {
  name: string
  table_bytes: number
  index_bytes: number
  free_bytes: number
}

/** InnoDB keeps up to four free extents of 1 MB in a table's file for rows to come: no sign of deleted ones. */
const FREE_EXTENT_BYTES = 4 * 1024 * 1024

const number = (value: unknown): number => Number(value)

export const mysqlMaintenance: Maintenance = {
  async readStats(db) {
    const { rows } = await sql<TableRow>`
      select table_name as name, data_length as table_bytes, index_length as index_bytes, data_free as free_bytes
      from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE'`.execute(db.kysely)
    // With one file for all tables, each table states the free room of that file.
    const files = await sql<{ own: unknown }>`select @@innodb_file_per_table as own`.execute(db.kysely)
    const hasOwnFile = number(files.rows[0]?.own) === 1
    return {
      total_bytes: rows.reduce((sum, row) => sum + number(row.table_bytes) + number(row.index_bytes), 0),
      tables: new Map(
        rows.map(({ name, table_bytes, index_bytes, free_bytes }) => {
          const free = Math.max(0, number(free_bytes) - FREE_EXTENT_BYTES)
          const dead_share = hasOwnFile ? free / Math.max(1, number(table_bytes) + number(index_bytes) + free) : null
          return [name, { table_bytes: number(table_bytes), index_bytes: number(index_bytes), dead_share }]
        }),
      ),
      indexes: await readIndexes(db),
    }
  },
  // InnoDB rebuilds table and indexes together; a note says that it did so by recreating the table.
  reindexStatements: (table) => [`optimize table ${table}`, `analyze table ${table}`],
}

async function readIndexes(db: Db): Promise<IndexStats[]> {
  const { rows } = await sql<{ table: string; index: string }>`
    select distinct table_name as \`table\`, index_name as \`index\`
    from information_schema.statistics where table_schema = database()
    order by table_name, index_name`.execute(db.kysely)
  const key = (table: string, index: string): string => `${table}.${index}`
  const sizes = await rowsOrNone(
    sql<{ table: string; index: string; n: unknown }>`
      select table_name as \`table\`, index_name as \`index\`, stat_value * @@innodb_page_size as n
      from mysql.innodb_index_stats where database_name = database() and stat_name = 'size'`.execute(db.kysely),
  )
  const uses = await rowsOrNone(
    sql<{ table: string; index: string; n: unknown }>`
      select object_name as \`table\`, index_name as \`index\`, count_read as n
      from performance_schema.table_io_waits_summary_by_index_usage
      where object_schema = database() and index_name is not null and @@performance_schema = 1`.execute(db.kysely),
  )
  const numbers = (found: typeof sizes) => new Map(found.map((row) => [key(row.table, row.index), number(row.n)]))
  const [bytes, scans] = [numbers(sizes), numbers(uses)]
  return rows.map(({ table, index }) => ({
    table,
    index,
    bytes: bytes.get(key(table, index)) ?? null,
    // A server that counts leaves out what was never used.
    scans: scans.get(key(table, index)) ?? (uses.length > 0 ? 0 : null),
  }))
}

/** An ordinary user may not read these tables: then there are no figures. */
async function rowsOrNone<Row>(query: Promise<{ rows: Row[] }>): Promise<Row[]> {
  try {
    return (await query).rows
  } catch {
    return []
  }
}
