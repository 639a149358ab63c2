import type { Db } from '../database/engine.ts'
import { orIgnore } from '../database/upsert.ts'
import { toStrongIdentities } from './strong-identities.ts'

/** Stores the identities of a lead that a person created or edited. One that another lead has stays there. */
export async function addLeadIdentities(trx: Db, lead_id: number, seen_at: Date): Promise<void> {
  const lead = await trx.kysely
    .selectFrom('sales_leads')
    .select(['external_id', 'full_name', 'company_name', 'street', 'email', 'additional_emails'])
    .where('id', '=', lead_id)
    .executeTakeFirstOrThrow()
  for (const identity of toStrongIdentities(lead)) {
    await orIgnore(trx, trx.kysely.insertInto('lead_identities').values({ identity, lead_id, seen_at }), [
      'identity',
    ]).execute()
  }
}
