import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { requestSqs } from '@leads/core/queue/sqs-request'
import { openSyncQueue } from '@leads/core/queue/sync-queue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

interface Asked {
  headers: IncomingHttpHeaders
  body: string
}

const queue_url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/sync'
let server: Server
let asked: Asked[]
/** Answers in turn; the last one stays. */
let answers: { status: number; body: unknown }[]

beforeEach(async () => {
  asked = []
  answers = [{ status: 200, body: { Successful: [{ Id: '0' }] } }]
  server = createServer((request, response) => {
    const answerIt = (body: string) => {
      asked.push({ headers: request.headers, body })
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500, body: {} }
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(JSON.stringify(answer.body))
    }
    text(request).then(answerIt, (error: Error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', `http://127.0.0.1:${port}`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret/key')
  vi.stubEnv('AWS_SESSION_TOKEN', 'session+token')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/** The signature that AWS computes of a request as it came, by the four steps of its documentation. */
function expectedSignature({ headers, body }: Asked, secret: string): string {
  const { scope = '', signed = '' } =
    /Credential=AKIDEXAMPLE\/(?<scope>[^,]+), SignedHeaders=(?<signed>[^,]+),/.exec(headers.authorization ?? '')
      ?.groups ?? {}
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const canonical = ['POST', '/', '', lines.join(''), signed, sha256(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const [date = '', region = '', service = '', end = ''] = scope.split('/')
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), end)
  return hmac(key, toSign).toString('hex')
}

it('signs each request as AWS checks it: for the region of the queue, with the token of a Lambda function', async () => {
  await openSyncQueue(queue_url).send(['rün-1'], { delay_s: 30 })
  const [request] = asked as [Asked]
  expect(JSON.parse(request.body)).toEqual({
    QueueUrl: queue_url,
    Entries: [{ Id: '0', MessageBody: '{"run_id":"rün-1"}', DelaySeconds: 30 }],
  })
  const { headers } = request
  expect(headers['x-amz-target']).toBe('AmazonSQS.SendMessageBatch')
  expect(headers['x-amz-security-token']).toBe('session+token')
  expect(headers.authorization).toMatch(/\/eu-central-1\/sqs\/aws4_request/)
  for (const name of ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'])
    expect(/SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';')).toContain(name)
  expect(headers.authorization).toContain(`Signature=${expectedSignature(request, 'secret/key')}`)
})

it('sends ten runs a request, and throws when the queue refuses one of them', async () => {
  const run_ids = Array.from({ length: 23 }, (_, index) => `run-${index}`)
  await openSyncQueue(queue_url).send(run_ids)
  const sent = asked.map(({ body }) => (JSON.parse(body) as { Entries: { MessageBody: string }[] }).Entries)
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 3])
  expect(sent.flat().map(({ MessageBody }) => JSON.parse(MessageBody).run_id)).toEqual(run_ids)

  answers = [{ status: 200, body: { Failed: [{ Id: '0', Code: 'InternalError', Message: 'not now' }] } }]
  await expect(openSyncQueue(queue_url).send(['r'])).rejects.toThrow('refused 1 of 1 runs: not now')
})

it('tries again what may pass, and no more than three times', async () => {
  const away = { status: 503, body: { __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'away' } }
  const throttled = { status: 400, body: { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'slower' } }
  answers = [away, throttled, { status: 200, body: { ok: true } }]
  await expect(requestSqs('GetQueueAttributes', { QueueUrl: queue_url })).resolves.toEqual({ ok: true })
  expect(asked).toHaveLength(3)

  answers = [away]
  await expect(requestSqs('GetQueueAttributes', { QueueUrl: queue_url })).rejects.toThrow('ServiceUnavailable: away')
  expect(asked).toHaveLength(6)
})

it('does not repeat what SQS refuses, and says why', async () => {
  const __type = 'com.amazonaws.sqs#QueueDoesNotExist'
  answers = [{ status: 400, body: { __type, message: 'The specified queue does not exist.' } }]
  await expect(requestSqs('SendMessage', { QueueUrl: queue_url })).rejects.toMatchObject({
    code: 'QueueDoesNotExist',
    message: 'QueueDoesNotExist: The specified queue does not exist.',
  })
  expect(asked).toHaveLength(1)
})
