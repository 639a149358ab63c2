import type { Operation } from './http/operation.ts'
import { apiKeyOperations } from './operations/api-keys.ts'
import { companyOperations } from './operations/companies.ts'
import { type DocsContent, docsOperations } from './operations/docs.ts'
import { duplicateOperations } from './operations/duplicates.ts'
import { healthOperations } from './operations/health.ts'
import { importOperations } from './operations/imports.ts'
import { jobOperations } from './operations/jobs.ts'
import { leadFeedOperations } from './operations/lead-feeds.ts'
import { leadReadOperations } from './operations/read-leads.ts'
import { replayOperations } from './operations/replay.ts'
import { serviceOperations } from './operations/service.ts'
import { statsOperations } from './operations/stats.ts'
import { syncActionOperations } from './operations/sync-actions.ts'
import { syncOperations } from './operations/syncs.ts'
import { viewOperations } from './operations/views.ts'
import { leadWriteOperations } from './operations/write-leads.ts'
import type { FunctionName } from './runtime/manifest.ts'

const unavailable = () => Promise.reject(new Error('Only handlers/docs.ts serves the documentation.'))
/** This table describes the documentation's operations and does not run them. */
const describedOnly: DocsContent = { page_html: '', readDocument: unavailable, readFile: unavailable }

/** Every operation of the HTTP API. The handlers run them, the documentation describes them, the tests call them. */
export const operations: readonly Operation[] = [
  ...leadReadOperations,
  ...leadFeedOperations,
  ...leadWriteOperations,
  ...jobOperations,
  ...companyOperations,
  ...syncOperations,
  ...syncActionOperations,
  ...replayOperations,
  ...serviceOperations,
  ...importOperations,
  ...duplicateOperations,
  ...statsOperations,
  ...viewOperations,
  ...apiKeyOperations,
  ...healthOperations,
  ...docsOperations(describedOnly),
]

/** A route of the gateway and the function behind it. */
export interface Route {
  /** `GET` …, or `ANY`. */
  method: string
  /** As API Gateway writes it, or `$default`. */
  path: string
  function_name: FunctionName
}

const CONSOLE_PATHS = ['/', '/console', '/console/{proxy+}']

/** Not operations either: the console's files are no part of the API's documentation. */
const consoleRoutes: readonly Route[] = CONSOLE_PATHS.flatMap((path) => [
  { method: 'GET', path, function_name: 'console' },
  { method: 'HEAD', path, function_name: 'console' },
])

/**
 * The routes of the gateway: each operation, HEAD next to each GET, and ANY for each path, so that the function answers
 * OPTIONS and returns 405 for other methods. If two functions serve a path, the first one gets ANY (see `other_methods`).
 * The webhook is not an operation: it has its own secret and its own small function. Unknown paths go to `health`, the
 * smallest function.
 */
export const routes: readonly Route[] = buildGatewayRoutes(operations)

function buildGatewayRoutes(rows: readonly Operation[]): Route[] {
  const found: Route[] = [
    { method: 'POST', path: '/webhooks/apify', function_name: 'apify-webhook' },
    // Other methods are refused with 405 by the same function.
    { method: 'ANY', path: '/webhooks/apify', function_name: 'apify-webhook' },
    ...consoleRoutes,
  ]
  const paths = new Map<string, FunctionName>()
  for (const { method, path, function_name } of rows) {
    found.push({ method, path, function_name })
    if (method === 'GET') found.push({ method: 'HEAD', path, function_name })
    if (!paths.has(path)) paths.set(path, function_name)
  }
  for (const [path, function_name] of paths) found.push({ method: 'ANY', path, function_name })
  found.push({ method: 'ANY', path: '$default', function_name: 'health' })
  return found
}
