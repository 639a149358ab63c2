import { Problem } from '@leads/core/problem'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'

/** What the documentation consists of. Passed in, because generating it reads the table of all operations. */
export interface DocsContent {
  page_html: string
  /** Returns the OpenAPI document as JSON text. */
  readDocument(): Promise<string>
  /** Returns null for a name that the page does not use. */
  readFile(name: string): Promise<{ body: string | Uint8Array; content_type: string } | null>
}

/** The page runs its own scripts and calls only this API. Swagger UI sets its colors in inline styles. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const cached = { 'cache-control': 'public, max-age=300' }

export const docsOperations = (content: DocsContent): readonly Operation[] => [
  openApiOperation(content),
  docsPageOperation(content),
  docsFileOperation(content),
]

const openApiOperation = (content: DocsContent): Operation =>
  defineOperation('docs', {
    method: 'GET',
    path: '/openapi.json',
    operation_id: 'getOpenApi',
    tag: 'Service',
    summary: 'Get the OpenAPI document',
    description: 'OpenAPI 3.1, generated from the schemas that validate requests.',
    scope: null,
    get answers() {
      return {
        200: { description: 'The document.', content: { 'application/json': z.record(z.string(), z.unknown()) } },
      }
    },
    async handle() {
      return {
        status: 200,
        body: await content.readDocument(),
        headers: { ...cached, 'content-type': 'application/json' },
      }
    },
  })

const docsPageOperation = (content: DocsContent): Operation =>
  defineOperation('docs', {
    method: 'GET',
    path: '/docs',
    operation_id: 'getDocs',
    tag: 'Service',
    summary: 'Get the documentation page',
    scope: null,
    get answers() {
      return { 200: { description: 'The page.', content: { 'text/html': z.string() } } }
    },
    async handle() {
      const headers = { ...cached, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY }
      return { status: 200, body: content.page_html, headers }
    },
  })

const docsFileOperation = (content: DocsContent): Operation =>
  defineOperation('docs', {
    method: 'GET',
    path: '/docs/{file}',
    operation_id: 'getDocsFile',
    tag: 'Service',
    summary: 'Get a file of the documentation page',
    description: '`paths.ts` contains the TypeScript types of this API for `createClient<paths>()` of openapi-fetch.',
    scope: null,
    get params() {
      return z.object({ file: z.string().max(100) })
    },
    get answers() {
      return {
        200: {
          description: 'The file.',
          content: {
            'text/css': z.string(),
            'text/javascript': z.string(),
            'text/plain': z.string(),
            'image/png': z.string(),
          },
        },
      }
    },
    errors: ['not_found'],
    async handle(call) {
      const file = await content.readFile(call.params.file)
      if (!file) throw new Problem('not_found', 'The documentation page has no such file.')
      return { status: 200, body: file.body, headers: { ...cached, 'content-type': file.content_type } }
    },
  })
