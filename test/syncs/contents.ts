import type { Db } from '@leads/core/database/engine'
import { attachSightings, readSightings } from '@leads/core/leads/sightings'

/**
 * All that imports have written, in an order and with references that are the same in every database: leads by their
 * external id, companies by their key, and no ids, versions or times. Two syncs of the same data must give equal ones.
 */
export interface Contents {
  leads: Record<string, unknown>[]
  sources: Record<string, unknown>[]
  events: Record<string, unknown>[]
  companies: Record<string, unknown>[]
  rejections: Record<string, unknown>[]
  syncs: Record<string, unknown>[]
}

const changing = new Set([
  'id',
  'version',
  'created_at',
  'updated_at',
  'deleted_at',
  'event_timestamp',
  'resolved_at',
  // Of a file without times: when its import began.
  'observed_at',
  // Derived by the database from the other columns, on engines that need it.
  'search_text',
])

/** Columns of a sync that describe its course, not its result. */
const courseOfSync = new Set(['last_sync_at', 'next_sync_at', 'retry_count', 'started_at', 'finished_at'])

function without(row: object, columns: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.has(column) && !changing.has(column)))
}

export async function readContents(db: Db): Promise<Contents> {
  const { kysely } = db
  const companies = await kysely.selectFrom('companies').selectAll().execute()
  const leads = await kysely.selectFrom('sales_leads').selectAll().execute()
  const bare = await kysely.selectFrom('lead_sources').selectAll().execute()
  const sources: typeof bare = []
  // In parts: a statement takes only so many ids.
  for (let start = 0; start < bare.length; start += 5000) {
    const part = bare.slice(start, start + 5000)
    const ids = part.map(({ lead_id }) => lead_id)
    sources.push(...attachSightings(part, await readSightings(db, ids)))
  }
  const events = await kysely.selectFrom('lead_events').selectAll().orderBy('id').execute()
  const rejections = await kysely.selectFrom('sync_rejections').selectAll().execute()
  const syncs = await kysely.selectFrom('apify_sync_states').selectAll().execute()
  const companyKeys = new Map(companies.map(({ id, company_key }) => [id, company_key]))
  const externalIds = new Map(leads.map(({ id, external_id }) => [id, `${external_id}`]))
  const leadOf = (id: number) => externalIds.get(id) ?? `no lead ${id}`
  return {
    leads: sorted(
      leads.map(
        ({ company_id, ...lead }): Record<string, unknown> => ({
          ...without(lead, changing),
          company_key: company_id === null ? null : (companyKeys.get(company_id) ?? `no company ${company_id}`),
        }),
      ),
      ({ external_id }) => `${external_id}`,
    ),
    sources: sorted(
      sources.map(({ lead_id, metadata, ...source }) => ({
        ...without(source, changing),
        lead: leadOf(lead_id),
        metadata: withoutTimes(metadata),
      })),
      ({ lead }) => `${lead}`,
    ),
    // Of one lead the order is that of their ids; sort() keeps it.
    events: sorted(
      events.map(({ lead_id, ...event }) => ({ ...without(event, changing), lead: leadOf(lead_id) })),
      ({ lead }) => `${lead}`,
    ),
    companies: sorted(
      companies.map((company) => without(company, changing)),
      ({ company_key }) => `${company_key}`,
    ),
    rejections: sorted(
      rejections.map(({ resolved_lead_id, ...row }) => without(row, changing)),
      (row) => `${row.run_id} ${row.dataset_id} ${String(row.item_offset).padStart(9, '0')}`,
    ),
    syncs: sorted(
      syncs.map((row) => without(row, courseOfSync)),
      ({ run_id }) => `${run_id}`,
    ),
  }
}

function sorted<Row>(rows: Row[], key: (row: Row) => string): Row[] {
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)
}

/** Sightings say when; that depends on when the page was written. */
function withoutTimes(metadata: Record<string, unknown> | null): unknown {
  if (!Array.isArray(metadata?.sightings)) return metadata
  const sightings = metadata.sightings as Record<string, unknown>[]
  return { ...metadata, sightings: sightings.map(({ seen_at: _, ...sighting }) => sighting) }
}

/** How many rows each table has: the quick look before row for row. */
export function sizes(contents: Contents): Record<string, number> {
  return Object.fromEntries(Object.entries(contents).map(([table, rows]) => [table, (rows as unknown[]).length]))
}
