import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What stands before a queue. */
export interface QueueInBetween {
  endpoint: string
  queue_url: string
  close(): Promise<void>
}

/**
 * Stands before a queue and takes the delay off each message that is sent to it. `onDelay` receives the seconds that the
 * message would have waited, so that other clocks can be set forward by them.
 */
export const compressDelays = (queue_url: string, onDelay: (seconds: number) => void): Promise<QueueInBetween> =>
  standBefore(queue_url, (_action, body) => takeDelays(body, onDelay))

/** Stands before a queue. `change` returns the body that the queue receives, or an answer in its place. */
export async function standBefore(
  queue_url: string,
  change: (action: string, body: string) => string | object,
): Promise<QueueInBetween> {
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '')
    const body = change(action, (await buffer(request)).toString())
    if (typeof body !== 'string') {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(JSON.stringify(body))
      return
    }
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers
    const forwarded = await fetch(new URL(request.url ?? '/', queue_url), {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    })
    response.writeHead(forwarded.status, { 'content-type': forwarded.headers.get('content-type') ?? '' })
    response.end(Buffer.from(await forwarded.arrayBuffer()))
  }
  const server = createServer((request, response) => {
    // The client repeats a request whose connection ends.
    forward(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    endpoint,
    queue_url: endpoint + new URL(queue_url).pathname,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface SentMessage {
  DelaySeconds?: number
  Entries?: { DelaySeconds?: number }[]
}

function takeDelays(body: string, onDelay: (seconds: number) => void): string {
  const sent = JSON.parse(body) as SentMessage
  for (const message of [sent, ...(sent.Entries ?? [])]) {
    if (message.DelaySeconds === undefined) continue
    onDelay(message.DelaySeconds)
    message.DelaySeconds = 0
  }
  return JSON.stringify(sent)
}
