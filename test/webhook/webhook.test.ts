import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { parseWebhook } from '@leads/core/apify/parse-webhook'
import { readPresentedSecret } from '@leads/core/apify/webhook-secret'
import { handler } from '@leads/functions/handlers/apify-webhook'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const SECRET = 'a-secret-of-at-least-16'
const RUN = 'HG7ML7M8z78YcAPEB'

const succeeded = {
  userId: 'u1',
  createdAt: '2026-03-02T07:38:33.120Z',
  eventType: 'ACTOR.RUN.SUCCEEDED',
  eventData: { actorId: 'a1', actorRunId: RUN },
  resource: { id: RUN, actId: 'a1', status: 'SUCCEEDED' },
}

function event(body: string | undefined, headers: Record<string, string> = { authorization: `Bearer ${SECRET}` }) {
  return {
    version: '2.0',
    headers,
    body,
    isBase64Encoded: false,
    requestContext: { requestId: 'r1', http: { sourceIp: '127.0.0.1' } },
  } as unknown as APIGatewayProxyEventV2
}

let queue: QueueServer
beforeAll(async () => {
  queue = await startQueueServer({ queue_name: `webhook-${process.pid}` })
  Object.assign(process.env, localAwsEnvironment(queue.endpoint), {
    SYNC_QUEUE_URL: queue.queue_url,
    APIFY_WEBHOOK_SECRET: SECRET,
  })
})
afterAll(() => queue.close())

async function queued(): Promise<unknown[]> {
  const client = createLocalSqsClient(queue.endpoint)
  const answer = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queue.queue_url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  )
  return (answer.Messages ?? []).map(({ Body }) => JSON.parse(Body ?? 'null') as unknown)
}

describe('the webhook function', () => {
  beforeEach(async () => {
    while ((await queued()).length > 0);
  })

  test('answers 202 once the run is in the queue, and puts nothing but its id there', async () => {
    const answer = await handler(event(JSON.stringify(succeeded)))
    expect(answer.statusCode).toBe(202)
    expect(JSON.parse(answer.body ?? '')).toEqual({ status: 'queued', run_id: RUN })
    expect(await queued()).toEqual([{ run_id: RUN }])
  })

  test('reads a base64 body as API Gateway may send it', async () => {
    const encoded = { ...event(Buffer.from(JSON.stringify(succeeded)).toString('base64')), isBase64Encoded: true }
    expect((await handler(encoded)).statusCode).toBe(202)
  })

  test.each([
    ['TEST without a run', { eventType: 'TEST', eventData: null, resource: { joke: 'x' } }],
    ['TEST with a past run', { eventType: 'TEST', eventData: null, resource: { id: RUN } }],
    ['a build', { eventType: 'ACTOR.BUILD.SUCCEEDED', eventData: { actorBuildId: 'b1' }, resource: { id: 'b1' } }],
    ['an event of the future', { eventType: 'ACTOR.SOMETHING', eventData: {} }],
    ['an event type that is no text', { eventType: 7 }],
    ['a body that names nothing', {}],
  ])('answers 200 to %s and queues nothing', async (_name, body) => {
    expect((await handler(event(JSON.stringify(body)))).statusCode).toBe(200)
    expect(await queued()).toEqual([])
  })

  test.each([
    ['no JSON', '{"eventType":'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
  ])('answers 400 to %s and queues nothing', async (_name, body) => {
    const answer = await handler(event(body))
    expect(answer.statusCode).toBe(400)
    expect(answer.headers?.['content-type']).toContain('application/problem+json')
    expect(await queued()).toEqual([])
  })

  test('answers 400 to a run event without a usable run id, and says how to mend the template', async () => {
    const answer = await handler(
      event(JSON.stringify({ eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: '../x' } })),
    )
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('payload template')
  })

  test.each([
    ['no header', {}],
    ['another secret', { authorization: 'Bearer another-secret-of-16' }],
    ['an empty secret', { authorization: 'Bearer ' }],
    ['the secret and more', { authorization: `Bearer ${SECRET}x` }],
  ])('answers 401 to %s without looking at the body', async (_name, headers) => {
    const answer = await handler(event('{', headers))
    expect(answer.statusCode).toBe(401)
    expect(answer.body).not.toContain(SECRET)
    expect(await queued()).toEqual([])
  })

  test('takes the secret from a header of its own or, where no header can be set, from ?token=', async () => {
    expect((await handler(event(JSON.stringify(succeeded), { 'x-webhook-secret': SECRET }))).statusCode).toBe(202)
    const byToken = { ...event(JSON.stringify(succeeded), {}), queryStringParameters: { token: SECRET } }
    expect((await handler(byToken)).statusCode).toBe(202)
  })

  test('answers whatever is posted with 200, 202 or 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        expect([200, 202, 400]).toContain((await handler(event(body))).statusCode)
      }),
      { numRuns: 150 },
    )
  })
})

describe('what a webhook names', () => {
  test('is understood in templates of one’s own', () => {
    expect(parseWebhook({ runId: RUN, runStatus: 'SUCCEEDED', myProp: 'x' })).toEqual({ kind: 'run', run_id: RUN })
    expect(parseWebhook({ run_id: RUN })).toEqual({ kind: 'run', run_id: RUN })
  })

  test('is a run for every run event, ended or not', () => {
    for (const end of ['CREATED', 'SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT', 'RESURRECTED'])
      expect(parseWebhook({ ...succeeded, eventType: `ACTOR.RUN.${end}` })).toEqual({ kind: 'run', run_id: RUN })
  })

  const examples = resolve('../shared/apify/webhook-examples')
  test('is right for every example of the platform', () => {
    if (!existsSync(examples)) {
      console.warn(`NOT TESTED: the platform's webhook examples are not beside the project (${examples}).`)
      return
    }
    for (const file of readdirSync(examples).filter((name) => /^\d.*\.json$/.test(name) && !name.startsWith('40'))) {
      const body = JSON.parse(readFileSync(resolve(examples, file), 'utf8')) as Record<string, unknown>
      const isRun = String(body.eventType ?? 'ACTOR.RUN').startsWith('ACTOR.RUN')
      expect([file, parseWebhook(body).kind]).toEqual([file, isRun ? 'run' : 'ignored'])
    }
  })
})

describe('the presented secret', () => {
  test('is read from the bearer header first', () => {
    expect(readPresentedSecret({ authorization: 'bearer a', 'x-webhook-secret': 'b' }, { token: 'c' })).toBe('a')
    expect(readPresentedSecret({ 'x-webhook-secret': 'b' }, { token: 'c' })).toBe('b')
    expect(readPresentedSecret({}, { token: 'c' })).toBe('c')
    expect(readPresentedSecret({}, undefined)).toBeUndefined()
  })
})
