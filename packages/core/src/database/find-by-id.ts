import { type RawBuilder, sql } from 'kysely'
import { chunkRows } from './chunk-rows.ts'
import { columnList } from './column-list.ts'
import type { Db } from './engine.ts'

interface IdLookup {
  table: string
  key: string
  /** Names of columns, or expressions with an alias. */
  columns: readonly (string | RawBuilder<unknown>)[]
}

/**
 * Finds the rows whose integer column equals one of these numbers, in no order: one index look-up each, as
 * {@link findByKey}.
 */
export const findById = <Row>(db: Db, lookup: IdLookup, ids: readonly number[]): Promise<Row[]> =>
  findSlices(db, ids, (slice) => rowsById<Row>(db, lookup, slice))

/**
 * The same with the rows locked until the transaction ends, in the order of the numbers: another writer of them waits. An
 * engine without row locks gives a transaction the whole database, so there is nothing to lock.
 */
export function lockById<Row>(trx: Db, lookup: IdLookup, ids: readonly number[]): Promise<Row[]> {
  const lock = trx.engine.has_row_locks ? sql` for update` : sql``
  return findSlices(
    trx,
    ids.toSorted((a, b) => a - b),
    (slice) => rowsById<Row>(trx, lookup, slice, lock),
  )
}

async function findSlices<Row>(
  db: Db,
  ids: readonly number[],
  toQuery: (slice: readonly number[]) => RawBuilder<Row>,
): Promise<Row[]> {
  const found: Row[] = []
  for (const slice of sliceIds(db, ids)) found.push(...(await toQuery(slice).execute(db.kysely)).rows)
  return found
}

/** As many of the numbers as one statement takes: all of them where a list is one value. */
export function sliceIds(db: Db, ids: readonly number[]): Iterable<readonly number[]> {
  if (!db.engine.has_optimization_fence && !db.engine.has_json_lists) return chunkRows(db, ids, 1)
  return ids.length === 0 ? [] : [ids]
}

/**
 * The statement of {@link findById}, also for a sub-query. On PostgreSQL the numbers travel as one text, so that it is
 * prepared once for any count of them: a list of values is parsed, planned and described at every call, which takes
 * another round trip. And each is an index look-up even where the planner knows nothing about the table yet.
 */
export function rowsById<Row>(
  db: Db,
  { table, key, columns }: IdLookup,
  ids: readonly number[],
  lock: RawBuilder<unknown> = sql``,
): RawBuilder<Row> {
  const names = columns.filter((column) => typeof column === 'string')
  const expressions = columns.filter((column) => typeof column !== 'string')
  const selected = sql.join([columnList(db, names), ...expressions])
  const rows = sql`select ${selected} from ${sql.table(table)} where ${sql.ref(key)}`
  if (!db.engine.has_optimization_fence) return sql<Row>`${rows} in (${valueList(db, ids)})${lock}`
  return sql<Row>`select found.*
    from unnest(string_to_array(${ids.join(',')}::text, ',')::integer[]) as wanted(number)
    cross join lateral (${rows} = wanted.number offset 0${lock}) as found`
}

/** The condition that an integer column equals one of these numbers, for a statement that changes rows: see {@link rowsById}. */
export function isOneOf(db: Db, column: string, ids: readonly number[]): RawBuilder<boolean> {
  if (!db.engine.has_optimization_fence) return sql<boolean>`${sql.ref(column)} in (${valueList(db, ids)})`
  return sql<boolean>`${sql.ref(column)} = any(string_to_array(${ids.join(',')}::text, ',')::integer[])`
}

/** What stands between the brackets of `in (…)`. */
export const valueList = (db: Db, values: readonly (number | string)[]): RawBuilder<unknown> =>
  db.engine.has_json_lists ? sql`select value from json_each(${JSON.stringify(values)})` : sql.join(values)
