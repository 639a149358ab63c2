import * as z from 'zod'
import type { ColumnSpec, ValueOfSpec } from './columns.ts'
import { Id, Json, JsonObject, Score, Timestamp } from './fields.ts'

type Shape<Columns> = { [Name in keyof Columns]: z.ZodType<ValueOfSpec<Columns[Name]>> }

function toBaseSchema(spec: ColumnSpec): z.ZodType {
  switch (spec.kind) {
    case 'text':
      return toTextSchema(spec)
    case 'text_list':
      return z.array(toTextSchema(spec)).max(spec.entries_max ?? Number.POSITIVE_INFINITY)
    case 'flag':
      return z.boolean()
    case 'integer':
      return z
        .int()
        .min(spec.min ?? Number.MIN_SAFE_INTEGER)
        .max(spec.max ?? Number.MAX_SAFE_INTEGER)
    case 'score':
      return Score()
    case 'id':
      return Id()
    case 'choice':
      return z.enum(spec.choices ?? [])
    case 'json':
      return Json()
    case 'json_object':
      return JsonObject()
    case 'time':
      return Timestamp()
  }
}

function toTextSchema({ length_min, length_max }: ColumnSpec): z.ZodString {
  const text = length_min === undefined ? z.string() : z.string().min(length_min)
  return length_max === undefined ? text : text.max(length_max)
}

/**
 * Builds the schema of a table's rows from the specification of its columns. A column's schema is built at its first use:
 * most starts of a function use few of them.
 */
export function toRowSchema<Columns extends Record<keyof Columns, ColumnSpec>>(
  columns: Columns,
): z.ZodObject<Shape<Columns>> {
  const shape: Record<string, z.ZodType> = {}
  for (const [name, spec] of Object.entries<ColumnSpec>(columns)) {
    Object.defineProperty(shape, name, {
      enumerable: true,
      get: () => (spec.nullable ? toBaseSchema(spec).nullable() : toBaseSchema(spec)),
    })
  }
  return z.object(shape) as unknown as z.ZodObject<Shape<Columns>>
}
