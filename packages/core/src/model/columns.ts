import type { Json } from './fields.ts'

/**
 * How a table of columns describes a column. Schemas, statements, exports and documentation derive from such tables. They
 * are read wherever items are written, so this file loads nothing: a consumer must not build API schemas at start.
 */
export interface ColumnSpec {
  /** `score` is an integer from 0 to 100, `id` a positive integer. */
  readonly kind: 'text' | 'text_list' | 'flag' | 'integer' | 'score' | 'id' | 'choice' | 'json' | 'json_object' | 'time'
  readonly length_min?: number
  readonly length_max?: number
  /** Entries at most of a text list. */
  readonly entries_max?: number
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly string[]
  readonly nullable?: true
  /** The value of a row that has none. The database fills it in on an insert. */
  readonly default?: string | number | boolean | readonly string[]
  /** A value as the API returns it. */
  readonly example: unknown
}

type BaseValue<Spec> = Spec extends { kind: 'text' | 'time' }
  ? string
  : Spec extends { kind: 'text_list' }
    ? string[]
    : Spec extends { kind: 'flag' }
      ? boolean
      : Spec extends { kind: 'choice'; choices: readonly (infer Choice)[] }
        ? Choice
        : Spec extends { kind: 'json' }
          ? Json
          : Spec extends { kind: 'json_object' }
            ? Record<string, Json>
            : number

/** The TypeScript type of a column's values. */
export type ValueOfSpec<Spec> = Spec extends { nullable: true } ? BaseValue<Spec> | null : BaseValue<Spec>

/** The rows of a table that its specification describes. */
export type RowOf<Columns> = { -readonly [Name in keyof Columns]: ValueOfSpec<Columns[Name]> }

/** Names of the columns whose specification has a field. */
export type NamesWith<Columns, Flag extends PropertyKey> = {
  [Name in keyof Columns]: Flag extends keyof Columns[Name] ? Name : never
}[keyof Columns]

/** Returns the names of the columns whose specification has a field, in the order of the table. */
export function namesWith<Columns extends object, Flag extends PropertyKey>(
  columns: Columns,
  flag: Flag,
): NamesWith<Columns, Flag>[] {
  return Object.entries(columns).flatMap(([name, spec]) => (flag in spec ? [name as NamesWith<Columns, Flag>] : []))
}

/** The same, ordered by a position that each of them has. */
export function namesByPosition<Columns extends object, Flag extends PropertyKey>(
  columns: Columns,
  flag: Flag,
): NamesWith<Columns, Flag>[] {
  const position = (name: PropertyKey): number =>
    (columns as Record<PropertyKey, Record<PropertyKey, number>>)[name]?.[flag] ?? 0
  return namesWith(columns, flag).sort((a, b) => position(a) - position(b))
}

/** Returns the names of the columns of one kind, in the order of the table. */
export const namesOfKind = (columns: Readonly<Record<string, ColumnSpec>>, kind: ColumnSpec['kind']): string[] =>
  Object.keys(columns).filter((name) => columns[name]?.kind === kind)
