import type { SQSClient } from '@aws-sdk/client-sqs'
import { getSqsClient } from './sqs-client.ts'
import { buildPollMessage, buildSyncMessage } from './sync-message.ts'

/** The queue between webhook and consumer. */

export interface SyncQueue {
  /** Queues runs, ten per request. Throws if one of them is not queued. */
  send(run_ids: readonly string[], options?: SendOptions): Promise<void>
  /** Queues ranges of a run likewise. */
  sendRanges(run_id: string, range_ids: readonly number[], options?: SendOptions): Promise<void>
  /** Queues a poll of the followed runs. */
  sendPoll(poll_at: Date, options?: SendOptions): Promise<void>
}

interface SendOptions {
  delay_s?: number
  hops?: number
}

/** SQS delays a message by at most 15 minutes. */
export const DELAY_MAX_S = 900
const BATCH_MAX = 10

/** Creates a client of the queue. It connects at the first send, to AWS_ENDPOINT_URL_SQS if that is set. */
export function createSyncQueue(queue_url: string, client?: SQSClient): SyncQueue {
  const send = async (bodies: readonly string[], delay_s: number): Promise<void> => {
    const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs')
    const opened = client ?? (await getSqsClient(queue_url))
    for (let start = 0; start < bodies.length; start += BATCH_MAX) {
      const { Failed: failed = [] } = await opened.send(
        new SendMessageBatchCommand({
          QueueUrl: queue_url,
          Entries: bodies.slice(start, start + BATCH_MAX).map((body, index) => ({
            Id: String(index),
            MessageBody: body,
            DelaySeconds: Math.min(DELAY_MAX_S, Math.max(0, Math.ceil(delay_s))),
          })),
        }),
      )
      if (failed.length > 0)
        throw new Error(
          `The queue refused ${failed.length} of ${bodies.length} messages: ${failed[0]?.Message ?? failed[0]?.Code}`,
        )
    }
  }
  return {
    send: (run_ids, { delay_s = 0, hops = 0 } = {}) =>
      send(
        run_ids.map((run_id) => buildSyncMessage({ run_id, hops })),
        delay_s,
      ),
    sendRanges: (run_id, range_ids, { delay_s = 0, hops = 0 } = {}) =>
      send(
        range_ids.map((range_id) => buildSyncMessage({ run_id, range_id, hops })),
        delay_s,
      ),
    sendPoll: (poll_at, { delay_s = 0 } = {}) => send([buildPollMessage({ poll_at })], delay_s),
  }
}
