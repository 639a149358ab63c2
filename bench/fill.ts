import { openDatabase } from '@leads/core/database/open-database'
import { completeLeadCounts } from '@leads/core/stats/lead-counts'
import type { Sql } from 'postgres'

export interface FillOptions {
  /** Leads that are there already, from an earlier call. */
  from?: number
  /** Time between pages of 1,000 leads. */
  page_interval?: string
}

/**
 * Fills a PostgreSQL database up to so many leads, their sources and events, in the shapes that imports give them. Indexes
 * are dropped first and made again after, which is ten times as fast. No statistics are gathered, and the leads are not
 * counted: {@link countFilledLeads} does.
 */
export async function fillLeads(sql: Sql, count: number, options: FillOptions = {}): Promise<void> {
  const { from = 0, page_interval = '1 minute' } = options
  // Ten million leads take longer to index than the 15 minutes that a statement has by the database's default.
  await sql.unsafe('set statement_timeout = 0')
  const indexes = await sql.unsafe(`
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename in ('sales_leads', 'lead_sources', 'lead_events')
      and indexname not like '%_pkey'`)
  for (const { indexname } of indexes) await sql.unsafe(`drop index ${indexname}`)
  // A statement's trigger keeps all of its rows until the end.
  await sql.unsafe('alter table sales_leads disable trigger user')
  await sql.unsafe(
    `update task_states set task_state = '{"is_complete": false, "next_day": null}' where name = 'lead-counts'`,
  )
  const companies = (leads: number): number => (leads === 0 ? 0 : Math.max(1, Math.floor(leads / 20)))
  await sql.unsafe(fillCompanies(companies(from), companies(count)))
  for (let first = from; first < count; first += LEADS_PER_STATEMENT) {
    const range = { first: first + 1, last: Math.min(count, first + LEADS_PER_STATEMENT), companies: companies(count) }
    for (const statement of fillStatements(range, page_interval)) await sql.unsafe(statement)
  }
  await sql.unsafe('alter table sales_leads enable trigger user')
  for (const { indexdef } of indexes) await sql.unsafe(indexdef)
  for (const table of ['companies', 'sales_leads', 'lead_sources', 'lead_events'])
    await sql.unsafe(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
}

const LEADS_PER_STATEMENT = 500_000

/** What the schedule does after a migration. */
export async function countFilledLeads(database_url: string): Promise<void> {
  const db = await openDatabase(database_url, { connections_max: 1 })
  try {
    await completeLeadCounts({ db, now: () => new Date(), remaining_ms: () => Number.POSITIVE_INFINITY })
  } finally {
    await db.close()
  }
}

const countries = `(array['DE','FR','US','GB','IN','ES','IT','NL','PL','SE'])[1 + g % 10]`
const fillCompanies = (from: number, count: number): string => `
  insert into companies (id, company_key, name, domain, country, city, industry, created_by, updated_by)
  select g, 'domain:company-' || g || '.test', 'Company ' || g, 'company-' || g || '.test', ${countries},
    'City ' || g % 400, 'Industry ' || g % 40, 'fill', 'fill'
  from generate_series(${from + 1}, ${count}) g`

interface FillRange {
  first: number
  last: number
  companies: number
}

function fillStatements({ first, last, companies }: FillRange, page_interval: string): string[] {
  const leads = `generate_series(${first}, ${last}) g`
  // A page of 1,000 shares one time, as an import leaves it.
  const time = `timestamptz '2026-01-01' + (g / 1000) * interval '${page_interval}'`
  return [
    `insert into sales_leads (id, full_name, first_name, last_name, title, email, phone, company_id, company_name,
    company_domain, country, city, industry, source, provider_name, external_id, actor_id, run_id, dataset_id,
    lead_status, raw_data, import_hashes, created_at, updated_at, created_by, updated_by)
  select g, 'First' || g % 2000 || ' Last' || g, 'First' || g % 2000, 'Last' || g, 'Title ' || g % 300,
    'person' || g || '@company-' || 1 + g % c || '.test', '+4930' || 10000000 + g, 1 + g % c, 'Company ' || 1 + g % c,
    'company-' || 1 + g % c || '.test', ${countries}, 'City ' || g % 400, 'Industry ' || g % 40, 'apify', 'apify',
    'fill:' || md5(g::text), 'actor' || g % 5, 'run' || g / 10000, 'dataset' || g / 10000,
    (array['new','new','new','contacted','qualified','converted'])[1 + (g / 10) % 6],
    json_build_object('id', g, 'text', repeat(md5(g::text), 24)), repeat('1abcde', 12), ${time}, ${time}, 'fill', 'fill'
  from ${leads}, (select ${companies} as c) as companies`,
    `insert into lead_sources (lead_id, source_type, source_name, provider_name, actor_id, actor_name, run_id, dataset_id,
    external_id, external_url, data_quality_score, confidence_score, metadata, created_at, updated_at)
  select g, 'apify', 'bench/people', 'apify', 'actor' || g % 5, 'bench/people', 'run' || g / 10000,
    'dataset' || g / 10000, 'fill:' || md5(g::text), 'https://example.test/' || g, 80, 90, '{"mapping":"people"}',
    ${time}, ${time}
  from ${leads}`,
    `insert into lead_events (lead_id, event_type, event_name, event_data, event_source, event_timestamp, actor,
    created_at, updated_at)
  select g, 'created', 'Lead created', json_build_object('run_id', 'run' || g / 10000), 'apify', ${time}, 'apify-sync',
    ${time}, ${time}
  from ${leads}`,
  ]
}
