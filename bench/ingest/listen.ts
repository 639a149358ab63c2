import type { EventSource } from '@leads/cli/stack/event-source'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { readConfig } from '@leads/core/config/read-config'
import { closeDatabase, getDatabase } from '@leads/functions/runtime/database'
import { functionManifest } from '@leads/functions/runtime/manifest'
import type { ListenTask } from './worker.ts'

const { config, timeout_s } = functionManifest['sync-consumer']

/**
 * Makes this process the consumer behind its queue: the function's own handler, given the messages that it receives over
 * the protocol of SQS, one at a time. The database is open before it listens, as in any invocation but a process's
 * first. Returns what ends it.
 */
export async function listen(
  { database_url, page_rows, apify, queue }: ListenTask,
  onDelivered: (error?: string) => void,
): Promise<() => Promise<void>> {
  Object.assign(process.env, {
    ...localAwsEnvironment(queue.endpoint),
    DATABASE_URL: database_url,
    // As on AWS, where one invocation has the process for itself.
    DATABASE_CONNECTIONS_MAX: '1',
    SYNC_QUEUE_URL: queue.queue_url,
    APIFY_TOKEN: apify.token,
    APIFY_API_BASE_URL: apify.url,
    SYNC_PAGE_ROWS_MAX: String(page_rows),
    // The runs of a bench ended long ago: nothing to wait for.
    SYNC_SETTLE_SECONDS: '0',
    LOG_LEVEL: 'ERROR',
    POWERTOOLS_METRICS_DISABLED: 'true',
  })
  // After the environment is set, because the logger reads its level when it is created.
  const [{ handler }, { startEventSource }] = await Promise.all([
    import('@leads/functions/handlers/sync-consumer'),
    import('@leads/cli/stack/event-source'),
  ])
  await getDatabase(readConfig(config))
  const source: EventSource = await startEventSource({
    queue_url: queue.queue_url,
    endpoint: queue.endpoint,
    function_name: 'sync-consumer',
    handler,
    batch_size: 1,
    maximum_concurrency: 1,
    function_timeout_ms: timeout_s * 1000,
    onBatch: ({ failed_ids, error }) => {
      if (failed_ids.length > 0) onDelivered(error?.errorMessage ?? 'The consumer gave the message back')
      else onDelivered()
    },
    onError: ({ errorMessage }) => onDelivered(errorMessage),
  })
  return async () => {
    await source.close()
    await closeDatabase()
  }
}
