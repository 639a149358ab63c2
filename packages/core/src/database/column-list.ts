import { type RawBuilder, sql } from 'kysely'
import type { Db } from './engine.ts'

/** Callers choose the fields of a list, so there is no end of column lists. */
const LISTS_MAX = 200
const compiledLists = new Map<string, RawBuilder<unknown>>()
/** By engine, and by the list itself where it is a constant. */
const constantLists = new Map<string, WeakMap<readonly string[], RawBuilder<unknown>>>()

/**
 * Returns the columns as SQL, quoted for the engine. Each list is compiled once: as references that every query compiles
 * again, the 42 columns of a page of leads took 0.1 ms.
 */
export function columnList(db: Db, columns: readonly string[]): RawBuilder<unknown> {
  const { name } = db.engine
  const lists = constantLists.get(name) ?? new WeakMap<readonly string[], RawBuilder<unknown>>()
  constantLists.set(name, lists)
  const compiled = lists.get(columns) ?? findList(db, columns)
  lists.set(columns, compiled)
  return compiled
}

function findList(db: Db, columns: readonly string[]): RawBuilder<unknown> {
  const key = `${db.engine.name} ${columns.join()}`
  const known = compiledLists.get(key)
  if (known) return known
  if (compiledLists.size >= LISTS_MAX) compiledLists.clear()
  const compiled = sql.raw(sql.join(columns.map((column) => sql.ref(column))).compile(db.kysely).sql)
  compiledLists.set(key, compiled)
  return compiled
}
