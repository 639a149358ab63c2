import * as z from 'zod'

/**
 * Schemas are built at their first use: a function that has just started needs those of one request, and those of
 * responses only describe the API. Building all took a third of the time that importing a function takes.
 */

/** Makes a value at the first call and returns it at each. Bundles leave out what is never called. */
export /* @__NO_SIDE_EFFECTS__ */ function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

type Thunks = Readonly<Record<string, () => z.ZodType>>
type Built<Shape extends Thunks> = { [Name in keyof Shape]: ReturnType<Shape[Name]> }

/** Builds the schemas of a shape. */
export const buildShape = <Shape extends Thunks>(shape: Shape): Built<Shape> =>
  Object.fromEntries(Object.entries(shape).map(([name, make]) => [name, make()])) as Built<Shape>

/** The schema of an object whose names are known before it is built: `columns`. */
export /* @__NO_SIDE_EFFECTS__ */ function lazyObject<Shape extends Thunks>(
  shape: Shape,
): (() => z.ZodObject<Built<Shape>>) & { readonly columns: (keyof Shape & string)[] } {
  return Object.assign(
    lazily(() => z.object(buildShape(shape)) as unknown as z.ZodObject<Built<Shape>>),
    { columns: Object.keys(shape) as (keyof Shape & string)[] },
  )
}

/** The schema of one of some texts, which are known before it is built: `options`. */
export /* @__NO_SIDE_EFFECTS__ */ function lazyEnum<const Choices extends readonly string[]>(
  options: Choices,
): (() => z.ZodEnum<{ [Choice in Choices[number]]: Choice }>) & { readonly options: Choices } {
  return Object.assign(
    lazily(() => z.enum(options)),
    { options },
  )
}
