import type { Db } from '../database/engine.ts'
import { explainPair } from '../duplicates/explain-pair.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { PAGE_ROWS_DEFAULT } from '../lists/definition.ts'
import type { DuplicatePair, DuplicateStatus, LeadDuplicate } from '../model/lead-duplicate.ts'

export interface ListDuplicatesInput {
  /** 0 to 1. */
  at_least?: number | undefined
  status?: DuplicateStatus | undefined
  /** Only pairs of this lead. */
  lead_id?: number | undefined
  limit?: number | undefined
  cursor?: string | undefined
  cursor_secret: string
}

export interface DuplicatePage {
  data: DuplicatePair[]
  next_cursor: string | null
}

/** Pairs of leads that may be one, the most certain first. @throws Problem invalid_cursor */
export async function listDuplicates(db: Db, input: ListDuplicatesInput): Promise<DuplicatePage> {
  const { status = 'open', at_least = 0, lead_id, limit = PAGE_ROWS_DEFAULT, cursor, cursor_secret } = input
  const fingerprint = listFingerprint(['duplicates', status, at_least, lead_id ?? null])
  let query = db.kysely
    .selectFrom('lead_duplicates')
    .selectAll()
    .where('duplicate_status', '=', status)
    .where('certainty', '>=', Math.ceil(at_least * 1000))
  if (lead_id !== undefined)
    query = query.where(({ eb, or }) => or([eb('lead_a', '=', lead_id), eb('lead_b', '=', lead_id)]))
  if (cursor !== undefined) {
    const [certainty, a, b] = decodeCursor(cursor_secret, fingerprint, cursor).map(Number) as [number, number, number]
    query = query.where(({ eb, or, and }) =>
      or([
        eb('certainty', '<', certainty),
        and([eb('certainty', '=', certainty), eb('lead_a', '>', a)]),
        and([eb('certainty', '=', certainty), eb('lead_a', '=', a), eb('lead_b', '>', b)]),
      ]),
    )
  }
  const rows = await query
    .orderBy('certainty', 'desc')
    .orderBy('lead_a')
    .orderBy('lead_b')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next_cursor =
    rows.length > limit && last
      ? encodeCursor(cursor_secret, fingerprint, [last.certainty, last.lead_a, last.lead_b])
      : null
  return { data: page.map(toDuplicatePair), next_cursor }
}

/** A stored pair as it is shown: certainty from 0 to 1, reasons in words. */
export function toDuplicatePair(row: LeadDuplicate): DuplicatePair {
  const { certainty, reasons, ...pair } = row
  return { ...pair, certainty: certainty / 1000, reasons: explainPair(reasons) }
}
