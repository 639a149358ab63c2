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
 * Messages in a row for one run, more than any run needs: a day of following it every 30 seconds. Hand-overs after a page
 * do not count, so a run may have any number of items. Reconcile continues a run whose chain has ended, after 15 minutes
 * without progress.
 */
export const HOPS_MAX = 3_000

/** @throws Error where the body is not a message of this queue */
export function parseSyncMessage(body: string): SyncMessage {
  let message: unknown
  try {
    message = JSON.parse(body)
  } catch {
    throw new Error('The message is not valid JSON; expected {"run_id": "…"}.')
  }
  const { run_id, range_id, hops } = (message ?? {}) as Record<string, unknown>
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
