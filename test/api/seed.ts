import type { Database } from '@leads/core/database/engine'
import { insertReturningId } from '@leads/core/database/insert-returning'
import type { Lead } from '@leads/core/model/lead'

export interface SeedLead extends Partial<Omit<Lead, 'created_at' | 'updated_at' | 'deleted_at' | 'observed_at'>> {
  created_at?: Date
  updated_at?: Date
  deleted_at?: Date | null
}

/** Inserts leads as an import would, each with a source and a `created` event. Returns their ids. */
export async function seedLeads(db: Database, leads: readonly SeedLead[]): Promise<number[]> {
  const ids: number[] = []
  for (const [index, lead] of leads.entries()) {
    const at = lead.created_at ?? new Date(Date.UTC(2026, 0, 1) + index * 1000)
    const row = { source: 'apify', provider_name: 'apify', external_id: `seed:${index}`, ...lead } as const
    const id = await insertReturningId(db, 'sales_leads', { updated_at: at, ...row, created_at: at })
    await db.kysely
      .insertInto('lead_sources')
      .values({ lead_id: id, source_type: 'apify', provider_name: 'apify', external_id: row.external_id })
      .execute()
    await db.kysely
      .insertInto('lead_events')
      .values({ lead_id: id, event_type: 'created', event_timestamp: at, actor: 'sync', event_source: 'apify' })
      .execute()
    ids.push(id)
  }
  return ids
}
