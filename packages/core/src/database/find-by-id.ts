import { type RawBuilder, sql } from 'kysely'
import { chunkRows } from './chunk-rows.ts'
import type { Db } from './engine.ts'
import type { KeyLookup } from './find-by-key.ts'

/**
 * Finds the rows whose integer column equals one of these numbers, in no order: one index look-up each, as
 * {@link findByKey}. The numbers travel as one text, so that the statement is the same for any count of them.
 */
export async function findById<Row>(
  db: Db,
  { table, key, columns }: Pick<KeyLookup, 'table' | 'key' | 'columns'>,
  ids: readonly number[],
): Promise<Row[]> {
  if (ids.length === 0) return []
  const selected = sql.join(columns.map((column) => sql.ref(column)))
  if (db.engine.has_optimization_fence) {
    const { rows } = await sql<Row>`select found.*
      from unnest(string_to_array(${ids.join(',')}::text, ',')::integer[]) as wanted(number)
      cross join lateral (
        select ${selected} from ${sql.table(table)} where ${sql.ref(key)} = wanted.number offset 0
      ) as found`.execute(db.kysely)
    return rows
  }
  const found: Row[] = []
  for (const slice of chunkRows(db, ids, 1)) {
    const { rows } = await sql<Row>`select ${selected} from ${sql.table(table)}
      where ${sql.ref(key)} in (${sql.join(slice)})`.execute(db.kysely)
    found.push(...rows)
  }
  return found
}

/**
 * A condition: the integer column equals one of these numbers. On PostgreSQL they travel as one text, so that the
 * statement is prepared once for any count of them: a list of values is parsed, planned and described at every call,
 * which takes another round trip.
 */
export const isOneOf = (db: Db, column: string, ids: readonly number[]): RawBuilder<boolean> =>
  db.engine.has_optimization_fence
    ? sql<boolean>`${sql.ref(column)} = any(string_to_array(${ids.join(',')}::text, ',')::integer[])`
    : sql<boolean>`${sql.ref(column)} in (${sql.join(ids)})`
