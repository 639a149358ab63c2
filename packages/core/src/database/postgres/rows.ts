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

function findShape(columns: readonly { readonly name: string }[]): ToRow {
  const known = statementShapes.get(columns)
  if (known) return known
  const shape = findNamedShape(columns)
  statementShapes.set(columns, shape)
  return shape
}

function findNamedShape(columns: readonly { readonly name: string }[]): ToRow {
  const names = columns.map(({ name }) => name)
  const key = names.join()
  const known = shapes.get(key)
  if (known) return known
  if (shapes.size >= SHAPES_MAX) shapes.clear()
  const toRow = compileShape(names)
  shapes.set(key, toRow)
  return toRow
}

/**
 * An object literal gives all rows one hidden class. Filled column by column, as the driver does it, an object of more than
 * a few columns becomes a hash table: 100 rows of 42 columns take 85 us instead of 5, of 1.3 ms for the whole list.
 */
function compileShape(names: readonly string[]): ToRow {
  const members = names.map((name, index) => {
    const value = textListColumns.includes(name) ? `values[${index}] ?? []` : `values[${index}]`
    return `${JSON.stringify(name)}: ${value}`
  })
  return new Function('values', `return { ${members.join(', ')} }`) as ToRow
}
