import { handler } from '@leads/functions/handlers/apify-webhook'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { afterEach, expect, test, vi } from 'vitest'
import { deviation } from '../api/document.ts'

/** A failure of the function itself is answered as the document says, so that Apify repeats the webhook. */

afterEach(() => vi.unstubAllEnvs())

const event = (headers: unknown): APIGatewayProxyEventV2 =>
  ({
    headers,
    body: '{"runId":"r1"}',
    requestContext: { requestId: 'q1', http: { method: 'POST', sourceIp: '127.0.0.1' } },
  }) as unknown as APIGatewayProxyEventV2

async function send(headers: unknown) {
  const { statusCode = 0, headers: sent = {}, body = '' } = await handler(event(headers))
  const answer = { status: statusCode, headers: sent as Record<string, string>, text: String(body) }
  const parsed = JSON.parse(answer.text) as Record<string, unknown>
  expect(deviation('POST', '/webhooks/apify', { ...answer, body: parsed })).toBe(null)
  return { ...answer, body: parsed }
}

test('missing settings are answered with 503 as a problem that names none of them', async () => {
  vi.stubEnv('APIFY_WEBHOOK_SECRET', undefined)
  vi.stubEnv('SYNC_QUEUE_URL', undefined)
  const { status, headers, body, text } = await send({})
  expect([status, body.code, body.request_id]).toEqual([503, 'unavailable', 'q1'])
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(headers['api-version']).toBe('1')
  expect(text).not.toMatch(/SYNC_QUEUE_URL|APIFY_WEBHOOK_SECRET/)
})

test('an unexpected error is answered with 500 as a problem without its message', async () => {
  vi.stubEnv('APIFY_WEBHOOK_SECRET', 'a-secret-of-at-least-16')
  vi.stubEnv('SYNC_QUEUE_URL', 'http://127.0.0.1:9/000000000000/nowhere')
  const { status, body, text } = await send(undefined)
  expect([status, body.code, body.request_id]).toEqual([500, 'internal', 'q1'])
  expect(text).not.toMatch(/undefined|authorization/)
})
