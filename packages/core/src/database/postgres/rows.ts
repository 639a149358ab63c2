import { textListColumns } from '../value-codec.ts'

/** A result as lists of values in the order of its columns. */
interface Answer extends Iterable<unknown> {
  readonly columns?: readonly { readonly name: string }[]
}

type ToRow = (values: readonly unknown[]) => unknown

const SHAPES_MAX = 500
/** By the names of the columns. */
const shapes = new Map<string, ToRow>()
/** By the columns of a prepared statement, which the driver keeps. */
const statementShapes = new WeakMap<object, ToRow>()

/** Returns the rows as objects. Text lists are never null: see value-codec.ts. */
export function toRows<Row>(answer: Answer): Row[] {
  const { columns = [] } = answer
  const values = [...answer] as (readonly unknown[])[]
  return values.length === 0 ? [] : (values.map(findShape(columns)) as Row[])
}

/**
 * The column between those of two queries that were sent as one: null where the second has no row. One more column is in
 * front of all.
 */
export const IS_SECOND = 'is_second'

/** How the values of two queries that were sent as one lie in a row. */
interface JoinedShape {
  toFirst: ToRow
  toSecond: ToRow
  /** Position of {@link IS_SECOND}. */
  between: number
}

/** By the columns of a prepared statement, which the driver keeps. */
const joinedShapes = new WeakMap<object, JoinedShape>()

export function findJoinedShape(columns: readonly { readonly name: string }[]): JoinedShape {
  const known = joinedShapes.get(columns)
  if (known) return known
  const between = columns.findIndex(({ name }) => name === IS_SECOND)
  const shape = {
    toFirst: findNamedShape(columns.slice(1, between), 1),
    toSecond: findNamedShape(columns.slice(between + 1), between + 1),
    between,
  }
  joinedShapes.set(columns, shape)
  return shape
}

/** The row of the first of two queries that were sent as one, and the result of the second. */
export interface JoinedRows {
  first: unknown
  second: unknown[]
}

/** Returns the rows of two queries that were sent as one: see joined-queries.ts. Undefined if the first has none. */
export function toJoinedRows(answer: Answer): JoinedRows | undefined {
  const { toFirst, toSecond, between } = findJoinedShape(answer.columns ?? [])
  const rows = [...answer] as (readonly unknown[])[]
  const [row] = rows
  return row && { first: toFirst(row), second: row[between] === null ? [] : rows.map(toSecond) }
}

function findShape(columns: readonly { readonly name: string }[]): ToRow {
  const known = statementShapes.get(columns)
  if (known) return known
  const shape = findNamedShape(columns)
  statementShapes.set(columns, shape)
  return shape
}

/** `start`: position of the first column's value. */
function findNamedShape(columns: readonly { readonly name: string }[], start = 0): ToRow {
  const names = columns.map(({ name }) => name)
  const key = start === 0 ? names.join() : `${start} ${names.join()}`
  const known = shapes.get(key)
  if (known) return known
  if (shapes.size >= SHAPES_MAX) shapes.clear()
  const toRow = compileShape(names, start)
  shapes.set(key, toRow)
  return toRow
}

/**
 * An object literal gives all rows one hidden class. Filled column by column, as the driver does it, an object of more than
 * a few columns becomes a hash table: 100 rows of 42 columns take 85 us instead of 5, of 1.3 ms for the whole list.
 */
function compileShape(names: readonly string[], start: number): ToRow {
  const members = names.map((name, index) => {
    const decoded = `values[${start + index}]`
    const value = textListColumns.includes(name) ? `${decoded} ?? []` : decoded
    return `${JSON.stringify(name)}: ${value}`
  })
  return new Function('values', `return { ${members.join(', ')} }`) as ToRow
}
