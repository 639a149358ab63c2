import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { parseTime } from '../lists/filter.ts'
import { listPage } from '../lists/list-page.ts'
import { Problem } from '../problem.ts'
import { type LeadDetail, leadViewColumns } from './lead-views.ts'
import { leadListDefinition } from './list-leads.ts'

/**
 * The feed of changes: leads in the order in which they were made (`created_at`) or last changed (`updated_at`), deleted
 * ones too, for consumers that keep a copy.
 *
 * A writer stamps its rows before it commits, so a plain "everything after the last time I saw" misses rows that commit
 * late. The feed therefore tells only of what is settled: nothing younger than `settle_s`, and nothing younger than the
 * oldest transaction that is still open where the database tells of it. An import's page is written within a second or
 * two of its stamp; half a minute is far above that, and what an outside reader of a feed can wait.
 */
export const FEED_SETTLE_S = 30

export type FeedOrder = 'updated_at' | 'created_at'

export interface FeedInput {
  order: FeedOrder
  /** Where the last answer ended. */
  cursor?: string | undefined
  /** Where to begin without a cursor; from the beginning of time by default. */
  since?: string | undefined
  limit: number
  fields?: readonly string[] | undefined
  cursor_secret: string
  now: Date
}

export interface FeedAnswer {
  data: Partial<LeadDetail>[]
  /** Always there: give it back to learn what came after, now or tomorrow. */
  next_cursor: string
  /** More is waiting: ask again at once. */
  has_more: boolean
  /** Everything up to here has been told of when `has_more` is false. */
  settled_until: string
}

/** @throws Problem invalid_cursor, invalid_request */
export async function readChangeFeed(db: Db, input: FeedInput): Promise<FeedAnswer> {
  const { order, cursor, cursor_secret, limit, now } = input
  const fingerprint = listFingerprint(['lead feed', order])
  const after = cursor === undefined ? [sinceTime(input.since), 0] : decodeCursor(cursor_secret, fingerprint, cursor)
  const settled = await settledUntil(db, now)
  const page = await listPage<Partial<LeadDetail> & Record<FeedOrder, string> & { id: number }>(db, {
    definition: leadListDefinition,
    columns: [...new Set([...(input.fields ?? leadViewColumns), order, 'id'])],
    filters: [],
    conditions: [sql`${sql.ref(order)} < ${settled}`],
    include_deleted: true,
    sort: { column: order, is_descending: false },
    limit,
    after,
  })
  const last = page.rows.at(-1)
  const position = last ? [last[order], last.id] : after
  const { fields } = input
  const data = fields
    ? page.rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field as keyof typeof row]])))
    : page.rows
  return {
    data,
    next_cursor: encodeCursor(cursor_secret, fingerprint, position),
    has_more: page.next !== null,
    settled_until: settled.toISOString(),
  }
}

function sinceTime(since: string | undefined): string {
  if (since === undefined) return '1970-01-01T00:00:00.000Z'
  const time = parseTime(since)
  // A row of this very millisecond is in: the id 0 that follows it is below all others.
  if (time) return time.toISOString()
  const detail = 'An ISO 8601 time such as 2026-01-01T00:00:00Z.'
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'since', detail }] })
}

async function settledUntil(db: Db, now: Date): Promise<Date> {
  const oldest = await db.engine.findOldestWriteStart(db)
  const begun_ms = Math.min(now.getTime(), oldest?.getTime() ?? Number.POSITIVE_INFINITY)
  return new Date(begun_ms - FEED_SETTLE_S * 1000)
}
