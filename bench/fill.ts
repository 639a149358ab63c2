import type { Sql } from 'postgres'

/**
 * Fills an empty PostgreSQL database with so many leads, their sources and events, in the shapes that imports give
 * them. Indexes are dropped first and made again after, which is ten times as fast. No statistics are gathered.
 */
export async function fillLeads(sql: Sql, count: number): Promise<void> {
  const indexes = await sql.unsafe(`
    select indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename in ('sales_leads', 'lead_sources', 'lead_events')
      and indexname not like '%_pkey'`)
  for (const { indexname } of indexes) await sql.unsafe(`drop index ${indexname}`)
  await sql.unsafe(fillCompanies(Math.max(1, Math.floor(count / 20))))
  for (const statement of fillStatements(count)) await sql.unsafe(statement)
  for (const { indexdef } of indexes) await sql.unsafe(indexdef)
  for (const table of ['companies', 'sales_leads', 'lead_sources', 'lead_events'])
    await sql.unsafe(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
}

const countries = `(array['DE','FR','US','GB','IN','ES','IT','NL','PL','SE'])[1 + g % 10]`
// A page of 1,000 shares one time, as an import leaves it.
const time = `timestamptz '2026-01-01' + (g / 1000) * interval '1 minute'`

const fillCompanies = (count: number): string => `
  insert into companies (id, company_key, name, domain, country, city, industry, created_by, updated_by)
  select g, 'domain:company-' || g || '.test', 'Company ' || g, 'company-' || g || '.test', ${countries},
    'City ' || g % 400, 'Industry ' || g % 40, 'fill', 'fill'
  from generate_series(1, ${count}) g`

const fillStatements = (count: number): string[] => [
  `insert into sales_leads (id, full_name, first_name, last_name, title, email, phone, company_id, company_name,
    company_domain, country, city, industry, source, provider_name, external_id, actor_id, run_id, dataset_id,
    lead_status, raw_data, import_hashes, created_at, updated_at, created_by, updated_by)
  select g, 'First' || g % 2000 || ' Last' || g, 'First' || g % 2000, 'Last' || g, 'Title ' || g % 300,
    'person' || g || '@company-' || 1 + g % c || '.test', '+4930' || 10000000 + g, 1 + g % c, 'Company ' || 1 + g % c,
    'company-' || 1 + g % c || '.test', ${countries}, 'City ' || g % 400, 'Industry ' || g % 40, 'apify', 'apify',
    'fill:' || md5(g::text), 'actor' || g % 5, 'run' || g / 10000, 'dataset' || g / 10000,
    (array['new','new','new','contacted','qualified','converted'])[1 + (g / 10) % 6],
    json_build_object('id', g, 'text', repeat(md5(g::text), 24)), repeat('1abcde', 12), ${time}, ${time}, 'fill', 'fill'
  from generate_series(1, ${count}) g, (select ${Math.max(1, Math.floor(count / 20))} as c) as companies`,
  `insert into lead_sources (lead_id, source_type, source_name, provider_name, actor_id, actor_name, run_id, dataset_id,
    external_id, external_url, data_quality_score, confidence_score, metadata, created_at, updated_at)
  select g, 'apify', 'bench/people', 'apify', 'actor' || g % 5, 'bench/people', 'run' || g / 10000,
    'dataset' || g / 10000, 'fill:' || md5(g::text), 'https://example.test/' || g, 80, 90, '{"mapping":"people"}',
    ${time}, ${time}
  from generate_series(1, ${count}) g`,
  `insert into lead_events (lead_id, event_type, event_name, event_data, event_source, event_timestamp, actor,
    created_at, updated_at)
  select g, 'created', 'Lead created', json_build_object('run_id', 'run' || g / 10000), 'apify', ${time}, 'apify-sync',
    ${time}, ${time}
  from generate_series(1, ${count}) g`,
]
