import type { AddressInfo } from 'node:net'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { MESSAGE_ATTEMPTS_MAX } from '@leads/core/syncs/retry-policy'
import { buildApp } from 'fauxqs'
import { LOCAL_ACCOUNT_ID, LOCAL_REGION, localCredentials } from './local-aws.ts'
import { openQueueJournal } from './queue-journal.ts'
import { keepTraceHeaders } from './queue-traces.ts'

export interface QueueServer {
  /** Value for `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string
  queue_url: string
  /** Where long runs wait for their next turn. */
  long_queue_url: string
  dead_letter_queue_url: string
  close(): Promise<void>
}

/** Creates a client of the local queue server. */
export function createLocalSqsClient(endpoint: string): SQSClient {
  return new SQSClient({ endpoint, region: LOCAL_REGION, credentials: localCredentials })
}

/**
 * Starts a local SQS on 127.0.0.1 with the two queues of runs and their dead-letter queue. A message that was received
 * `max_receive_count` times without being deleted moves to the dead-letter queue. With `data_dir` the messages survive
 * a restart, and a second server on the same folder is rejected; without it they are in memory. `port` 0 picks a free port.
 */
export async function startQueueServer(
  options: {
    port?: number
    queue_name?: string
    visibility_timeout_s?: number
    max_receive_count?: number
    data_dir?: string
  } = {},
): Promise<QueueServer> {
  const {
    port = 0,
    queue_name = 'sync-runs',
    visibility_timeout_s = 30,
    max_receive_count = MESSAGE_ATTEMPTS_MAX,
  } = options
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: LOCAL_REGION })
  const journal = options.data_dir === undefined ? undefined : openQueueJournal(app, options.data_dir)
  keepTraceHeaders(app)
  // Closed after the server: a request in progress still writes to it.
  app.addHook('onClose', async () => journal?.close())
  try {
    // Not startFauxqs(), which listens on every address of this machine.
    await app.listen({ host: '127.0.0.1', port })
    const bound = app.server.address() as AddressInfo
    const endpoint = `http://127.0.0.1:${bound.port}`
    const queues = await createQueues(endpoint, { queue_name, visibility_timeout_s, max_receive_count }, async () =>
      journal?.restore(),
    )
    return { endpoint, ...queues, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** Creates the queues, restores their messages, then sets the redrive policy, which must not count the restore. */
async function createQueues(
  endpoint: string,
  settings: { queue_name: string; visibility_timeout_s: number; max_receive_count: number },
  restore: () => Promise<void>,
): Promise<Pick<QueueServer, 'queue_url' | 'long_queue_url' | 'dead_letter_queue_url'>> {
  const { queue_name, visibility_timeout_s, max_receive_count } = settings
  const client = createLocalSqsClient(endpoint)
  try {
    const dead_letter_queue_url = await createQueue(client, endpoint, `${queue_name}-dead-letter`, {
      // Fourteen days, the maximum of SQS: someone has to look at dead letters.
      MessageRetentionPeriod: '1209600',
      VisibilityTimeout: String(visibility_timeout_s),
    })
    const VisibilityTimeout = String(visibility_timeout_s)
    const queue_url = await createQueue(client, endpoint, queue_name, { VisibilityTimeout })
    const long_queue_url = await createQueue(client, endpoint, `${queue_name}-long`, { VisibilityTimeout })
    await restore()
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: dead_letter_queue_url, AttributeNames: ['QueueArn'] }),
    )
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: Attributes?.QueueArn,
      maxReceiveCount: max_receive_count,
    })
    for (const QueueUrl of [queue_url, long_queue_url])
      await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }))
    return { queue_url, long_queue_url, dead_letter_queue_url }
  } finally {
    client.destroy()
  }
}

async function createQueue(
  client: SQSClient,
  endpoint: string,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  // The server's own URLs name the host sqs.<region>.127.0.0.1, which does not resolve.
  return `${endpoint}/${LOCAL_ACCOUNT_ID}/${name}`
}
