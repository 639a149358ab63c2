import { readOfLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import type { LeadIdentity } from '../model/lead-identity.ts'

/** A lead of many merges has a few dozen. */
const IDENTITIES_MAX = 1000

/**
 * By what imports recognize a lead, in the order of the text, at most 1,000.
 * @throws Problem not_found; gone unless deleted leads are included
 */
export const listLeadIdentities = (
  db: Db,
  lead_id: number,
  options: { include_deleted?: boolean } = {},
): Promise<LeadIdentity[]> =>
  readOfLead(db, lead_id, options, () =>
    db.kysely
      .selectFrom('lead_identities')
      .selectAll()
      .where('lead_id', '=', lead_id)
      .orderBy('identity')
      .limit(IDENTITIES_MAX)
      .execute(),
  )
