import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A queue whose delays pass at once. */
export interface CompressedQueue {
  endpoint: string
  queue_url: string
  close(): Promise<void>
}

/**
 * Stands before a queue and takes the delay off each message that is sent to it. `onDelay` receives the seconds that the
 * message would have waited, so that other clocks can be set forward by them.
 */
export async function compressDelays(queue_url: string, onDelay: (seconds: number) => void): Promise<CompressedQueue> {
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request)
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers
    const forwarded = await fetch(new URL(request.url ?? '/', queue_url), {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: takeDelays(body.toString(), onDelay),
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
