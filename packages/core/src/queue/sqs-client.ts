import type { SQSClient } from '@aws-sdk/client-sqs'

/** Three attempts of at most 3 s and the pauses between them (0.3 s) fit into the webhook's ten seconds. */
export const ATTEMPTS_MAX = 3

/** Without `throwOnRequestTimeout` the SDK only warns about a request that takes longer, and keeps waiting. */
export const requestTimeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true }

let cachedClient: { queue_url: string; client: SQSClient } | undefined

/**
 * Returns the AWS SDK's client for a queue. The SDK (190 KB) is loaded by the first call, so no cold start waits for it. The
 * client is kept, so the next message finds an open connection.
 */
export async function getSqsClient(queue_url: string): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs')
  if (cachedClient?.queue_url !== queue_url)
    cachedClient = { queue_url, client: new SQSClient({ maxAttempts: ATTEMPTS_MAX, requestHandler: requestTimeouts }) }
  return cachedClient.client
}
