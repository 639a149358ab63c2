import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import aws4, { type Credentials } from 'aws4'

/**
 * One request of SQS's JSON protocol, signed. The AWS SDK would do the same with 190 KB of code, two thirds of the
 * webhook's bundle, and 77 ms of its first answer, where this takes 20.
 */

const attempts_max = 3
/** Three attempts fit into the ten seconds that the webhook has. */
const attempt_ms_max = 3_000
const pause_ms = 50

/** SQS refused the request. `code` is its own: `QueueDoesNotExist`, `AccessDenied`, … */
export class QueueError extends Error {
  readonly code: string
  readonly is_transient: boolean

  constructor(code: string, message: string, is_transient: boolean) {
    super(`${code}: ${message}`)
    this.name = 'QueueError'
    this.code = code
    this.is_transient = is_transient
  }
}

/**
 * Asks SQS for an action on a queue, e.g. `SendMessageBatch`, with the action's own parameters. What may pass (network,
 * throttling, 5xx) is tried three times. AWS_ENDPOINT_URL_SQS points it elsewhere, as it does the SDK.
 * @throws QueueError for a refusal; Node's own errors where SQS cannot be reached
 */
export async function requestSqs<Answer>(
  action: string,
  { QueueUrl, ...parameters }: { QueueUrl: string } & Record<string, unknown>,
): Promise<Answer> {
  const body = JSON.stringify({ QueueUrl, ...parameters })
  for (let attempt = 1; ; attempt++) {
    try {
      return (await askOnce(action, QueueUrl, body)) as Answer
    } catch (error) {
      const mayPass = !(error instanceof QueueError) || error.is_transient
      if (!mayPass || attempt === attempts_max) throw error
      await delay(Math.random() * pause_ms * 2 ** attempt)
    }
  }
}

async function askOnce(action: string, queue_url: string, body: string): Promise<unknown> {
  const endpoint = new URL(process.env.AWS_ENDPOINT_URL_SQS || process.env.AWS_ENDPOINT_URL || queue_url)
  const signed = aws4.sign(
    {
      ...{ service: 'sqs', region: regionOf(queue_url), method: 'POST', host: endpoint.host, path: '/', body },
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    },
    await credentials(),
  )
  const { status, text } = await exchange(endpoint, signed.headers ?? {}, body)
  if (status === 200) return JSON.parse(text)
  const { __type = '', message = text.slice(0, 500) } = parsed(text)
  const code = __type.split('#').at(-1) || `HTTP ${status}`
  throw new QueueError(code, message, status >= 500 || status === 429 || code.includes('Throttl'))
}

const parsed = (text: string): { __type?: string; message?: string } => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

// A warm function finds its connection open: no second handshake.
let agents: { plain: PlainAgent; secure: Agent } | undefined

function exchange(endpoint: URL, headers: object, body: string): Promise<{ status: number; text: string }> {
  agents ??= { plain: new PlainAgent({ keepAlive: true }), secure: new Agent({ keepAlive: true }) }
  const { hostname, port } = endpoint
  const options = { hostname, port, method: 'POST', path: '/', headers: { ...headers } }
  const signal = AbortSignal.timeout(attempt_ms_max)
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage): void => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    }
    const asked: ClientRequest =
      endpoint.protocol === 'http:'
        ? plainRequest({ ...options, signal, agent: agents?.plain }, answered)
        : request({ ...options, signal, agent: agents?.secure }, answered)
    asked.on('error', (error) => {
      reject(signal.aborted ? new Error(`SQS did not answer within ${attempt_ms_max} ms.`, { cause: error }) : error)
    })
    asked.end(body)
  })
}

/** `https://sqs.eu-central-1.amazonaws.com/…` says it; a local queue's address does not. */
function regionOf(queue_url: string): string {
  const named = /(?:^|[/.])([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(queue_url)?.[1]
  const region = named ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION)
  if (!region) throw new Error('AWS_REGION is not set, and the address of the queue does not tell its region.')
  return region
}

let provider: (() => Promise<Credentials>) | undefined

/** Lambda puts them into the environment; elsewhere the SDK's chain looks for a profile, single sign-on and so on. */
async function credentials(): Promise<Credentials> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    }
  provider ??= (await import('@aws-sdk/credential-provider-node')).defaultProvider()
  return provider()
}
