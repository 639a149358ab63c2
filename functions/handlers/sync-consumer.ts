import { type ApifyApi, createApifyApi } from '@leads/core/apify/apify-api'
import { ApifyTransientError } from '@leads/core/apify/apify-errors'
import { type Config, readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import { delayMessage } from '@leads/core/queue/delay-message'
import { HOPS_MAX, type PollMessage, parseSyncMessage, type SyncMessage } from '@leads/core/queue/sync-message'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { foldLeadCounts } from '@leads/core/stats/lead-counts'
import { followRun } from '@leads/core/syncs/follow-run'
import { pollFollowedRuns } from '@leads/core/syncs/poll-followed-runs'
import { messageRetryDelayS, SHORT_RUN_ITEMS_MAX, SHORT_SLICE_MS } from '@leads/core/syncs/retry-policy'
import { type RangeOutcome, runRange, runSync, type SyncOutcome } from '@leads/core/syncs/run-sync'
import type { SyncOptions, Turn } from '@leads/core/syncs/sync-options'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { discardDatabase, getDatabase } from '../runtime/database.ts'
import { functionManifest } from '../runtime/manifest.ts'
import { startSyncMetrics } from '../runtime/sync-metrics.ts'
import { DeadlineExceededError, withDeadline } from '../runtime/with-deadline.ts'

/**
 * Consumes the sync queue: one message = "sync this run". A run that is not complete (deadline near, settling, interrupted
 * after progress) is queued again, and its message is done. A run that is still running is followed: one message for all
 * of them, "poll", queues those that changed (docs/decisions/019). A temporary failure without progress
 * leaves the message in the queue, which moves it to the dead-letter queue after its last attempt.
 * A run with many items left goes to the queue of long runs, which has its own consumers: see docs/decisions/016.
 */

const log = createLogger('sync-consumer')
/** A run of a minute leaves a second of this at most. */
const FOLD_MS_MAX = 2_000
const FOLD_RESERVE_MS = 5_000

const { config: parts } = functionManifest['sync-consumer']
type ConsumerPart = (typeof parts)[number]

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
  // In sequence: each run has the machine to itself, and the database sees one connection.
  for (const record of event.Records) {
    try {
      await processMessage(record, context)
    } catch (error) {
      log.error('A message failed', { message_id: record.messageId, error })
      batchItemFailures.push({ itemIdentifier: record.messageId })
      // The abandoned work waits on a connection that no longer answers. The next message gets another one.
      if (error instanceof DeadlineExceededError) discardDatabase()
      await delayRetry(record, error)
    }
  }
  return { batchItemFailures }
}

async function processMessage(record: SQSRecord, context: Context): Promise<void> {
  const message = parseSyncMessage(record.body)
  const config = readConfig(parts)
  if ('poll_at' in message) return pollRuns(config, message, context)
  const { run_id, range_id, hops } = message
  const metrics = startSyncMetrics(record)
  let hasProgress = false
  const onPage: SyncOptions['onPage'] = (after, before) => {
    hasProgress = true
    metrics.countPage(after, before)
  }
  const isLong = config.SYNC_LONG_QUEUE_URL === undefined || isOfLongQueue(record, config)
  const options: SyncOptions = { ...(await withDeadline(context, syncOptions(config, context))), onPage }
  options.turn = toTurn(config, isLong)
  if (isLong) options.split = toSplit(config, options)
  let outcome: SyncOutcome | RangeOutcome | undefined
  try {
    const work: Promise<SyncOutcome | RangeOutcome> =
      range_id === undefined ? runSync(options, run_id) : runRange(options, { run_id, range_id })
    outcome = await withDeadline(context, work)
  } catch (error) {
    if (!hasProgress || !(error instanceof DeadlineExceededError)) throw error
    // An attempt that wrote pages does not count, so the message is replaced by a new one.
    discardDatabase()
    outcome = { outcome: 'continue', delay_s: messageRetryDelayS(1), reason: 'interrupted' }
  } finally {
    const is_chain_ended = outcome?.outcome === 'continue' && nextHops(outcome, hops) > HOPS_MAX
    metrics.publish(outcome, { is_chain_ended })
  }
  if (outcome.outcome === 'continue' && outcome.reason === 'running')
    await withDeadline(context, followRun(followOptions(config, options), run_id))
  else if (outcome.outcome === 'continue') await queueAgain(config, message, outcome)
  if (outcome.outcome === 'split' || outcome.outcome === 'read')
    await toLongQueue(config).sendRanges(run_id, outcome.range_ids)
  if (outcome.outcome === 'rejoined') await toLongQueue(config).send([run_id])
  if (hasProgress) await foldCounts(options, context)
}

/** Counts that are not folded are exact all the same, only slower to read; reconcile folds them as well. */
async function foldCounts({ db, remaining_ms }: SyncOptions, context: Context): Promise<void> {
  const until_ms = performance.now() + FOLD_MS_MAX
  const isStopped = (): boolean => performance.now() > until_ms || remaining_ms() < FOLD_RESERVE_MS
  try {
    await withDeadline(context, foldLeadCounts(db, isStopped))
  } catch (error) {
    if (error instanceof DeadlineExceededError) discardDatabase()
    log.warn('The counts of leads were not folded', { error })
  }
}

/** A poll asks for all runs that are followed, so it does not take a turn of one. */
async function pollRuns(config: Config<ConsumerPart>, { poll_at }: PollMessage, context: Context): Promise<void> {
  const options = await withDeadline(context, syncOptions(config, context))
  await withDeadline(context, pollFollowedRuns({ ...options, ...followOptions(config, options) }, poll_at))
}

const followOptions = ({ SYNC_QUEUE_URL }: Config<'queue'>, { db, follow_s, now }: SyncOptions) => ({
  db,
  follow_s,
  now,
  queue: createSyncQueue(SYNC_QUEUE_URL),
})

const toLongQueue = ({ SYNC_QUEUE_URL, SYNC_LONG_QUEUE_URL = SYNC_QUEUE_URL }: Config<'queue' | 'long_queue'>) =>
  createSyncQueue(SYNC_LONG_QUEUE_URL)

type Continued = Extract<SyncOutcome, { outcome: 'continue' }>

/** A hand-over follows a page, and pages run out. A run that is running is followed. So only the other hops count. */
const nextHops = ({ reason }: Continued, hops: number): number =>
  reason === 'deadline' || reason === 'running' ? hops : hops + 1

async function queueAgain(
  config: Config<'queue' | 'long_queue'>,
  { run_id, range_id, hops: hops_before }: SyncMessage,
  outcome: Continued,
): Promise<void> {
  const { reason, delay_s } = outcome
  const hops = nextHops(outcome, hops_before)
  if (hops > HOPS_MAX) {
    log.error('The run was queued too often and is left to reconcile', { run_id, hops: hops_before, reason })
    return
  }
  const isLong = reason === 'deadline' || range_id !== undefined
  const queue = isLong ? toLongQueue(config) : createSyncQueue(config.SYNC_QUEUE_URL)
  if (range_id === undefined) await queue.send([run_id], { delay_s, hops })
  else await queue.sendRanges(run_id, [range_id], { delay_s, hops })
  log.info('The run was queued again', { run_id, ...(range_id !== undefined && { range_id }), reason, delay_s })
}

const toQueueName = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

const isOfLongQueue = ({ eventSourceARN }: SQSRecord, { SYNC_LONG_QUEUE_URL: url }: Config<'long_queue'>): boolean =>
  url !== undefined && eventSourceARN.endsWith(`:${toQueueName(url)}`)

/** The queue where all runs arrive has consumers for a few seconds each, so that a short run never waits for a long one. */
const toTurn = ({ SYNC_SLICE_SECONDS }: Config<'sync'>, isLong: boolean): Turn =>
  isLong
    ? { slice_ms: SYNC_SLICE_SECONDS * 1000, left_items_max: Number.POSITIVE_INFINITY }
    : { slice_ms: SHORT_SLICE_MS, left_items_max: SHORT_RUN_ITEMS_MAX }

/** One range more is not worth a second consumer. */
const toSplit = ({ SYNC_RANGE_ITEMS: range_items }: Config<'sync'>, { db }: SyncOptions): SyncOptions['split'] =>
  range_items === 0 || db.engine.name === 'sqlite' ? undefined : { items_min: 2 * range_items, range_items }

async function syncOptions(
  config: Config<'database' | 'apify' | 'queue' | 'sync' | 'log'>,
  context: Context,
): Promise<SyncOptions> {
  // The mapping, half of this function's code, is loaded while the database answers.
  const [db, { loadMapper, loadMappings }] = await Promise.all([
    getDatabase(config),
    import('@leads/core/mapping/load-mapper'),
  ])
  return {
    db,
    apify: getApifyApi(config),
    map: loadMapper(config.MAPPINGS_FILE),
    page_thread: { apify: config, mappings: loadMappings(config.MAPPINGS_FILE) },
    log,
    on_duplicate: config.ON_DUPLICATE,
    source_precedence: config.SOURCE_PRECEDENCE,
    actor_ids: config.APIFY_ACTOR_IDS,
    page_rows_max: config.SYNC_PAGE_ROWS_MAX,
    settle_s: config.SYNC_SETTLE_SECONDS,
    follow_s: config.SYNC_FOLLOW_SECONDS,
    lease_s: config.SYNC_LEASE_SECONDS,
    now: () => new Date(),
    remaining_ms: () => context.getRemainingTimeInMillis(),
  }
}

let cachedApi: { key: string; apify: ApifyApi } | undefined

/** Kept between messages: it has read the account, and its client is loaded. */
function getApifyApi(config: Config<'apify'>): ApifyApi {
  const key = `${config.APIFY_API_BASE_URL} ${config.APIFY_TOKEN}`
  if (cachedApi?.key !== key) cachedApi = { key, apify: createApifyApi(config) }
  return cachedApi.apify
}

async function delayRetry(record: SQSRecord, failure: unknown): Promise<void> {
  try {
    const config = readConfig(parts)
    // The receipt is valid in the queue of the message only.
    const queue_url = isOfLongQueue(record, config) ? config.SYNC_LONG_QUEUE_URL : config.SYNC_QUEUE_URL
    const requested_s = failure instanceof ApifyTransientError ? failure.retry_after_s : null
    const delay_s = messageRetryDelayS(Number(record.attributes.ApproximateReceiveCount), requested_s)
    await delayMessage({ queue_url: queue_url as string, receipt_handle: record.receiptHandle, delay_s })
  } catch (error) {
    log.warn('The delay of the message could not be changed', { error })
  }
}
