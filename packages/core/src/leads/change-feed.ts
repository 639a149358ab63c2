import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { parseTime } from '../lists/filter.ts'
import { listBoundedPage } from '../lists/list-page.ts'
import { Problem } from '../problem.ts'
import { type LeadDetail, leadViewColumns } from './lead-views.ts'
import { leadListDefinition } from './list-leads.ts'

/**
 * The change feed: leads ordered by creation (`created_at`) or last change (`updated_at`), including deleted leads, for
 * consumers that keep a copy.
 *
 * A writer sets its timestamps before it commits, so reading "everything after the last timestamp" would skip rows that
 * commit late. The feed therefore returns only settled rows: older than {@link FEED_SETTLE_S}, and older than the oldest
 * open transaction if the database reports it. A page of an import commits within two seconds of its timestamp.
 */
export const FEED_SETTLE_S = 30

export type FeedOrder = 'updated_at' | 'created_at'

export interface FeedInput {
  order: FeedOrder
  /** The end of the previous page. */
  cursor?: string | undefined
  /** Start without a cursor. Default: the first lead. */
  since?: string | undefined
  limit: number
  fields?: readonly string[] | undefined
  cursor_secret: string
  now: Date
  /** Deleted leads are complete; otherwise of them only the deletion is returned. */
  can_see_deleted: boolean
}

export interface FeedAnswer {
  data: Partial<LeadDetail>[]
  /** Always present. Pass it to the next request, now or tomorrow. */
  next_cursor: string
  /** Another page is available now. */
  has_more: boolean
  /** If `has_more` is false, all changes before this time have been returned. */
  settled_until: string
}

/** All that a reader learns about a deleted lead: that copies of it must be deleted. */
const tombstoneColumns = ['id', 'version', 'updated_at', 'is_deleted', 'deleted_at'] as const

/** @throws Problem invalid_cursor, invalid_request */
export async function readChangeFeed(db: Db, input: FeedInput): Promise<FeedAnswer> {
  const { order, cursor, cursor_secret, limit, now } = input
  const fingerprint = listFingerprint(['lead feed', order])
  const after = cursor === undefined ? [sinceTime(input.since), 0] : decodeCursor(cursor_secret, fingerprint, cursor)
  const settled = await settledUntil(db, now)
  const page = await listBoundedPage<Partial<LeadDetail> & Record<FeedOrder, string> & { id: number }>(db, {
    definition: leadListDefinition,
    columns: [...new Set([...(input.fields ?? leadViewColumns), ...tombstoneColumns, order])],
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
  const shown = fields ?? leadViewColumns
  const data = page.rows.map((row) => {
    const columns = row.is_deleted && !input.can_see_deleted ? tombstoneColumns : shown
    const omitted = (row as { omitted_fields?: string[] }).omitted_fields
    return {
      ...Object.fromEntries(columns.map((field) => [field, row[field as keyof typeof row]])),
      ...(omitted && { omitted_fields: omitted }),
    } as Partial<LeadDetail>
  })
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
  // Includes rows of this millisecond: the cursor continues after id 0, which is below all ids.
  if (time) return time.toISOString()
  const detail = 'An ISO 8601 time such as 2026-01-01T00:00:00Z.'
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'since', detail }] })
}

async function settledUntil(db: Db, now: Date): Promise<Date> {
  const oldest = await db.engine.findOldestWriteStart(db)
  const begun_ms = Math.min(now.getTime(), oldest?.getTime() ?? Number.POSITIVE_INFINITY)
  return new Date(begun_ms - FEED_SETTLE_S * 1000)
}
