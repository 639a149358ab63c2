import type { Db } from '../database/engine.ts'
import type { Provenance } from './provenance.ts'
import type { ResolvedItems } from './resolve-items.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead } from './statements/types.ts'

interface IdentityRows extends Partial<Pick<ResolvedItems, 'new_identities' | 'shared_identities'>> {
  known: ReadonlyMap<string, ExistingLead>
}

/**
 * Stores the identities that no lead had, in one order everywhere. One that a concurrent import stored first is a
 * `unique` error: the page is resolved again.
 */
export async function insertIdentities(
  trx: Db,
  { known, new_identities, shared_identities = [] }: IdentityRows,
  { provider_name, at }: Provenance,
  /** external_id → id of leads that the same call inserted, as far as they are known. */
  inserted: ReadonlyMap<string, number>,
): Promise<void> {
  if (shared_identities.length > 0) {
    await trx.kysely
      .updateTable('lead_identities')
      .set({ is_shared: true })
      .where('identity', 'in', shared_identities)
      .execute()
  }
  if (!new_identities || new_identities.size === 0) return
  const created = [...new Set(new_identities.values())].filter((key) => !known.has(key) && !inserted.has(key))
  const ids = new Map(inserted)
  for (const { external_id, id } of await getStatements(trx).findLeads(trx, provider_name, created))
    ids.set(external_id, id)
  const rows = [...new_identities].flatMap(([identity, key]) => {
    const lead_id = known.get(key)?.id ?? ids.get(key)
    const is_shared = shared_identities.includes(identity)
    return lead_id === undefined ? [] : [{ identity, lead_id, is_shared }]
  })
  rows.sort((a, b) => (a.identity < b.identity ? -1 : 1))
  await getStatements(trx).insertIdentities(trx, rows, at)
}
