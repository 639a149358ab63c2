import type { buildApp } from 'fauxqs'

type QueueApp = ReturnType<typeof buildApp>

/** Messages whose trace is remembered; the oldest are forgotten first. */
const TRACED_MESSAGES_MAX = 100_000

interface Sent {
  MessageId?: string
  Successful?: { MessageId?: string }[]
}

interface Received {
  Messages?: { MessageId?: string; Attributes?: Record<string, string> }[]
}

/**
 * Keeps the trace header of a request that sends messages and returns it as their attribute AWSTraceHeader, as SQS does
 * and the local server does not. Lambda recognizes recursive loops by it.
 */
export function keepTraceHeaders(app: QueueApp): void {
  const traces = new Map<string, string>()
  const remember = (message_id: string | undefined, trace: string): void => {
    if (message_id === undefined) return
    traces.set(message_id, trace)
    const oldest = traces.size > TRACED_MESSAGES_MAX ? traces.keys().next().value : undefined
    if (oldest !== undefined) traces.delete(oldest)
  }
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const action = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '')
    const trace = request.headers['x-amzn-trace-id']
    if (typeof trace === 'string' && /^SendMessage(Batch)?$/.test(action)) {
      const { MessageId, Successful = [] } = JSON.parse(payload) as Sent
      remember(MessageId, trace)
      for (const sent of Successful) remember(sent.MessageId, trace)
    }
    return action === 'ReceiveMessage' && traces.size > 0 ? addTraces(payload, traces) : payload
  })
}

function addTraces(payload: string, traces: ReadonlyMap<string, string>): string {
  const received = JSON.parse(payload) as Received
  for (const message of received.Messages ?? []) {
    const trace = traces.get(message.MessageId ?? '')
    if (trace !== undefined) message.Attributes = { ...message.Attributes, AWSTraceHeader: trace }
  }
  return JSON.stringify(received)
}
