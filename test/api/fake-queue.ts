import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The part of SQS that sending and counting need, on a local port. process.env points the SDK at it. */
export interface FakeQueue {
  readonly messages: unknown[]
  /** If false, it rejects every request. */
  is_up: boolean
  /** Called for each request before it is answered. */
  onRequest?: () => Promise<unknown>
  close(): void
}

interface Entry {
  Id: string
  MessageBody: string
}

export async function startFakeQueue(): Promise<FakeQueue> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    const answerRequest = async () => {
      await queue.onRequest?.()
      response.setHeader('content-type', 'application/x-amz-json-1.0')
      if (!queue.is_up) return response.writeHead(400).end('{}')
      const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '')
      const answer = actions[action]
      if (!answer) return response.writeHead(400).end('{"__type":"com.amazonaws.sqs#UnsupportedOperation"}')
      return response.end(JSON.stringify(answer(JSON.parse(text))))
    }
    request.on('end', () => void answerRequest())
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
  const actions: Record<string, (body: { Entries: Entry[]; QueueName?: string }) => object> = {
    SendMessageBatch({ Entries }) {
      queue.messages.push(...Entries.map(({ MessageBody }) => JSON.parse(MessageBody)))
      const Successful = Entries.map(({ Id, MessageBody }) => {
        return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }
      })
      return { Successful, Failed: [] }
    },
    GetQueueAttributes: () => ({
      Attributes: {
        ApproximateNumberOfMessages: String(queue.messages.length),
        ApproximateNumberOfMessagesNotVisible: '0',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:000000000000:dead-letter' }),
      },
    }),
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `${url}/000000000000/${QueueName}` }),
  }
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
