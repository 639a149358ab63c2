import { parseWebhook } from '@leads/core/apify/parse-webhook'
import { readPresentedSecret, secretsMatch } from '@leads/core/apify/webhook-secret'
import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import { createSyncQueue, type SyncQueue } from '@leads/core/queue/sync-queue'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { functionManifest } from '../runtime/manifest.ts'

/**
 * POST /webhooks/apify: takes the run id out of Apify's webhook, queues it, answers. No database, no look at Apify:
 * Apify wants an answer at once and repeats what gets none. Anything but 2xx buys up to eleven repeats over 32 hours, so
 * only what a repeat can mend, or a person should see at Apify, is refused.
 *
 * 202 queued · 200 nothing to do (TEST, builds, unknown events) · 400 unreadable · 401 wrong secret · 503 queue away
 */

let opened: { url: string; queue: SyncQueue } | undefined
const log = createLogger('apify-webhook')

/** The queue's client is kept for the next events. */
function open(): { secret: string; queue: SyncQueue } {
  const { APIFY_WEBHOOK_SECRET: secret, SYNC_QUEUE_URL: url } = readConfig(functionManifest['apify-webhook'].config)
  if (opened?.url !== url) opened = { url, queue: createSyncQueue(url) }
  return { secret, queue: opened.queue }
}

type Answer = APIGatewayProxyStructuredResultV2

const answer = (statusCode: number, body: Record<string, unknown>): Answer => ({
  statusCode,
  headers: {
    'content-type': statusCode < 400 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  },
  body: JSON.stringify(body),
})

/** Apify keeps what we answer with the dispatch, so it says what to mend and nothing else. */
const problem = (status: number, code: string, title: string, detail: string, request_id: string): Answer =>
  answer(status, { type: `urn:leads:problem:${code}`, code, title, status, detail, request_id })

export async function handler(event: APIGatewayProxyEventV2): Promise<Answer> {
  const request_id = event.requestContext.requestId
  const { secret, queue } = open()
  if (!secretsMatch(readPresentedSecret(event.headers, event.queryStringParameters), secret)) {
    log.warn('A webhook with a wrong secret was refused', { request_id, source_ip: event.requestContext.http.sourceIp })
    const detail =
      'Set the headers template of the webhook at Apify to {"Authorization": "Bearer <your webhook secret>"}.'
    return problem(401, 'unauthorized', 'The webhook secret is missing or wrong', detail, request_id)
  }

  let body: unknown
  try {
    body = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? ''))
  } catch {
    const detail = "The body is not JSON. Check the webhook's payload template at Apify."
    return problem(400, 'invalid_json', 'The body is not valid JSON', detail, request_id)
  }

  const request = parseWebhook(body)
  const dispatch_id = event.headers['x-apify-webhook-dispatch-id']
  if (request.kind === 'invalid')
    return problem(400, 'invalid_request', 'The request is not valid', request.reason, request_id)
  if (request.kind === 'ignored') {
    log.info('A webhook asked for nothing', { request_id, dispatch_id, reason: request.reason })
    return answer(200, { status: 'ignored', reason: request.reason })
  }

  const { run_id } = request
  try {
    await queue.send([run_id])
  } catch (error) {
    log.error('The queue did not take a run; Apify will repeat the webhook', {
      request_id,
      dispatch_id,
      run_id,
      error: (error as Error).message,
    })
    const detail = 'The queue cannot be reached at the moment. The same request can be sent again.'
    return problem(503, 'unavailable', 'Not available at the moment', detail, request_id)
  }
  log.info('A run was queued', { request_id, dispatch_id, run_id })
  return answer(202, { status: 'queued', run_id })
}
