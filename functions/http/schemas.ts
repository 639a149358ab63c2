import type { FilterKind, ListDefinition } from '@leads/core/lists/definition'
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '@leads/core/lists/definition'
import { describeFilter, type RawFilters } from '@leads/core/lists/filter'
import { type ListInput, parseFields } from '@leads/core/lists/list-page'
import { BatchResponse } from '@leads/core/model/batch'
import { lazily } from '@leads/core/model/lazily'
import * as z from 'zod'
import { assertCanSeeDeleted, selectsDeletedRows } from './assert-can-see-deleted.ts'
import type { OperationCall, ResponseSpec } from './operation.ts'

/** Schemas that operations share. Path and query parameters arrive as text. */

/** An id in a path or a query. A number above the largest possible id is valid and not found. */
export const IdParam = lazily(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,17}$/, 'a whole number above 0')
    .transform((text) => Math.min(Number(text), 2_147_483_647))
    .meta({ override: { type: 'integer', minimum: 1, maximum: 2_147_483_647 }, example: 42 }),
)

/** Run ids are Apify's: letters and digits. */
export const RunId = lazily(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, 'a run id: letters and digits')
    .meta({ example: 'HG7ML7M8z78YcAPEB' }),
)

export const BooleanParam = lazily(() => z.enum(['true', 'false']).transform((text) => text === 'true'))

const limitError = `a whole number from 1 to ${PAGE_ROWS_MAX}`
export const Limit = lazily(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,2}$/, limitError)
    .transform(Number)
    .refine((value) => value <= PAGE_ROWS_MAX, limitError)
    .meta({
      override: { type: 'integer', minimum: 1, maximum: PAGE_ROWS_MAX, default: PAGE_ROWS_DEFAULT },
      description: `Rows per page, at most ${PAGE_ROWS_MAX}.`,
    }),
)

export const Cursor = lazily(() =>
  z
    .string()
    .min(1)
    .max(1000)
    .meta({ description: '`next_cursor` of the previous page. Filters and order must be the same.' }),
)

/** A filter. A repeated parameter means that all must match (`created_at=gte:…&created_at=lt:…`). */
const filterParameter = (kind: FilterKind) =>
  z
    .union([z.string().max(4000), z.array(z.string().max(4000)).max(10)])
    .optional()
    .meta({ description: `Filter: ${describeFilter(kind)}.` })

const fieldsParameter = lazily(() => z.string().max(2000).optional())

const filterParameters = (definition: ListDefinition): Record<string, ReturnType<typeof filterParameter>> =>
  Object.fromEntries(Object.entries(definition.filters).map(([column, kind]) => [column, filterParameter(kind)]))

const searchParameter = lazily(() =>
  z.string().min(1).max(200).optional().meta({ description: 'Prefixes of words; all must match.' }),
)

/** The filters of a list as query parameters, for operations that are not a list themselves. */
export function filterQuery<Extra extends z.ZodRawShape>(definition: ListDefinition, extra?: Extra) {
  const shape = { ...filterParameters(definition), ...(definition.has_search && { q: searchParameter() }), ...extra }
  return z.object(shape as unknown as { q: z.ZodOptional<z.ZodString> } & Extra)
}

/** The raw filters of a query. @throws Problem insufficient_scope if the key must not see deleted rows */
export function toFilters(call: Pick<OperationCall, 'query' | 'identity'>, definition: ListDefinition): RawFilters {
  const query = call.query as Record<string, string | string[] | undefined>
  const filters: Record<string, string | string[] | undefined> = {}
  for (const [name, value] of Object.entries(query)) if (Object.hasOwn(definition.filters, name)) filters[name] = value
  assertCanSeeDeleted(call, selectsDeletedRows([filters.is_deleted].flat()))
  return filters
}

/** The query parameters of a list, derived from its definition. */
export function listQuery<Extra extends z.ZodRawShape>(
  definition: ListDefinition,
  options: { fields?: readonly string[]; extra?: Extra } = {},
) {
  const filters = filterParameters(definition)
  const sorts = Object.keys(definition.sorts).flatMap((column) => [column, `-${column}`])
  const shape = {
    ...filters,
    sort: z
      .enum(sorts as [string, ...string[]], { error: `one of ${sorts.join(', ')}` })
      .optional()
      .meta({ description: `Order; - means descending. Default ${definition.default_sort}.` }),
    limit: Limit().optional(),
    cursor: Cursor().optional(),
    count: z
      .enum(['exact', 'estimated'])
      .optional()
      .meta({ description: '`exact` counts all rows of the list; `estimated` stops at 10,000.' }),
    ...(options.fields && {
      fields: fieldsParameter().meta({
        description: `Only these fields, e.g. \`${options.fields.slice(0, 3).join(',')}\`.`,
      }),
    }),
    ...(definition.has_search && { q: searchParameter() }),
    ...options.extra,
  }
  return z.object(shape as unknown as ListShape & Extra)
}

/** The parsed parameters of any list. The list itself parses the filters. */
interface ListShape {
  sort: z.ZodOptional<z.ZodString>
  limit: z.ZodOptional<z.ZodType<number, string>>
  cursor: z.ZodOptional<z.ZodString>
  count: z.ZodOptional<z.ZodEnum<{ exact: 'exact'; estimated: 'estimated' }>>
  fields: z.ZodOptional<z.ZodString>
  q: z.ZodOptional<z.ZodString>
}

/** Converts a list's query to core's input. @throws Problem insufficient_scope if the key must not see deleted rows */
export function toListInput(
  call: Pick<OperationCall, 'query' | 'cursor_secret' | 'identity'>,
  definition: ListDefinition,
  fields: readonly string[],
): ListInput {
  const query = call.query as Record<string, unknown> as Partial<Record<string, string>>
  const include_deleted = (query.include_deleted as unknown) === true
  assertCanSeeDeleted(call, include_deleted)
  return {
    filters: toFilters(call, definition),
    q: query.q,
    sort: query.sort,
    limit: query.limit as unknown as number | undefined,
    cursor: query.cursor,
    fields: parseFields(fields, query.fields),
    count: query.count as 'exact' | 'estimated' | undefined,
    include_deleted,
    cursor_secret: call.cursor_secret,
  }
}

/** The response of a list. */
export function listResponse(row: z.ZodType, description: string): ResponseSpec {
  const schema = z.object({
    data: z.array(row),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: 'Pass it as `cursor` to get the next page; null at the end.' }),
    count: z
      .object({
        value: z.int().min(0),
        relation: z.enum(['exact', 'at_least']),
        reason: z
          .literal('time_limit')
          .optional()
          .meta({ description: 'The exact count took over 5 s. Narrow the list by filters.' }),
      })
      .optional()
      .meta({ description: 'Present if `count` was requested. A slow exact count may be up to a minute old.' }),
  })
  return { description, content: { 'application/json': schema } }
}

export const rowResponse = (row: z.ZodType, description: string, headers?: Record<string, string>): ResponseSpec => ({
  description,
  content: { 'application/json': row },
  ...(headers && { headers }),
})

/** The answer of a batch whose first operation created a row and whose second changed one. */
export const batchResponse = (created: { id: number }, changed: { id: number; version: number }): ResponseSpec => ({
  ...rowResponse(BatchResponse(), 'One result per operation.'),
  example: {
    succeeded: 2,
    failed: 0,
    results: [
      { status: 201, ...created, version: 1 },
      { status: 200, ...changed },
    ],
  },
})

/** The values of a field in the list, for `GET …/facets`. */
export const facetResponse = (counted: 'leads_count' | 'companies_count') => {
  const row = z.object({ value: z.string(), [counted]: z.int(), relation: z.enum(['exact', 'at_least']) })
  const example = { data: [{ value: 'India', [counted]: 120, relation: 'exact' }] }
  return { ...rowResponse(z.object({ data: z.array(row) }), 'At most 50 values, the most frequent first.'), example }
}

export const facetPrefix = lazily(() =>
  z.string().max(100).optional().meta({ description: 'Beginning of the values.' }),
)
