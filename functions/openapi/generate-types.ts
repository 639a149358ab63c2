/**
 * Generates TypeScript types from the OpenAPI document, in the shape that `openapi-fetch` expects. The common generator
 * needs the compiler's old API, which TypeScript 7 does not have. This API uses a small part of JSON Schema.
 */

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  description?: string
}
interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: Schema
}
type Content = Record<string, { schema?: Schema }>
interface OperationObject {
  summary?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { content?: Content }>
}
interface Document {
  paths?: Record<string, Record<string, OperationObject>>
  components?: { schemas?: Record<string, Schema> }
}

const quoted = (name: string): string => (/^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name))

function typeOf(schema: Schema | undefined): string {
  if (!schema) return 'unknown'
  if (schema.$ref) return `components['schemas']['${schema.$ref.split('/').at(-1)}']`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice)))].join(' | ')
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ')
  const type = schema.type ?? ''
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'array':
      return `(${typeOf(schema.items)})[]`
    case 'object':
      return objectType(schema)
    default:
      return 'unknown'
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${quoted(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  if (typeof additionalProperties === 'object' && fields.length === 0)
    return `{ [name: string]: ${typeOf(additionalProperties)} }`
  return fields.length === 0 ? '{ [name: string]: unknown }' : `{ ${fields.join('; ')} }`
}

function parametersType(parameters: readonly Parameter[]): string {
  const kinds = (['path', 'query', 'header'] as const).map((kind) => {
    const fields = parameters
      .filter((parameter) => parameter.in === kind)
      .map(({ name, required, schema }) => `${quoted(name)}${required ? '' : '?'}: ${typeOf(schema)}`)
    return fields.length === 0 ? `${kind}?: never` : `${kind}${kind === 'path' ? '' : '?'}: { ${fields.join('; ')} }`
  })
  return `{ ${kinds.join('; ')}; cookie?: never }`
}

const contentType = (content: Content): string =>
  `{ ${Object.entries(content)
    .map(([type, { schema }]) => `${JSON.stringify(type)}: ${typeOf(schema)}`)
    .join('; ')} }`

function operationType({ parameters = [], requestBody, responses }: OperationObject): string {
  const body = requestBody
    ? `requestBody${requestBody.required ? '' : '?'}: { content: ${contentType(requestBody.content)} }`
    : 'requestBody?: never'
  const answers = Object.entries(responses).map(
    ([status, { content }]) =>
      `    ${status}: { headers: { [name: string]: unknown }; content${content ? `: ${contentType(content)}` : '?: never'} }`,
  )
  return `{\n  parameters: ${parametersType(parameters)}\n  ${body}\n  responses: {\n${answers.join('\n')}\n  }\n}`
}

/** Generates the module `paths.ts`, for `createClient<paths>({ baseUrl })`. */
export function generateTypes(given: object): string {
  const { paths = {}, components = {} } = given as Document
  const schemas = Object.entries(components.schemas ?? {}).map(([name, schema]) => `    ${name}: ${typeOf(schema)}`)
  const routes = Object.entries(paths).map(([path, item]) => {
    const operations = Object.entries(item).map(
      ([method, operation]) => `/** ${operation.summary ?? ''} */\n${method}: ${operationType(operation)}`,
    )
    return `  ${JSON.stringify(path)}: {\n${operations.join('\n').replaceAll(/^/gm, '    ')}\n  }`
  })
  return `// Generated from the OpenAPI document of the Leads API. Do not edit.
export interface components {
  schemas: {
${schemas.join('\n')}
  }
}

export interface paths {
${routes.join('\n')}
}
`
}
