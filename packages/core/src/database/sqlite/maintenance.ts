import { sql } from 'kysely'
import type { IndexStats, Maintenance } from '../engine.ts'

interface PageCount {
  name: string
  type: string
  tbl_name: string
  bytes: number
}

/** Sizes come from the dbstat table, which Node's SQLite carries; use of indexes isn't kept. */
export const sqliteMaintenance: Maintenance = {
  async readStats(db) {
    const pages = await sql<PageCount>`
      select m.name, m.type, m.tbl_name, (select sum(pgsize) from dbstat where name = m.name) as bytes
      from sqlite_master as m where m.type in ('table', 'index') order by m.tbl_name, m.name`.execute(db.kysely)
    const size = await sql<{ bytes: number; free: number }>`
      select page_count * page_size as bytes, freelist_count * 1.0 / max(page_count, 1) as free
      from pragma_page_count, pragma_page_size, pragma_freelist_count`.execute(db.kysely)
    const indexes: IndexStats[] = pages.rows
      .filter(({ type }) => type === 'index')
      .map(({ tbl_name, name, bytes }) => ({ table: tbl_name, index: name, bytes, scans: null }))
    const tables = pages.rows
      .filter(({ type }) => type === 'table')
      .map(({ name, bytes }) => {
        const own = indexes.filter(({ table }) => table === name)
        const index_bytes = own.reduce((sum, index) => sum + (index.bytes ?? 0), 0)
        // Free pages belong to the file, not to a table: each table shows the share of the file.
        return [name, { table_bytes: bytes, index_bytes, dead_share: size.rows[0]?.free ?? null }] as const
      })
    return { total_bytes: size.rows[0]?.bytes ?? null, tables: new Map(tables), indexes }
  },
  reindexStatements: (table) => [`reindex ${table}`, `analyze ${table}`],
  // The only way to return free pages to the disk. It copies the file, and writers wait.
  afterReindexStatements: ['vacuum'],
}
