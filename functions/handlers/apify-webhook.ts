import { isUtf8 } from 'node:buffer'
import { parseWebhook } from '@leads/core/apify/parse-webhook'
import { readPresentedSecret, secretsMatch } from '@leads/core/apify/webhook-secret'
import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import { toProblemDocument } from '@leads/core/problem'
import { createSyncQueue, type SyncQueue } from '@leads/core/queue/sync-queue'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { toProblem } from '../http/problem-response.ts'
import { API_VERSION } from '../http/version.ts'
import { functionManifest } from '../runtime/manifest.ts'

/**
 * POST /webhooks/apify: reads the run id from Apify's webhook, queues it and responds. Uses neither database nor Apify,
 * because Apify expects a fast response. Apify repeats a request without a 2xx response up to eleven times in 32 hours:
 * only what a retry can fix, or what a user should see at Apify, is refused.
 *
 * 202 queued · 200 nothing to do (TEST, builds, unknown events) · 400 unreadable · 401 wrong secret · 405 not a POST ·
 * 503 queue unavailable or settings missing · 500 anything else
 */

let opened: { url: string; queue: SyncQueue } | undefined
const log = createLogger('apify-webhook')

/** The queue client is reused by later events. */
function open(): { secret: string; queue: SyncQueue } {
  const { APIFY_WEBHOOK_SECRET: secret, SYNC_QUEUE_URL: url } = readConfig(functionManifest['apify-webhook'].config)
  if (opened?.url !== url) opened = { url, queue: createSyncQueue(url) }
  return { secret, queue: opened.queue }
}

type Response = APIGatewayProxyStructuredResultV2

const respond = (
  statusCode: number,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Response => ({
  statusCode,
  headers: {
    ...headers,
    'content-type': statusCode < 400 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'api-version': API_VERSION,
    'x-content-type-options': 'nosniff',
  },
  body: JSON.stringify(body),
})

/** Apify stores our response with the dispatch: it names what to fix, and nothing else. */
const respondProblem = (status: number, code: string, title: string, detail: string, request_id: string): Response =>
  respond(status, { type: `urn:leads:problem:${code}`, code, title, status, detail, request_id })

export async function handler(event: APIGatewayProxyEventV2): Promise<Response> {
  try {
    return await receive(event)
  } catch (error) {
    return respondFailure(error, event.requestContext.requestId)
  }
}

/** Lambda's own response would not be a problem document. */
function respondFailure(error: unknown, request_id: string): Response {
  const problem = toProblem(error, undefined)
  log.error('A webhook failed; Apify will repeat it', { request_id, code: problem.code, error: error as Error })
  return respond(problem.status, toProblemDocument(problem, request_id))
}

async function receive(event: APIGatewayProxyEventV2): Promise<Response> {
  const request_id = event.requestContext.requestId
  const { method, sourceIp: source_ip } = event.requestContext.http
  if (method !== undefined && method !== 'POST') return respondMethodNotAllowed(request_id)
  const { secret, queue } = open()
  if (!secretsMatch(readPresentedSecret(event.headers, event.queryStringParameters), secret)) {
    log.warn('A webhook with a wrong secret was refused', { request_id, source_ip })
    const detail =
      'Set the headers template of the webhook at Apify to {"Authorization": "Bearer <your webhook secret>"}.'
    return respondProblem(401, 'unauthorized', 'The webhook secret is missing or wrong', detail, request_id)
  }
  const body = parseBody(event)
  if ('error' in body) return respondProblem(400, 'invalid_json', 'The body is not valid JSON', body.error, request_id)
  const request = parseWebhook(body.value)
  const dispatch_id = event.headers['x-apify-webhook-dispatch-id']
  if (request.kind === 'invalid')
    return respondProblem(400, 'invalid_request', 'The request is not valid', request.reason, request_id)
  if (request.kind === 'ignored') {
    log.info('A webhook without a run was ignored', { request_id, dispatch_id, reason: request.reason })
    return respond(200, { status: 'ignored', reason: request.reason })
  }
  return queueRun(queue, request.run_id, { request_id, dispatch_id })
}

async function queueRun(
  queue: SyncQueue,
  run_id: string,
  log_fields: { request_id: string; dispatch_id: string | undefined },
): Promise<Response> {
  try {
    await queue.send([run_id])
  } catch (error) {
    log.error('The queue did not accept a run; Apify will repeat the webhook', {
      ...log_fields,
      run_id,
      error: (error as Error).message,
    })
    const detail = 'The queue is unavailable. Send the same request again later.'
    return respondProblem(503, 'unavailable', 'Temporarily unavailable', detail, log_fields.request_id)
  }
  log.info('A run was queued', { ...log_fields, run_id })
  return respond(202, { status: 'queued', run_id })
}

/**
 * Parses the body as strict UTF-8; a byte order mark is allowed. API Gateway passes text bodies as a string in which
 * invalid bytes have become U+FFFD.
 */
function parseBody({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): { value: unknown } | { error: string } {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (!isUtf8(bytes) || body.includes('\ufffd')) return { error: 'The body is not valid UTF-8. Send it as UTF-8.' }
  try {
    return { value: JSON.parse(bytes.toString().replace(/^\ufeff/, '')) as unknown }
  } catch {
    return { error: "The body is not JSON. Check the webhook's payload template at Apify." }
  }
}

function respondMethodNotAllowed(request_id: string): Response {
  const code = 'method_not_allowed'
  const detail = 'Apify sends webhooks as POST. Enter this URL as the URL of a webhook; there is nothing to read here.'
  const body = { type: `urn:leads:problem:${code}`, code, title: 'Method not allowed', status: 405, detail, request_id }
  return respond(405, body, { allow: 'POST' })
}
