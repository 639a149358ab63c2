import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { handler } from '@leads/functions/handlers/apify-webhook'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { beforeAll, expect, test } from 'vitest'

// A separate process, because the function keeps the queue that it opened first.
beforeAll(() => {
  // Port 9 (discard) has no server here.
  Object.assign(process.env, localAwsEnvironment('http://127.0.0.1:9'), {
    SYNC_QUEUE_URL: 'http://127.0.0.1:9/000000000000/nowhere',
    APIFY_WEBHOOK_SECRET: 'a-secret-of-at-least-16',
  })
})

test('answers 503 while the queue is unavailable, so that Apify sends the webhook again', async () => {
  const answer = await handler({
    headers: { 'x-webhook-secret': 'a-secret-of-at-least-16' },
    body: JSON.stringify({ eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: 'r1' } }),
    requestContext: { requestId: 'q1', http: { sourceIp: '127.0.0.1' } },
  } as unknown as APIGatewayProxyEventV2)
  expect(answer.statusCode).toBe(503)
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'unavailable', request_id: 'q1' })
})
