import { CompiledQuery, type QueryResult, type RawBuilder } from 'kysely'
import type { Db } from './engine.ts'
import { AS_SENT, type SentRows } from './sent-rows.ts'
import type { ShortQuery } from './short-query.ts'

/** Keys contain what callers choose, such as the rows of a page. */
const TEXTS_MAX = 500
/** By engine, then by key: a name made of both would be hashed at every call. */
const textsByEngine = new Map<string, Map<string, string>>()

/**
 * Runs a short statement whose text depends on `key` alone. It is built and compiled at the first call, and bound to
 * `parameters` at each: building that of a lead's history took 5% of the time of its request.
 */
export function executeCompiled<Row>(
  db: Db,
  key: string,
  parameters: readonly unknown[],
  build: () => RawBuilder<Row>,
): Promise<QueryResult<Row>> {
  return lookUp<Row>(db, { sql: findText(db, key, parameters, build), parameters, is_short: true })
}

/** The same with the rows as they were sent: see `executeSentRows`. */
export async function executeCompiledSent(
  db: Db,
  key: string,
  parameters: readonly unknown[],
  build: () => RawBuilder<unknown>,
): Promise<SentRows> {
  const text = findText(db, `${key} as sent`, parameters, build, AS_SENT)
  const { rows } = await lookUp<SentRows>(db, { sql: text, parameters, is_short: true, keeps_sent_rows: true })
  return rows[0] as SentRows
}

function lookUp<Row>(db: Db, query: ShortQuery): Promise<QueryResult<Row>> {
  if (db.lookUp) return db.lookUp<Row>(query)
  const { sql, parameters, ...marks } = query
  return db.kysely.executeQuery<Row>({ ...CompiledQuery.raw(sql, [...parameters]), ...marks } as CompiledQuery<Row>)
}

function findText(
  db: Db,
  key: string,
  parameters: readonly unknown[],
  build: () => RawBuilder<unknown>,
  ending = '',
): string {
  const known = textsByEngine.get(db.engine.name)?.get(key)
  if (known !== undefined) return known
  const text = compile(db, key, parameters, build()) + ending
  const texts = textsByEngine.get(db.engine.name) ?? new Map<string, string>()
  if (texts.size >= TEXTS_MAX) texts.clear()
  textsByEngine.set(db.engine.name, texts.set(key, text))
  return text
}

function compile(db: Db, key: string, parameters: readonly unknown[], statement: RawBuilder<unknown>): string {
  const compiled = statement.compile(db.kysely)
  const isBoundInOrder =
    compiled.parameters.length === parameters.length &&
    compiled.parameters.every((value, index) => value === parameters[index])
  if (!isBoundInOrder) throw new Error(`The parameters of "${key}" are not those of its statement.`)
  return compiled.sql
}
