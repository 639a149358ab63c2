import type { Db } from '../database/engine.ts'
import { orIgnore } from '../database/upsert.ts'
import { type IdentifiedLead, toStrongIdentities } from './strong-identities.ts'

/** Stores the identities of a lead that a person created or edited. One that another lead has stays there. */
export async function addLeadIdentities(
  trx: Db,
  { id: lead_id, ...lead }: IdentifiedLead & { id: number },
  seen_at: Date,
): Promise<void> {
  // In one order in all transactions, so that none waits for another in a circle.
  const rows = toStrongIdentities(lead)
    .toSorted()
    .map((identity) => ({ identity, lead_id, seen_at }))
  if (rows.length === 0) return
  await orIgnore(trx, trx.kysely.insertInto('lead_identities').values(rows), ['identity']).execute()
}
