import { sql } from 'kysely'
import { chunkRows } from './chunk-rows.ts'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

export interface KeyLookup {
  table: keyof Tables
  /** A text column that is compared with the keys; an index begins with it, or with the column of `scope` and then it. */
  key: string
  columns: readonly string[]
  /** Another column that must have this value. */
  scope?: { column: string; value: string }
}

/**
 * Finds the rows whose column equals one of these texts, in no order. Forces one index look-up per key: on a million rows
 * without statistics, `= any` over 1,000 ids took 205 ms, a look-up each 5 ms. With `in (…)` PostgreSQL read the whole
 * table as long as it had no statistics, and a first import fills a table faster than they are gathered: 74% of the time
 * of 50,000 rows. Keys contain no control characters.
 */
export async function findByKey<Row>(db: Db, find: KeyLookup, keys: readonly string[]): Promise<Row[]> {
  const { key, columns, scope } = find
  const table = sql.table(find.table)
  const selected = sql.join(columns.map((column) => sql.ref(column)))
  const also = scope ? sql`${sql.ref(scope.column)} = ${scope.value} and ` : sql``
  if (keys.length === 0) return []
  if (db.engine.has_optimization_fence) {
    const { rows } = await sql<Row>`select found.*
      from unnest(string_to_array(${keys.join('\u001f')}::text, E'\\x1f')) as wanted(text)
      cross join lateral (
        select ${selected} from ${table} where ${also}${sql.ref(key)} = wanted.text offset 0
      ) as found`.execute(db.kysely)
    return rows
  }
  const found: Row[] = []
  for (const slice of chunkRows(db, keys, 2)) {
    const { rows } = await sql<Row>`select ${selected} from ${table}
      where ${also}${sql.ref(key)} in (${sql.join(slice)})`.execute(db.kysely)
    found.push(...rows)
  }
  return found
}
