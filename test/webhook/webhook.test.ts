import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { parseWebhook } from '@leads/core/apify/parse-webhook'
import { readPresentedSecret } from '@leads/core/apify/webhook-secret'
import { handler as receive } from '@leads/functions/handlers/apify-webhook'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deviation } from '../api/document.ts'

const SECRET = 'a-secret-of-at-least-16'
const RUN = 'HG7ML7M8z78YcAPEB'

const succeeded = {
  userId: 'u1',
  createdAt: '2026-03-02T07:38:33.120Z',
  eventType: 'ACTOR.RUN.SUCCEEDED',
  eventData: { actorId: 'a1', actorRunId: RUN },
  resource: { id: RUN, actId: 'a1', status: 'SUCCEEDED' },
}

function event(
  body: string | undefined,
  headers: Record<string, string> = { authorization: `Bearer ${SECRET}` },
  method = 'POST',
) {
  return {
    version: '2.0',
    headers,
    body,
    isBase64Encoded: false,
    requestContext: { requestId: 'r1', http: { method, sourceIp: '127.0.0.1' } },
  } as unknown as APIGatewayProxyEventV2
}

/** Every response is compared with the OpenAPI document. */
async function handler(event: APIGatewayProxyEventV2) {
  const answer = await receive(event)
  const { statusCode: status = 0, headers = {}, body: text = '' } = answer
  const compared = { status, headers: headers as Record<string, string>, text, body: JSON.parse(text) as unknown }
  expect(deviation(event.requestContext.http.method, '/webhooks/apify', compared)).toBe(null)
  return answer
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

describe('apify-webhook', () => {
  beforeEach(async () => {
    while ((await queued()).length > 0);
  })

  test('a run event is answered with 202 once the run id is in the queue', async () => {
    const answer = await handler(event(JSON.stringify(succeeded)))
    expect(answer.statusCode).toBe(202)
    expect(JSON.parse(answer.body ?? '')).toEqual({ status: 'queued', run_id: RUN })
    expect(await queued()).toEqual([{ run_id: RUN }])
  })

  test('a base64 body is read', async () => {
    const encoded = { ...event(Buffer.from(JSON.stringify(succeeded)).toString('base64')), isBase64Encoded: true }
    expect((await handler(encoded)).statusCode).toBe(202)
  })

  test.each([
    ['TEST without a run', { eventType: 'TEST', eventData: null, resource: { joke: 'x' } }],
    ['a build', { eventType: 'ACTOR.BUILD.SUCCEEDED', eventData: { actorBuildId: 'b1' }, resource: { id: 'b1' } }],
    ['an unknown event', { eventType: 'ACTOR.SOMETHING', eventData: {} }],
  ])('%s is answered with 200 and queues nothing', async (_name, body) => {
    expect((await handler(event(JSON.stringify(body)))).statusCode).toBe(200)
    expect(await queued()).toEqual([])
  })

  test.each([
    ['no JSON', '{"eventType":'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['an event type that is not a string', '{"eventType":7}'],
    ['an empty object', '{}'],
    ['a literal template of objects', '{"eventType":"{{eventType}}","resource":"{{resource}}"}'],
    ['a literal template of ids', '{"runId":"{{resource.id}}"}'],
    ['a literal template of a run', '{"eventType":"MY.EVENT","run":"{{resource.id}}"}'],
    ['a nested literal template', '{"data":{"runId":"{{ resource.id }}"}}'],
  ])('%s is answered with 400 and queues nothing', async (_name, body) => {
    const answer = await handler(event(body))
    expect(answer.statusCode).toBe(400)
    expect(answer.headers?.['content-type']).toContain('application/problem+json')
    expect(await queued()).toEqual([])
  })

  test.each([
    ['an invalid run id', { eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: '../x' } }],
    ['a literal variable', { runId: '{{resource.id}}' }],
  ])('the 400 for %s contains a template that Apify fills', async (_name, body) => {
    const answer = await handler(event(JSON.stringify(body)))
    expect(answer.statusCode).toBe(400)
    const { detail } = JSON.parse(answer.body ?? '') as { detail: string }
    const template = /\{"runId": .*?\}\}\}/.exec(detail)?.[0]
    // Without string interpolation Apify replaces bare variables with JSON; in quotes they stay as they are.
    expect(template).toBe('{"runId": {{resource.id}}}')
    const filled = template?.replace('{{resource.id}}', JSON.stringify(RUN)) ?? ''
    expect((await handler(event(filled))).statusCode).toBe(202)
    expect(detail).toContain('string interpolation')
  })

  test.each([
    ['only the resource', { resource: { id: RUN, actId: 'a1', status: 'SUCCEEDED' } }],
    ['a run id and an event type of null', { runId: RUN, eventType: null, dataset: null }],
    ['the run itself', { id: RUN, actId: 'a1', defaultDatasetId: 'd1' }],
    ['a run id in another spelling', { event: 'x', Actor_Run_Id: RUN }],
    ['a run id and an unknown event type', { eventType: 'MY.EVENT', run_id: RUN }],
    ['a nested run', { run: { id: RUN } }],
    ['event data only', { eventData: { actorRunId: RUN } }],
    ['a TEST event with a past run', { eventType: 'TEST', eventData: null, resource: { id: RUN } }],
    [
      'a run under another key and an unknown event',
      { eventType: 'MY.EVENT', data: { id: RUN, defaultDatasetId: 'd' } },
    ],
    ['a run id deep inside and an unknown event', { eventType: 'MY.EVENT', payload: { meta: { runId: RUN } } }],
    ['a run in a list and an unknown event', { eventType: 'MY.EVENT', items: [{ actorRunId: RUN }] }],
    ['a run as a plain value and an unknown event', { eventType: 'MY.EVENT', run: RUN }],
    [
      'the address of a run in the console',
      { eventType: 'MY.EVENT', links: { run_url: `https://console.apify.com/actors/a1/runs/${RUN}#output` } },
    ],
    ['the address of a run in the API', { event: 'done', url: `https://api.apify.com/v2/actor-runs/${RUN}?x=1` }],
  ])('a body with %s is queued', async (_name, body) => {
    const answer = await handler(event(JSON.stringify(body)))
    expect([answer.statusCode, JSON.parse(answer.body ?? '')]).toEqual([202, { status: 'queued', run_id: RUN }])
    expect(await queued()).toEqual([{ run_id: RUN }])
  })

  test('a byte order mark before the body is accepted', async () => {
    const text = `\ufeff${JSON.stringify(succeeded)}`
    expect((await handler(event(text))).statusCode).toBe(202)
    const encoded = { ...event(Buffer.from(text).toString('base64')), isBase64Encoded: true }
    expect((await handler(encoded)).statusCode).toBe(202)
  })

  test('a body of invalid UTF-8 is refused, in base64 and as replaced characters', async () => {
    const bytes = Buffer.from(`{"runId":"${RUN}","name":"Ren\u00e9"}`, 'latin1')
    for (const body of [{ ...event(bytes.toString('base64')), isBase64Encoded: true }, event(bytes.toString('utf8'))]) {
      const answer = await handler(body)
      expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('not valid UTF-8')])
    }
    expect(await queued()).toEqual([])
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s is answered with 405 and what to do', async (method) => {
    const answer = await handler(event(undefined, {}, method))
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } })
    expect(answer.body).toContain('POST')
  })

  test.each([
    ['no header', {}],
    ['another secret', { authorization: 'Bearer another-secret-of-16' }],
    ['an empty secret', { authorization: 'Bearer ' }],
    ['the secret and more', { authorization: `Bearer ${SECRET}x` }],
  ])('%s is answered with 401 before the body is read', async (_name, headers) => {
    const answer = await handler(event('{', headers))
    expect(answer.statusCode).toBe(401)
    expect(answer.body).not.toContain(SECRET)
    expect(await queued()).toEqual([])
  })

  test('the secret is accepted in X-Webhook-Secret and in ?token=', async () => {
    expect((await handler(event(JSON.stringify(succeeded), { 'x-webhook-secret': SECRET }))).statusCode).toBe(202)
    const byToken = { ...event(JSON.stringify(succeeded), {}), queryStringParameters: { token: SECRET } }
    expect((await handler(byToken)).statusCode).toBe(202)
  })

  test('any posted text is answered with 200, 202 or 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        expect([200, 202, 400]).toContain((await handler(event(body))).statusCode)
      }),
      { numRuns: 150 },
    )
  })
})

describe('parseWebhook', () => {
  test('a custom template may name the run as runId or run_id', () => {
    expect(parseWebhook({ runId: RUN, runStatus: 'SUCCEEDED', myProp: 'x' })).toEqual({ kind: 'run', run_id: RUN })
    expect(parseWebhook({ run_id: RUN })).toEqual({ kind: 'run', run_id: RUN })
  })

  test('every run event names its run, ended or not', () => {
    for (const end of ['CREATED', 'SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT', 'RESURRECTED'])
      expect(parseWebhook({ ...succeeded, eventType: `ACTOR.RUN.${end}` })).toEqual({ kind: 'run', run_id: RUN })
  })

  const examples = resolve('../shared/apify/webhook-examples')
  test('every webhook example of the platform is read correctly', () => {
    if (!existsSync(examples)) {
      console.warn(`NOT TESTED: the platform's webhook examples are not next to the project (${examples}).`)
      return
    }
    for (const file of readdirSync(examples).filter((name) => /^\d.*\.json$/.test(name) && !name.startsWith('40'))) {
      const body = JSON.parse(readFileSync(resolve(examples, file), 'utf8')) as Record<string, unknown>
      const isRun = String(body.eventType ?? 'ACTOR.RUN').startsWith('ACTOR.RUN') || 'id' in Object(body.resource)
      const isBuild = String(body.eventType).startsWith('ACTOR.BUILD')
      expect([file, parseWebhook(body).kind]).toEqual([file, isRun && !isBuild ? 'run' : 'ignored'])
    }
  })
})

describe('readPresentedSecret', () => {
  test('the bearer header is preferred', () => {
    expect(readPresentedSecret({ authorization: 'bearer a', 'x-webhook-secret': 'b' }, { token: 'c' })).toBe('a')
    expect(readPresentedSecret({ 'x-webhook-secret': 'b' }, { token: 'c' })).toBe('b')
    expect(readPresentedSecret({}, { token: 'c' })).toBe('c')
    expect(readPresentedSecret({}, undefined)).toBeUndefined()
  })
})
