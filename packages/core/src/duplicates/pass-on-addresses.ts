import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import { toEmailKey } from '../normalize/email.ts'

interface StatingLead {
  id: number
  email: string
  merged_into_id: number | null
}

/**
 * Gives the addresses of leads that are about to be removed to another lead that states them: the oldest, and as its own
 * unless several do. Without it, the next item with the address would make the lead that stays a second time.
 */
export async function passOnAddresses(trx: Db, lead_ids: readonly number[]): Promise<void> {
  const stored = await trx.kysely
    .selectFrom('lead_identities')
    .select('identity')
    .where('lead_id', 'in', lead_ids)
    .where('identity', 'like', 'email:%')
    .orderBy('identity')
    .execute()
  if (stored.length === 0) return
  const leads = await trx.kysely
    .selectFrom('sales_leads')
    .select(['email', 'additional_emails'])
    .where('id', 'in', lead_ids)
    .execute()
  const emails = new Set(leads.flatMap(({ email, additional_emails }) => [email ?? [], additional_emails].flat()))
  const columns = ['id', 'email', 'merged_into_id'] as const
  const stating = await findByKey<StatingLead>(trx, { table: 'sales_leads', key: 'email', columns }, [...emails])
  const removed = new Set(lead_ids)
  const staying = stating.filter(({ id, merged_into_id }) => merged_into_id === null && !removed.has(id))
  const byIdentity = Map.groupBy(staying, ({ email }) => `email:${toEmailKey(email)}`)
  for (const { identity } of stored) {
    const ids = byIdentity.get(identity)?.map(({ id }) => id) ?? []
    if (ids.length === 0) continue
    await trx.kysely
      .updateTable('lead_identities')
      .set({ lead_id: Math.min(...ids), is_shared: ids.length > 1 })
      .where('identity', '=', identity)
      .execute()
  }
}
