import { readOfLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { PAGE_ROWS_DEFAULT } from '../lists/definition.ts'
import type { ListInput, ListResult } from '../lists/list-page.ts'
import type { LeadIdentity } from '../model/lead-identity.ts'

/**
 * Lists by what imports recognize a lead, in the order of the text.
 * @throws Problem invalid_cursor, not_found; gone unless deleted leads are included
 */
export async function listLeadIdentities(
  db: Db,
  lead_id: number,
  { limit = PAGE_ROWS_DEFAULT, cursor, cursor_secret }: Pick<ListInput, 'limit' | 'cursor' | 'cursor_secret'>,
  options: { include_deleted?: boolean } = {},
): Promise<ListResult<LeadIdentity>> {
  const fingerprint = listFingerprint(['lead_identities', lead_id])
  const [after = ''] = cursor === undefined ? [] : decodeCursor(cursor_secret, fingerprint, cursor)
  const found = await readOfLead(db, lead_id, options, () =>
    db.kysely
      .selectFrom('lead_identities')
      .selectAll()
      .where('lead_id', '=', lead_id)
      .where('identity', '>', String(after))
      .orderBy('identity')
      .limit(limit + 1)
      .execute(),
  )
  const data = found.slice(0, limit)
  const last = data.at(-1)
  return {
    data,
    next_cursor: last && found.length > limit ? encodeCursor(cursor_secret, fingerprint, [last.identity]) : null,
  }
}
