import { type Expression, type InsertQueryBuilder, type InsertResult, sql } from 'kysely'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

type Insert<Table extends keyof Tables> = InsertQueryBuilder<Tables, Table, InsertResult>
type ColumnName<Table extends keyof Tables> = keyof Tables[Table] & string

/** Returns the value that the insert carries for a column, in the spelling of the engine. */
export type IncomingValue = (column: string) => Expression<never>

/** The insert, without rows whose unique key exists. On MySQL these rows are touched, but keep all values. */
export function orIgnore<Table extends keyof Tables>(
  db: Db,
  insert: Insert<Table>,
  key: readonly ColumnName<Table>[],
): Insert<Table> {
  if (db.engine.has_on_conflict) return insert.onConflict((conflict) => conflict.columns(key as never).doNothing())
  const [column = ''] = key
  return insert.onDuplicateKeyUpdate({ [column]: sql.ref(column) } as never)
}

/** The insert, and for rows whose unique key exists an update with these values. */
export function orUpdate<Table extends keyof Tables>(
  db: Db,
  insert: Insert<Table>,
  key: readonly ColumnName<Table>[],
  values: (incoming: IncomingValue) => Record<string, Expression<unknown>>,
): Insert<Table> {
  if (db.engine.has_on_conflict) {
    const incoming: IncomingValue = (column) => sql<never>`${sql.ref(`excluded.${column}`)}`
    return insert.onConflict((conflict) => conflict.columns(key as never).doUpdateSet(values(incoming) as never))
  }
  return insert.onDuplicateKeyUpdate(values((column) => sql<never>`values(${sql.ref(column)})`) as never)
}

/** The same as text, for statements that are written by hand: what follows the rows of an insert. */
export function updateClause(
  db: Db,
  key: readonly string[],
  assignments: (incoming: (column: string) => string) => readonly string[],
): string {
  return db.engine.has_on_conflict
    ? ` on conflict (${key.join(', ')}) do update set ${assignments((column) => `excluded.${column}`).join(', ')}`
    : ` on duplicate key update ${assignments((column) => `values(${column})`).join(', ')}`
}
