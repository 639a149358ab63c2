/**
 * A message of the sync queue: `{"run_id": "…"}` asks to sync a run; with `range_id`, to read a range of it. A consumer that
 * queues its run again counts `hops`, so that a chain of messages ends even if a fault keeps it going.
 */
export interface SyncMessage {
  run_id: string
  range_id?: number | undefined
  hops: number
}

/**
 * Messages in a row for one run, more than any run needs. Hand-overs after a page do not count, nor do the polls of a run
 * that is followed, so a run may have any number of items and take any time. Reconcile continues a run whose chain has ended, after 15 minutes
 * without progress.
 */
export const HOPS_MAX = 3_000

/** The message `{"poll_at": "…"}` asks to poll the runs that are followed. Of several, the one that is due then counts. */
export interface PollMessage {
  poll_at: Date
}

/** @throws Error where the body is not a message of this queue */
export function parseSyncMessage(body: string): SyncMessage | PollMessage {
  let message: unknown
  try {
    message = JSON.parse(body)
  } catch {
    throw new Error('The message is not valid JSON; expected {"run_id": "…"}.')
  }
  const { run_id, range_id, hops, poll_at } = (message ?? {}) as Record<string, unknown>
  if (typeof poll_at === 'string' && !Number.isNaN(Date.parse(poll_at))) return { poll_at: new Date(poll_at) }
  if (typeof run_id !== 'string' || run_id === '')
    throw new Error('The message names no run; expected {"run_id": "…"}.')
  return {
    run_id,
    ...(Number.isSafeInteger(range_id) && { range_id: range_id as number }),
    hops: Number.isSafeInteger(hops) ? (hops as number) : 0,
  }
}

export const buildSyncMessage = ({ run_id, range_id, hops }: SyncMessage): string =>
  JSON.stringify({ run_id, range_id, ...(hops > 0 && { hops }) })

export const buildPollMessage = ({ poll_at }: PollMessage): string => JSON.stringify({ poll_at: poll_at.toISOString() })
