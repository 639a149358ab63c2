import type { Config } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { assertSchema } from '@leads/core/database/migrations/schema-status'
import { openDatabase } from '@leads/core/database/open-database'
import { ReadReplica } from '@leads/core/database/read-replica'

interface OpenedReplica {
  primary: Database
  url: string
  opening: Promise<ReadReplica | undefined>
  ready?: ReadReplica
  /** When it could not be opened, by the clock. */
  failed_ms?: number
}
let opened: OpenedReplica | undefined

const CONNECT_S = 2
/** How long a replica that cannot be opened is not tried again. */
const RETRY_MS = 10_000

/** Returns the read replica of this process; undefined if there is none, or while it cannot be used. */
export async function getReplica(
  primary: Database,
  { DATABASE_READ_URL: url, DATABASE_CONNECTIONS_MAX }: Config<'database' | 'read_replica'>,
): Promise<ReadReplica | undefined> {
  if (url === undefined) return undefined
  const has_failed = opened?.failed_ms !== undefined && Date.now() - opened.failed_ms > RETRY_MS
  if (opened?.primary !== primary || opened.url !== url || has_failed) {
    const previous = closeReplica()
    previous.catch(() => {})
    const connections_max = process.env.AWS_LAMBDA_FUNCTION_NAME ? 1 : DATABASE_CONNECTIONS_MAX
    const attempt: Omit<OpenedReplica, 'opening'> = { primary, url }
    opened = Object.assign(attempt, { opening: openReplica(attempt, connections_max) })
  }
  return opened.opening
}

/** Never rejects: without its replica the API reads from the primary. */
async function openReplica(
  attempt: Omit<OpenedReplica, 'opening'>,
  connections_max: number,
): Promise<ReadReplica | undefined> {
  const { primary, url } = attempt
  let replica: Database | undefined
  try {
    replica = await openDatabase(url, { connections_max, connect_timeout_s: CONNECT_S, is_read_only: true })
    // One that lags may still have the schema of before a migration.
    await assertSchema(replica, { allow_newer: true })
    attempt.ready = new ReadReplica(primary, replica)
    return attempt.ready
  } catch {
    attempt.failed_ms = Date.now()
    await replica?.close().catch(() => {})
    return undefined
  }
}

export async function closeReplica(): Promise<void> {
  const closing = opened
  opened = undefined
  await (await closing?.opening)?.replica.close()
}

/** Closes the connections of the replica that have not answered for this long. */
export function discardStalledReplica(stalled_ms: number): void {
  opened?.ready?.replica.discardStalled?.(stalled_ms)
}
