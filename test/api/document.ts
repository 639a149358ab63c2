import { buildOpenApiDocument } from '@leads/functions/openapi/document'
import { operations } from '@leads/functions/routes'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** The API's OpenAPI document, and a validator that compares responses with it. */
export const document = buildOpenApiDocument(operations)

interface ResponseObject {
  content?: Record<string, { schema?: object }>
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
// The plug-in is a CommonJS module whose default export Node wraps.
;(addFormats as unknown as { default: (ajv: Ajv2020) => void }).default(ajv)
/** Clients must accept new fields, but a response with a field that the document does not describe is a mistake here. */
function close(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map(close)
  const closed = Object.fromEntries(Object.entries(node).map(([key, child]) => [key, close(child)]))
  const isObject = 'properties' in closed && !('additionalProperties' in closed)
  return isObject ? { ...closed, additionalProperties: false } : closed
}

ajv.addSchema({ $id: 'leads', components: close(document.components) })
const validators = new Map<string, ValidateFunction>()

/** Rewrites local references of the document to the validator's copy. */
const rebased = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"leads#/components/'))

export interface ComparedAnswer {
  status: number
  headers: Record<string, string | string[]>
  text: string
  body: unknown
}

/** Describes how a response deviates from the document; null if it does not. */
export function deviation(method: string, path: string, answer: ComparedAnswer): string | null {
  if (method === 'HEAD' || method === 'OPTIONS') return null
  const item = document.paths?.[path] as Record<string, { responses: Record<string, ResponseObject> }> | undefined
  const operation = item?.[method.toLowerCase()]
  // Not an operation: 404 and 405 of the gateway's ANY routes are problems, too.
  if (!operation) return answer.status === 404 || answer.status === 405 ? null : `${method} ${path} is no operation`
  const response = operation.responses[answer.status]
  if (!response) return `${method} ${path} answered ${answer.status}, which the document does not name: ${answer.text}`
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (!response.content) return answer.text === '' ? null : `${method} ${path} ${answer.status} has a body`
  const content = response.content[type]
  if (!content) return `${method} ${path} ${answer.status} came as ${type}, not ${Object.keys(response.content)}`
  if (answer.body === undefined || !content.schema) return null
  const key = `${method} ${path} ${answer.status} ${type}`
  let validate = validators.get(key)
  if (!validate) {
    validate = ajv.compile(rebased(close(content.schema) as object))
    validators.set(key, validate)
  }
  if (validate(answer.body)) return null
  return `${key}: ${ajv.errorsText(validate.errors?.slice(0, 5))} in ${answer.text.slice(0, 500)}`
}

interface MediaObject {
  schema?: object
  example?: unknown
}

/** Names the bodies and JSON responses without an example, and the examples that their schema refuses. */
export function findExampleProblems(): string[] {
  const problems: string[] = []
  const check = (name: string, type: string, { schema, example }: MediaObject): void => {
    if (!type.endsWith('json') || name.startsWith('getOpenApi')) return
    const validate = ajv.compile(rebased(close(schema) as object))
    if (example === undefined) problems.push(`${name} has no example`)
    else if (!validate(example)) problems.push(`${name}: ${ajv.errorsText(validate.errors)}`)
  }
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item as Record<string, ExampleOperation>)) {
      const { operationId, requestBody, responses } = operation
      for (const [type, media] of Object.entries(requestBody?.content ?? {})) check(`${operationId} body`, type, media)
      for (const [status, { content = {} }] of Object.entries(responses))
        if (status < '300')
          for (const [type, media] of Object.entries(content)) check(`${operationId} ${status}`, type, media)
    }
  }
  return problems
}

interface ExampleOperation {
  operationId: string
  requestBody?: { content: Record<string, MediaObject> }
  responses: Record<string, { content?: Record<string, MediaObject> }>
}
