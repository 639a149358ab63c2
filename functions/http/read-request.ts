import { type FieldError, Problem, type ProblemCode } from '@leads/core/problem'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type * as z from 'zod'
import { findClosestName } from './closest-name.ts'
import type { Operation } from './operation.ts'

/** MariaDB rejects JSON nested deeper than 32 levels. A body adds one or two levels to the column it fills. */
const DEPTH_MAX = 28

const ISSUES_MAX = 50

/** Validates a value; each issue becomes an entry of `errors`. */
function validate(
  schema: z.ZodType,
  value: unknown,
  code: ProblemCode,
  message: string,
  locate: (path: readonly PropertyKey[]) => Omit<FieldError, 'detail'>,
): unknown {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const errors = read.error.issues.slice(0, ISSUES_MAX).flatMap((issue): FieldError[] => {
    if (issue.code !== 'unrecognized_keys') return [{ ...locate(issue.path), detail: issue.message }]
    // The issue is about the object; the errors point at its unknown keys.
    return issue.keys
      .slice(0, ISSUES_MAX)
      .map((key) => ({ ...locate([...issue.path, key.toWellFormed().slice(0, 100)]), detail: 'Unknown field.' }))
  })
  throw new Problem(code, message, { errors })
}

const pointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export function readParams(operation: Operation, event: APIGatewayProxyEventV2): unknown {
  if (!operation.params) return undefined
  return validate(
    operation.params,
    { ...event.pathParameters },
    'invalid_request',
    'A path parameter is invalid.',
    (path) => ({
      parameter: String(path[0]),
    }),
  )
}

/** Schemas that make an empty object of a query without parameters, as of most reads of one row. */
const withoutDefaults = new WeakSet<z.ZodType>()

/** Parses the raw query string. The gateway's map joins repeated parameters with commas, which a value may contain. */
export function readQuery(operation: Operation, event: APIGatewayProxyEventV2): unknown {
  const { rawQueryString: raw_query } = event
  const schema = operation.query
  if (raw_query === '' && schema && withoutDefaults.has(schema)) return {}
  const values = raw_query === '' ? {} : readParameters(operation, raw_query)
  if (!schema) return undefined
  const query = validate(schema, values, 'invalid_request', 'A query parameter is invalid.', (path) => ({
    parameter: String(path[0]),
  }))
  if (raw_query === '' && Object.keys(query as object).length === 0) withoutDefaults.add(schema)
  return query
}

/** @throws Problem unknown_parameter, invalid_request */
function readParameters(operation: Operation, raw_query: string): Record<string, string | string[]> {
  const known = Object.keys(operation.query?.shape ?? {})
  const values: Record<string, string | string[]> = {}
  const errors: FieldError[] = []
  for (const [name, value] of new URLSearchParams(raw_query)) {
    if (!known.includes(name)) errors.push({ parameter: name.slice(0, 100), detail: describeUnknown(name, known) })
    else if (!isText(value))
      errors.push({ parameter: name, detail: 'NUL characters and unpaired surrogates cannot be stored.' })
    else values[name] = Object.hasOwn(values, name) ? [values[name] ?? [], value].flat() : value
  }
  if (errors.length > 0) {
    const is_unknown = errors.some(({ parameter }) => !known.includes(parameter ?? ''))
    const names = errors.map(({ parameter }) => parameter).join(', ')
    throw new Problem(is_unknown ? 'unknown_parameter' : 'invalid_request', `Check ${names.slice(0, 300)}.`, { errors })
  }
  return values
}

function describeUnknown(name: string, known: readonly string[]): string {
  const hint = findClosestName(name, known)
  if (hint) return `Did you mean ${hint}?`
  return known.length === 0 ? 'This operation has no query parameters.' : `Valid parameters: ${known.join(', ')}.`
}

export function readBody(operation: Operation, body: unknown): unknown {
  if (!operation.body) return undefined
  if (body === undefined && operation.is_body_optional)
    return validate(operation.body, {}, 'validation_failed', '', () => ({}))
  assertStorable(body, operation)
  return validate(operation.body, body, 'validation_failed', 'The body does not match the schema.', (path) => ({
    pointer: pointer(path),
  }))
}

/** Text that every engine stores unchanged: no NUL, no unpaired surrogate. */
const isText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed()

/** Elements of a list and members of an object: more than any schema allows, except in free JSON. */
const MEMBERS_MAX = 5000
/** Characters of a text: twice what the longest column takes. */
const TEXT_CHARACTERS_MAX = 200_000

/** Rejects values that an engine could not store, or that a schema would be slow to refuse. */
function assertStorable(body: unknown, { body_bytes_max }: Operation): void {
  // The content of an import is one long text.
  const characters_max = Math.max(TEXT_CHARACTERS_MAX, body_bytes_max ?? 0)
  const path: PropertyKey[] = []
  const visit = (value: unknown): void => {
    if (typeof value === 'string') assertText(value, path, characters_max)
    if (typeof value !== 'object' || value === null) return
    if (path.length === DEPTH_MAX) throw toValidationProblem(path, `Nested deeper than ${DEPTH_MAX} levels.`)
    const keys = Object.keys(value)
    if (keys.length > MEMBERS_MAX) throw toValidationProblem(path, `At most ${MEMBERS_MAX} elements or members.`)
    for (const key of keys) {
      if (!isText(key)) throw toValidationProblem(path, 'A key contains NUL or an unpaired surrogate.')
      path.push(key)
      visit((value as Record<string, unknown>)[key])
      path.pop()
    }
  }
  visit(body)
}

function assertText(text: string, path: readonly PropertyKey[], characters_max: number): void {
  if (text.length > characters_max) throw toValidationProblem(path, `At most ${characters_max} characters.`)
  if (!isText(text)) throw toValidationProblem(path, 'NUL characters and unpaired surrogates cannot be stored.')
}

function toValidationProblem(path: readonly PropertyKey[], detail: string): Problem {
  return new Problem('validation_failed', 'The body does not match the schema.', {
    errors: [{ pointer: pointer(path).toWellFormed().slice(0, 500), detail }],
  })
}
