import { assertLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import type { LeadIdentity } from '../model/lead-identity.ts'

/** A lead of many merges has a few dozen. */
const IDENTITIES_MAX = 1000

/** By what imports recognize a lead, in the order of the text, at most 1,000. @throws Problem not_found */
export async function listLeadIdentities(db: Db, lead_id: number): Promise<LeadIdentity[]> {
  const rows = await db.kysely
    .selectFrom('lead_identities')
    .selectAll()
    .where('lead_id', '=', lead_id)
    .orderBy('identity')
    .limit(IDENTITIES_MAX)
    .execute()
  if (rows.length === 0) await assertLead(db, lead_id)
  return rows
}
