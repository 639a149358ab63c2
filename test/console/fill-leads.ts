import type { Database } from '@leads/core/database/engine'
import { sql } from 'kysely'

export const FILLED_COUNTRIES = [
  'Germany',
  'France',
  'Spain',
  'Italy',
  'India',
  'Poland',
  'Austria',
  'Norway',
  'Sweden',
  'Chile',
] as const
export const FILLED_STATUSES = ['new', 'contacted', 'qualified', 'converted'] as const

/** Inserts so many leads into a SQLite database, evenly spread over countries and statuses, a thousand a minute. */
export async function fillLeads(db: Database, count: number): Promise<void> {
  const created_at = sql.raw(`strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', '+' || (n / 1000) || ' minutes')`)
  await sql`
    with recursive g (n) as (select 1 union all select n + 1 from g where n < ${count})
    insert into sales_leads (full_name, title, email, phone, company_name, city, country, lead_status, source,
      provider_name, external_id, created_at, updated_at, created_by, updated_by)
    select 'First' || (n % 2000) || ' Last' || n, 'Title ' || (n % 300), 'person' || n || '@company' || (n % 5000) || '.example.com',
      '+4930' || (10000000 + n), 'Company ' || (n % 5000), 'City ' || (n % 400), ${pick(FILLED_COUNTRIES, 1)},
      ${pick(FILLED_STATUSES, 10)}, 'import', 'import', 'fill:' || n, ${created_at}, ${created_at}, 'fill', 'fill'
    from g`.execute(db.kysely)
  await sql`analyze`.execute(db.kysely)
}

/** The next value of a list after each `every` rows. */
const pick = (values: readonly string[], every: number) =>
  sql.raw(`json_extract('${JSON.stringify(values)}', '$[' || ((n / ${every}) % ${values.length}) || ']')`)
