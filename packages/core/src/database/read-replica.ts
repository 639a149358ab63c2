import { sql } from 'kysely'
import type { Database, Db } from './engine.ts'
import { orUpdate } from './upsert.ts'

/**
 * Read-your-writes on a replica that lags. All times are of the database's clock and stored there, so that every process
 * sees them:
 * - A key that writes first states until when it may have written.
 * - A heartbeat is a time that is committed like any other change. A replica that shows it has everything that was
 *   committed before.
 * The replica therefore serves a key if it shows a heartbeat after the key's last write. See docs/decisions/018.
 */

/** By the clock, which a frozen function does not stop. A statement of a key holds for this long. */
const WRITES_STATED_S = 60
/** A write ends at most this long after its beginning: a request is abandoned after 25 s. */
const WRITE_MS_MAX = 30_000
/** What a replica shows is at most this old. */
const STALENESS_MS_MAX = 30_000
/** A heartbeat of this age is followed by another one, before it is too old. */
const HEARTBEAT_AGE_MS = 15_000
/** Least time between two looks at a replica that is behind. */
const LOOK_INTERVAL_MS = 500
/** A replica that does not answer a look by then has failed. */
const LOOK_MS_MAX = 2_000
/** A replica that failed is left alone for this long. */
const FAILURE_MS = 10_000

const HEARTBEAT = 'replica_heartbeat'
const WRITES_PREFIX = 'api_key_writes:'
const writesName = (api_key_id: number): string => `${WRITES_PREFIX}${api_key_id}`

/** Writes a time of the database's clock. */
async function writeTime(db: Db, name: string, in_seconds: number): Promise<void> {
  const updated_at = db.engine.secondsFromNow(in_seconds)
  const insert = db.kysely.insertInto('task_states').values({ name, task_state: {}, updated_at })
  await orUpdate(db, insert, ['name'], (incoming) => ({ updated_at: incoming('updated_at') })).execute()
}

/** A client that gets another key still reads what it has written with the old one. */
export async function copyStatedWrites(trx: Db, from_key_id: number, to_key_id: number): Promise<void> {
  await sql`insert into task_states (name, task_state, updated_at)
    select ${writesName(to_key_id)}, task_state, updated_at from task_states
    where name = ${writesName(from_key_id)}`.execute(trx.kysely)
}

/** Deletes the times of keys that ended before: they allow the replica to serve the key, as no time does. */
export async function deleteStatedWrites(db: Db, ended_before: Date): Promise<void> {
  await db.kysely
    .deleteFrom('task_states')
    .where('name', 'like', `${WRITES_PREFIX}%`)
    .where('updated_at', '<', sql<string>`${ended_before}`)
    .execute()
}

/** A column of a select from api_keys: until when the key may have written; null if it never has. */
export const writtenUntilColumn = sql`(
  select updated_at from task_states where name = concat(${sql.lit(WRITES_PREFIX)}, api_keys.id)
) as written_until`

/** States before a write that a key writes: once in half a minute, because each statement is a change of its own. */
export class WriteStatements {
  readonly #stated_ms = new WeakMap<Db, Map<number, number>>()

  /** Whether a write that begins now ends before the key's statement does. */
  isStated(db: Db, api_key_id: number): boolean {
    const stated_ms = this.#stated_ms.get(db)?.get(api_key_id) ?? Number.NEGATIVE_INFINITY
    return Date.now() + WRITE_MS_MAX < stated_ms + WRITES_STATED_S * 1000
  }

  async state(db: Db, api_key_id: number): Promise<void> {
    if (this.isStated(db, api_key_id)) return
    const stated = this.#stated_ms.get(db) ?? new Map<number, number>()
    this.#stated_ms.set(db, stated)
    const now_ms = Date.now()
    await writeTime(db, writesName(api_key_id), WRITES_STATED_S)
    stated.set(api_key_id, now_ms)
  }
}

/** A time as the database returns it, ISO 8601. Texts of one form compare like their times. */
type Time = string

export class ReadReplica {
  readonly #primary: Db
  readonly replica: Database
  /** The newest heartbeat that the replica has shown, and until when it is recent enough. */
  #heartbeat: { at: Time; expires_ms: number } | undefined
  #look: Promise<void> | undefined
  #looked_ms = Number.NEGATIVE_INFINITY
  #failed_ms = Number.NEGATIVE_INFINITY

  constructor(primary: Db, replica: Database) {
    this.#primary = primary
    this.replica = replica
  }

  /** The replica, if it has everything that was committed until `written_until`; otherwise undefined. */
  async findCurrent(written_until: Time | null): Promise<Database | undefined> {
    const now_ms = Date.now()
    if (now_ms - this.#failed_ms < FAILURE_MS) return undefined
    const remaining_ms = (this.#heartbeat?.expires_ms ?? 0) - now_ms
    const is_ageing = remaining_ms < STALENESS_MS_MAX - HEARTBEAT_AGE_MS
    if (is_ageing || !this.#covers(written_until)) await this.#lookAgain(now_ms)
    return this.#covers(written_until) ? this.replica : undefined
  }

  /** The replica has everything that was committed before. */
  get seen_at(): Time {
    return this.#heartbeat?.at ?? ''
  }

  /** Whether the replica is known to have everything that was committed until then, and is recent enough. */
  #covers(written_until: Time | null): boolean {
    const heartbeat = this.#heartbeat
    if (!heartbeat || heartbeat.expires_ms < Date.now()) return false
    return written_until === null || heartbeat.at > written_until
  }

  /** The replica did not answer, or refused a query that the primary may well answer. */
  reportFailure(): void {
    this.#failed_ms = Date.now()
    this.#heartbeat = undefined
  }

  async #lookAgain(now_ms: number): Promise<void> {
    if (!this.#look && now_ms - this.#looked_ms < LOOK_INTERVAL_MS) return
    this.#looked_ms = now_ms
    this.#look ??= this.#read().finally(() => {
      this.#look = undefined
    })
    await this.#look
  }

  /** The heartbeat that is written now arrives later; what the replica shows is an earlier one. */
  async #read(): Promise<void> {
    const look = withTimeout(this.#readHeartbeat())
    const [, shown] = await Promise.allSettled([writeTime(this.#primary, HEARTBEAT, 0), look])
    if (shown.status === 'rejected') this.reportFailure()
    else if (shown.value) this.#heartbeat = shown.value
  }

  async #readHeartbeat(): Promise<{ at: Time; expires_ms: number } | undefined> {
    const sent_ms = Date.now()
    const { kysely, engine } = this.replica
    const row = await kysely
      .selectFrom('task_states')
      .select(['updated_at', engine.secondsUntil('updated_at').as('age_s')])
      .where('name', '=', HEARTBEAT)
      .executeTakeFirst()
    // Negative, as it is in the past.
    return row && { at: row.updated_at, expires_ms: sent_ms + row.age_s * 1000 + STALENESS_MS_MAX }
  }
}

async function withTimeout<Result>(result: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('The read replica does not answer.')), LOOK_MS_MAX)
  try {
    return await Promise.race([result, late])
  } finally {
    clearTimeout(timer)
  }
}
