import { lazily } from '@leads/core/model/lazily'
import { type ProblemCode, problemCodes } from '@leads/core/problem'
import * as z from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import type { Operation } from '../http/operation.ts'
import { PRODUCT_VERSION } from '../http/version.ts'
import { describeWebhook, WEBHOOK_PATH, webhookCodes, webhookSecuritySchemes, webhookTag } from './webhook.ts'

/** Generates the OpenAPI document from the table of operations, with the schemas that validate requests. */

const FieldProblem = lazily(() =>
  z.object({
    detail: z.string(),
    pointer: z.string().optional().meta({ description: 'Location in the body (RFC 6901).' }),
    parameter: z.string().optional().meta({ description: 'Name of the query or path parameter.' }),
    header: z.string().optional(),
  }),
)

const ProblemDocument = lazily(() =>
  z
    .looseObject({
      type: z.string().meta({ description: 'A stable URN of the code.' }),
      title: z.string(),
      status: z.int(),
      code: z.enum(Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]]),
      detail: z.string(),
      request_id: z.string().optional().meta({ description: 'Id of the request in the log.' }),
      errors: z.array(FieldProblem()).optional(),
      existing: z
        .object({ id: z.int(), href: z.string(), is_deleted: z.boolean() })
        .optional()
        .meta({ description: 'The resource that already exists.' }),
    })
    .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' }),
)

const introduction = `
Leads, their companies and history, and the syncs and imports that create them.

**Keys.** Send \`Authorization: Bearer lk_…\`. A key has the scope \`read\`, \`write\` or \`admin\`; each includes the previous one.

**Lists** return pages: pass \`next_cursor\` as \`cursor\`. Filters are \`column=value\`, or \`column=operator:value\` with
\`eq\`, \`not\`, \`prefix\`, \`in\` (\`in:India,Nepal\`), \`gt\`, \`gte\`, \`lt\`, \`lte\`, \`is\` (\`is:null\`, \`is:not_null\`), \`has\` (tags). A repeated
parameter means that all must match.

**Changes.** Send the \`ETag\` of a response as \`If-Match\` to avoid overwriting changes of other clients (412). Send an
\`Idempotency-Key\` with a POST so that a repeated request takes effect once.

**Versions.** Every response has the header \`api-version\`. Additions keep it: accept unknown fields. Deprecated parameters are
answered with \`Deprecation\` and \`Sunset\`.

**Sizes.** Pages end at 4 MB and may be shorter than \`limit\`. A larger single value is null and named in \`omitted_fields\`.

**Limits.** \`RateLimit\` states the remaining requests of a key; 429 comes with \`Retry-After\`.

**Errors** are \`application/problem+json\` with a stable \`code\` and a \`request_id\`.
`.trim()

const tagDescriptions: Readonly<Record<string, string>> = {
  Leads: 'People and companies to contact, their history and their sources.',
  Jobs: 'Changes of all leads that match a filter.',
  Companies: 'The companies of leads.',
  Syncs: 'Imports of Apify runs, and the items that did not become leads.',
  Imports: 'Files that became leads.',
  Duplicates: 'Pairs of leads that may be one, merges and identities.',
  Stats: 'Counts and series.',
  Views: 'Saved filters and columns of lists.',
  'API keys': 'Keys of clients; needs scope admin.',
  Service: 'Health, diagnosis, documentation and the key of the request.',
}

/** Returns the problems of an operation: those that it names, and those of its kind. */
function codesOf(operation: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>(operation.errors)
  if (operation.scope !== null) for (const code of ['unauthorized', 'insufficient_scope'] as const) codes.add(code)
  // Unknown query parameters are rejected even by operations without parameters.
  codes.add('unknown_parameter')
  if (operation.params || operation.query || operation.headers) codes.add('invalid_request')
  if (operation.body)
    for (const code of ['invalid_json', 'too_large', 'unsupported_media_type', 'validation_failed'] as const)
      codes.add(code)
  if (operation.headers?.['Idempotency-Key'])
    for (const code of ['idempotency_in_progress', 'idempotency_mismatch'] as const) codes.add(code)
  if (operation.method !== 'GET') codes.add('conflict')
  if (operation.scope !== null) codes.add('response_too_large')
  for (const code of ['rate_limited', 'internal', 'unavailable'] as const) codes.add(code)
  return [...codes]
}

function problemResponses(every_code: readonly ProblemCode[]): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy(every_code, (code) => problemCodes[code].status)
  const responses: ZodOpenApiOperationObject['responses'] = {}
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[`${status}` as '400'] = {
      description: codes.map((code) => `\`${code}\`: ${problemCodes[code].title}.`).join('\n\n'),
      content: {
        'application/problem+json': {
          schema: ProblemDocument(),
          examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
      },
    }
  }
  return responses
}

function answerResponses(operation: Operation): ZodOpenApiOperationObject['responses'] {
  const responses: ZodOpenApiOperationObject['responses'] = {}
  for (const [status, answer] of Object.entries(operation.answers)) {
    const { example } = answer
    const content = Object.entries(answer.content ?? {}).map(([type, schema]) => [
      type,
      { schema, ...(example !== undefined && { example }) },
    ])
    const headers = Object.entries(answer.headers ?? {}).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ])
    responses[status as '200'] = {
      description: answer.description,
      ...(content.length > 0 && { content: Object.fromEntries(content) }),
      ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    }
  }
  return responses
}

function toOpenApiOperation(operation: Operation): ZodOpenApiOperationObject {
  const headers = Object.entries(operation.headers ?? {}).map(([name, description]) => [
    name,
    z.string().max(1000).optional().meta({ description }),
  ])
  const accepts = operation.accepts ?? ['application/json']
  return {
    operationId: operation.operation_id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description && { description: operation.description }),
    ...(operation.scope === null ? { security: [] } : { 'x-scope': operation.scope }),
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...(headers.length > 0 && { header: z.object(Object.fromEntries(headers)) }),
    },
    ...(operation.body && {
      requestBody: {
        required: !operation.is_body_optional,
        content: Object.fromEntries(
          accepts
            .map((type): [string, object] => [
              type,
              { schema: operation.body, ...(operation.example !== undefined && { example: operation.example }) },
            ])
            .concat(
              Object.entries(operation.file_body?.types ?? {}).map(([type, example]) => [
                type,
                { schema: FileContent(), ...(example !== undefined && { example }) },
              ]),
            ),
        ),
      },
    }),
    responses: { ...answerResponses(operation), ...problemResponses(codesOf(operation)) },
  } as ZodOpenApiOperationObject
}

/** The bytes of a file as the body of a request. */
const FileContent = lazily(() => z.string().meta({ format: 'binary', description: 'The file itself.' }))

function problemExamples(operations: readonly Operation[]) {
  const used = new Set<string>([...operations.flatMap(codesOf), ...webhookCodes])
  const codes = Object.entries(problemCodes).filter(([code]) => used.has(code))
  const examples = codes.map(([code, { status, title }]) => [
    code,
    {
      summary: title,
      value: { type: `urn:leads:problem:${code}`, title, status, code, detail: title, request_id: 'JKJaXmPLvHcESHA=' },
    },
  ])
  return Object.fromEntries(examples)
}

/** The schema of any JSON value refers to itself and gets a generated name. Gives it a proper name and description. */
function nameJsonValue(document: OpenApiDocument): OpenApiDocument {
  const named = JSON.parse(JSON.stringify(document).replaceAll(/__schema\d+/g, 'JsonValue')) as OpenApiDocument
  const schemas = named.components?.schemas
  if (schemas?.JsonValue) schemas.JsonValue = { description: 'Any JSON value.' }
  return named
}

type Node = Record<string, unknown>

/**
 * Opens the objects of responses: clients must accept fields that a later version adds. Schemas of request bodies stay
 * closed, because unknown fields are rejected.
 */
function openResponses(document: OpenApiDocument): OpenApiDocument {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Node>
  const closed = new Set<string>()
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { $ref } = node as { $ref?: unknown }
    const name = typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? '') : ''
    if (name !== '' && !closed.has(name)) {
      closed.add(name)
      collect(schemas[name])
    }
    for (const child of Object.values(node)) collect(child)
  }
  const open = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ((node as Node).additionalProperties === false) delete (node as Node).additionalProperties
    for (const child of Object.values(node)) open(child)
  }
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item as Node) as Node[])
  for (const { requestBody } of operations) collect(requestBody)
  for (const { responses } of operations) open(responses)
  for (const [name, schema] of Object.entries(schemas)) if (!closed.has(name)) open(schema)
  return document
}

export type OpenApiDocument = ReturnType<typeof createDocument>

/** Builds the document of these operations and of the webhook. */
export function buildOpenApiDocument(operations: readonly Operation[]): OpenApiDocument {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const operation of operations) {
    const path = paths[operation.path] ?? {}
    path[operation.method.toLowerCase()] = toOpenApiOperation(operation)
    paths[operation.path] = path
  }
  paths[WEBHOOK_PATH] = { post: describeWebhook(problemResponses(webhookCodes)) }
  const document = createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Leads API',
      version: PRODUCT_VERSION,
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }, { header: [] }],
    tags: [
      ...[...new Set(operations.map(({ tag }) => tag))].map((name) => ({
        name,
        description: tagDescriptions[name] ?? name,
      })),
      webhookTag,
    ],
    paths: paths as ZodOpenApiPathsObject,
    components: {
      examples: problemExamples(operations),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, `lk_…`.' },
        header: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key in another header.' },
        ...webhookSecuritySchemes,
      },
    },
  })
  return openResponses(nameJsonValue(document))
}
