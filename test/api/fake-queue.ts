import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The part of SQS that sending needs, on a local port. process.env points the SDK at it. */
export interface FakeQueue {
  readonly messages: unknown[]
  /** If false, it rejects every request. */
  is_up: boolean
  close(): void
}

export async function startFakeQueue(): Promise<FakeQueue> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.0')
      if (!queue.is_up) return response.writeHead(400).end('{}')
      const { Entries } = JSON.parse(text) as { Entries: { Id: string; MessageBody: string }[] }
      const Successful = Entries.map(({ Id, MessageBody }) => {
        queue.messages.push(JSON.parse(MessageBody))
        return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }
      })
      response.end(JSON.stringify({ Successful, Failed: [] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: url,
    SYNC_QUEUE_URL: `${url}/000000000000/sync`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const queue: FakeQueue = {
    messages: [],
    is_up: true,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return queue
}
