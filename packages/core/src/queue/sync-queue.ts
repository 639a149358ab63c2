import type { SQSClient } from '@aws-sdk/client-sqs'
import { getSqsClient } from './sqs-client.ts'
import { buildSyncMessage } from './sync-message.ts'

/** The queue between webhook and consumer. */

export interface SyncQueue {
  /** Queues runs, ten per request. Throws if one of them is not queued. */
  send(run_ids: readonly string[], options?: { delay_s?: number; hops?: number }): Promise<void>
}

/** SQS delays a message by at most 15 minutes. */
export const DELAY_MAX_S = 900
const BATCH_MAX = 10

/** Creates a client of the queue. It connects at the first send, to AWS_ENDPOINT_URL_SQS if that is set. */
export function createSyncQueue(queue_url: string, client?: SQSClient): SyncQueue {
  return {
    async send(run_ids, { delay_s = 0, hops = 0 } = {}) {
      const { SendMessageBatchCommand } = await import('@aws-sdk/client-sqs')
      const opened = client ?? (await getSqsClient(queue_url))
      for (let start = 0; start < run_ids.length; start += BATCH_MAX) {
        const { Failed: failed = [] } = await opened.send(
          new SendMessageBatchCommand({
            QueueUrl: queue_url,
            Entries: run_ids.slice(start, start + BATCH_MAX).map((run_id, index) => ({
              Id: String(index),
              MessageBody: buildSyncMessage({ run_id, hops }),
              DelaySeconds: Math.min(DELAY_MAX_S, Math.max(0, Math.ceil(delay_s))),
            })),
          }),
        )
        if (failed.length > 0)
          throw new Error(
            `The queue refused ${failed.length} of ${run_ids.length} runs: ${failed[0]?.Message ?? failed[0]?.Code}`,
          )
      }
    },
  }
}
