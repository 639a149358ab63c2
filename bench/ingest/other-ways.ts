import type { Database, Db } from '@leads/core/database/engine'
import { insertReturningId } from '@leads/core/database/insert-returning'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import type { ImportItem } from '@leads/core/ingest/apply-items'

/** What a user would write instead, for comparison. Each returns milliseconds for the items. */

const origin = { provider_name: 'apify', actor_id: 'bench', run_id: 'bench', dataset_id: 'bench' }
const source = { source_type: 'apify' as const, source_name: 'bench/people', actor_name: 'bench/people', ...origin }
const event = { event_type: 'created', event_name: 'Lead created', event_source: 'apify', actor: 'apify-sync' }

function rowOf({ lead, raw_data }: ImportItem) {
  return { ...lead, ...origin, source: 'apify' as const, raw_data: JSON.parse(raw_data) as never }
}

async function timed(database_url: string, work: (db: Database) => Promise<void>): Promise<number> {
  const db = await openDatabase(database_url, { connections_max: 1 })
  try {
    await db.kysely.selectFrom('watermarks').selectAll().execute()
    const started = performance.now()
    await work(db)
    return performance.now() - started
  } finally {
    await db.close()
  }
}

/** Look, then insert. */
async function companyOf(db: Db, { company }: ImportItem): Promise<number | null> {
  if (!company) return null
  const known = await db.kysely
    .selectFrom('companies')
    .select('id')
    .where('company_key', '=', company.company_key)
    .executeTakeFirst()
  return known?.id ?? (await insertReturningId(db, 'companies', company))
}

/** As the schema's usage pattern has it: find lead and company, then insert lead, source and event, item by item. */
async function insertItem(db: Db, item: ImportItem): Promise<void> {
  const { external_id } = item.lead
  const known = await db.kysely
    .selectFrom('sales_leads')
    .select('id')
    .where('provider_name', '=', 'apify')
    .where('external_id', '=', external_id)
    .executeTakeFirst()
  if (known) return
  const company_id = await companyOf(db, item)
  const lead_id = await insertReturningId(db, 'sales_leads', { ...rowOf(item), company_id })
  await insertReturningId(db, 'lead_sources', { ...source, ...item.source, lead_id } as never)
  await insertReturningId(db, 'lead_events', { ...event, lead_id })
}

export const rowByRow = (database_url: string, items: readonly ImportItem[]): Promise<number> =>
  timed(database_url, async (db) => {
    for (const item of items) await insertItem(db, item)
  })

export const rowByRowInPages = (database_url: string, items: readonly ImportItem[], page_rows: number) =>
  timed(database_url, async (db) => {
    for (let start = 0; start < items.length; start += page_rows) {
      await withTransaction(db, async (trx) => {
        for (const item of items.slice(start, start + page_rows)) await insertItem(trx, item)
      })
    }
  })

/** A query builder's insert of many rows, a transaction a page; duplicates are skipped by the unique key. */
export const bulkInsert = (database_url: string, items: readonly ImportItem[], page_rows: number) =>
  timed(database_url, async (db) => {
    for (let start = 0; start < items.length; start += page_rows) {
      const page = items.slice(start, start + page_rows)
      await withTransaction(db, async ({ kysely }) => {
        const leads = await kysely
          .insertInto('sales_leads')
          .values(page.map(rowOf))
          .onConflict((conflict) => conflict.columns(['provider_name', 'external_id']).doNothing())
          .returning(['id', 'external_id'])
          .execute()
        if (leads.length === 0) return
        const sources = new Map(page.map((item) => [item.lead.external_id, item.source]))
        await kysely
          .insertInto('lead_sources')
          .values(
            leads.map(
              ({ id, external_id }) => ({ ...source, ...sources.get(external_id as string), lead_id: id }) as never,
            ),
          )
          .execute()
        await kysely
          .insertInto('lead_events')
          .values(leads.map(({ id }) => ({ ...event, lead_id: id })))
          .execute()
      })
    }
  })
