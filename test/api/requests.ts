import fc from 'fast-check'
import { document } from './document.ts'

/** Generates requests from the OpenAPI document: valid, almost valid, and invalid. */

export interface GeneratedRequest {
  method: string
  target: string
  headers: Record<string, string>
  body: string | undefined
  /** Adds the cursor of an earlier response, intact or modified. */
  cursor: { at: number; is_broken: boolean } | undefined
}

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  format?: string
  pattern?: string
}
interface Parameter {
  name: string
  in: string
  schema: Schema
}
interface OperationObject {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
}

/** Texts that break programs. */
const nasty = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e',
  '\ufeff',
  '\u{1F600}'.repeat(50),
  'ß',
  'İ',
  'é',
  "'; drop table users; --",
  '"',
  '\\',
  '\\,',
  '%',
  '_',
  '*',
  '--',
  '/*',
  '{{}}',
  '#{x}',
  '../..',
  '=cmd()',
  '$1',
  '?',
  'null',
  'undefined',
  'true',
  '0',
  '-1',
  '1e999',
  'NaN',
  '0x10',
  '9'.repeat(400),
  '1'.repeat(19),
  '２',
  '१',
  'is:null',
  'in:',
  'in:,,,',
  'eq:',
  'gte:',
  'has:',
  'gt:0000-00-00',
  '2026-02-30',
  '9999-12-31T23:59:59.999Z',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(5000),
  '(',
  '[',
  'a'.repeat(300),
  '\u2028',
  '\r\n',
  'q:*&|!',
)
const anyText = fc.oneof({ weight: 3, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 40 }), fc.string())
const filterText = fc.oneof(
  fc.constantFrom(
    'India',
    'in:India,Nepal',
    'new',
    'in:new,contacted',
    'apify',
    'pending',
    'gte:50',
    'lt:10',
    'in:1,2,3',
  ),
  fc.constantFrom(
    'is:null',
    'is:not_null',
    'has:hotel',
    'gte:2026-01-01T00:00:00Z',
    'lt:2027-01-01',
    'seed:1',
    '1',
    '50',
  ),
  fc.constantFrom(
    'hotel',
    'person 1',
    'p',
    'true',
    'false',
    'exact',
    'estimated',
    'id',
    '-created_at',
    'company,source',
  ),
)
const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
  nasty,
  fc.constant(JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) as unknown),
  fc.constant(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index]))),
)

function resolve(schema: Schema): Schema {
  if (!schema.$ref) return schema
  const name = schema.$ref.split('/').at(-1) ?? ''
  return (document.components?.schemas as Record<string, Schema> | undefined)?.[name] ?? {}
}

const formats: Record<string, fc.Arbitrary<string>> = {
  email: fc.nat(50).map((n) => `fuzz${n}@example.com`),
  'date-time': fc
    .date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  uri: fc.constantFrom('https://example.com', 'http://a.example/x?y=1'),
}

/** Generates values that a schema allows. */
function valid(given: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolve(given)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => valid(choice, depth)))
  const type = (Array.isArray(schema.type) ? schema.type[0] : schema.type) ?? ''
  switch (type) {
    case 'string':
      if (schema.format && formats[schema.format]) return formats[schema.format] as fc.Arbitrary<string>
      if (schema.pattern) return fc.constantFrom('a.example', '+4930123456', 'call_made', '1', 'run1', 'x')
      return fc.string({
        minLength: schema.minLength ?? 0,
        maxLength: Math.min(schema.maxLength ?? 50, 50),
        unit: 'grapheme',
      })
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1000, 2_147_483_647) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valid(schema.items ?? {}, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      })
    case 'object': {
      const properties = Object.entries(schema.properties ?? {}).map(([name, value]) => [name, valid(value, depth + 1)])
      if (properties.length === 0)
        return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
      const model = Object.fromEntries(properties) as Record<string, fc.Arbitrary<unknown>>
      return fc.record(model, { requiredKeys: schema.required ?? [] })
    }
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

/** Replaces one part of a valid value. */
function nearlyValid(schema: Schema): fc.Arbitrary<unknown> {
  return fc.tuple(valid(schema), anyJson, fc.nat(20)).map(([value, other, at]) => {
    if (typeof value !== 'object' || value === null) return other
    const keys = Object.keys(value)
    const key = keys[at % Math.max(1, keys.length)] ?? 'extra'
    return Array.isArray(value) ? [...value, other] : { ...value, [at === 20 ? 'extra' : key]: other }
  })
}

const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map(String) },
  fc.constantFrom(
    '0',
    '-1',
    '2147483648',
    '99999999999999999999',
    'abc',
    '1.5',
    'run1',
    'run2',
    ' ',
    'ï',
    'a'.repeat(200),
  ),
)

const wrongKeys = fc.constantFrom('Bearer', 'Bearer x', 'Basic YTpi', '').map((authorization) => ({ authorization }))

/** Percent-encodes a text. Unpaired surrogates cannot be encoded in a URL. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

const headers = fc.record(
  {
    'if-match': fc.constantFrom('"1"', '"2"', 'W/"1"', '*', '1', '""', '"99999999999"', '"a", "b"', '\u00e9'),
    'if-none-match': fc.constantFrom('"1"', '*', 'W/"1", "2"', 'x'),
    'idempotency-key': fc.constantFrom('k1', 'k2', 'k3', ' ', 'a b', 'x'.repeat(300), '\u00fc'),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'application/merge-patch+json',
      'text/plain',
      'x',
      '',
    ),
    'accept-encoding': fc.constantFrom('gzip', 'br', 'br;q=0, gzip;q=0.5', '*', 'identity', ';;;', 'q=1'),
    origin: fc.constantFrom('https://a.example', 'null'),
  },
  { requiredKeys: [] },
)

function requestOf(method: string, path: string, operation: OperationObject) {
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const names = query.map(({ name }) => name)
  const pair = fc.tuple(
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...(names.length === 0 ? ['x'] : names)) }, anyText),
    fc.oneof({ weight: 3, arbitrary: filterText }, anyText),
  )
  const content = Object.values(operation.requestBody?.content ?? {})[0]
  const body = content
    ? fc.oneof(
        { weight: 5, arbitrary: valid(content.schema).map((value) => JSON.stringify(value)) },
        { weight: 4, arbitrary: nearlyValid(content.schema).map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: fc.constant(JSON.stringify(content.example)) },
        { weight: 1, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: anyText },
      )
    : fc.constantFrom(undefined, undefined, '{}', 'x')
  return fc
    .tuple(
      fc.array(id, { minLength: 2, maxLength: 2 }),
      fc.array(pair, { maxLength: query.length === 0 ? 1 : 3 }),
      fc.oneof(
        { weight: 14, arbitrary: fc.constant({}) },
        { weight: 5, arbitrary: headers },
        // A version that no lead reaches. Few routes read it, and each must be seen to reject it.
        { weight: 2, arbitrary: fc.constant({ 'if-match': '"77"' }) },
        { weight: 1, arbitrary: wrongKeys },
      ),
      body,
      fc.nat(),
      fc.nat(9),
    )
    .map(([ids, pairs, some_headers, text, at, cut]): GeneratedRequest => {
      let index = 0
      const address = path.replaceAll(/\{\w+\}/g, () => encoded(ids[index++] ?? '1') || '1')
      const parts = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      const target = parts.length === 0 ? address : `${address}?${parts.join('&')}`
      const cursor = names.includes('cursor') && cut < 4 ? { at, is_broken: cut === 0 } : undefined
      return { method: method.toUpperCase(), target, headers: some_headers, body: text, cursor }
    })
}

/** Generates requests for every operation with equal probability. */
export function anyRequest(): fc.Arbitrary<GeneratedRequest> {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, OperationObject>).map(([method, operation]) =>
      requestOf(method, path, operation),
    ),
  )
  return fc.oneof(...operations)
}
