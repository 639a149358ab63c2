import type { SQSClient } from '@aws-sdk/client-sqs'

/** Three attempts, 3 s each at most, and the pauses between them (0.3 s) fit into the ten seconds that the webhook has. */
export const ATTEMPTS_MAX = 3

/** Without `throwOnRequestTimeout` the SDK only warns of a request that takes longer, and goes on waiting. */
export const requestTimeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true }

let cachedClient: { queue_url: string; client: SQSClient } | undefined

/**
 * The AWS SDK's client for a queue. The SDK (190 KB) is loaded when it is first asked for, so that no cold start waits for
 * it; the client is kept, as a function has one queue: its next message finds the connection open.
 */
export async function getSqsClient(queue_url: string): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs')
  if (cachedClient?.queue_url !== queue_url)
    cachedClient = { queue_url, client: new SQSClient({ maxAttempts: ATTEMPTS_MAX, requestHandler: requestTimeouts }) }
  return cachedClient.client
}
