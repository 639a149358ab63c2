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
import { openQueueStore } from './queue-store.ts'

export interface QueueServer {
  /** Value for `AWS_ENDPOINT_URL_SQS`. */
  endpoint: string
  queue_url: string
  dead_letter_queue_url: string
  close(): Promise<void>
}

/** Creates a client of the local queue server. */
export function createLocalSqsClient(endpoint: string): SQSClient {
  return new SQSClient({ endpoint, region: LOCAL_REGION, credentials: localCredentials })
}

/**
 * Starts a local SQS with one queue and its dead-letter queue on 127.0.0.1. A message that was received
 * `max_receive_count` times without being deleted moves to the dead-letter queue. With `data_dir` the messages survive
 * a restart, and a second server on the same folder is refused; without it they live in memory. `port` 0 takes a free one.
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
  const store = options.data_dir === undefined ? undefined : await openQueueStore(options.data_dir)
  const app = buildApp({
    logger: false,
    // fauxqs itself would listen on every address of this machine.
    host: '127.0.0.1',
    defaultRegion: LOCAL_REGION,
    ...(store && { stores: store.stores }),
  })
  // Closed after the server, not before: a request that is still being answered writes to it.
  app.addHook('onClose', async () => store?.close())
  await app.listen({ host: '127.0.0.1', port })
  const bound = app.server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${bound.port}`
  const client = createLocalSqsClient(endpoint)
  try {
    const dead_letter_queue_url = await ensureQueue(client, endpoint, `${queue_name}-dead-letter`, {
      // Fourteen days, the longest that SQS keeps a message: somebody has to look at these.
      MessageRetentionPeriod: '1209600',
      VisibilityTimeout: String(visibility_timeout_s),
    })
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: dead_letter_queue_url, AttributeNames: ['QueueArn'] }),
    )
    const queue_url = await ensureQueue(client, endpoint, queue_name, {
      VisibilityTimeout: String(visibility_timeout_s),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: Attributes?.QueueArn,
        maxReceiveCount: max_receive_count,
      }),
    })
    return { endpoint, queue_url, dead_letter_queue_url, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  } finally {
    client.destroy()
  }
}

// The attributes are set in a second step: creating a kept queue again with others than it has would be refused.
async function ensureQueue(
  client: SQSClient,
  endpoint: string,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  await client.send(new CreateQueueCommand({ QueueName: name }))
  // The server's own URLs name the host sqs.<region>.127.0.0.1, which resolves nowhere.
  const url = `${endpoint}/${LOCAL_ACCOUNT_ID}/${name}`
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }))
  return url
}
