import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { leadViewColumns } from '@leads/core/leads/lead-views'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import { parseFilters } from '@leads/core/lists/filter'
import { type PageQuery, parseSort } from '@leads/core/lists/page-statement'
import { listStatement, readRows } from '@leads/core/lists/search-statement'
import { parseSearchWords } from '@leads/core/lists/search-words'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

/**
 * Enough rows for the planner to decide as with a million: its choice depends on the ratio of matching rows to page size,
 * and the tables are far larger than a page.
 */
const ROWS_COUNT = 60_000

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Loops'?: number
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  Plans?: PlanNode[]
}

/** Behind a pooler of transactions, statements are not prepared. */
const isPrepared = process.env.TEST_PGBOUNCER !== '1'

describe('PostgreSQL uses an index for every filter and order of the list of leads', () => {
  let database: FreshDatabase
  let db: Database

  beforeAll(async () => {
    database = await freshDatabase('postgres')
    db = await openDatabase(database.database_url)
    // Old leads share a country and a run and have been contacted; new ones have others. Values are rare at one end.
    await sql`insert into sales_leads (full_name, email, phone, company_domain, country, city, source, provider_name,
        external_id, actor_id, run_id, enrichment_status, lead_score, lead_status, tags, is_deleted, deleted_at, created_at,
        updated_at, company_name, state, industry, created_by, data_quality_score)
      select 'Person ' || i, case when i % 3 > 0 then 'p' || i || '@example.com' end, '+49' || i, 'd' || i % 9000 || '.example',
        case when i < 12000 then 'India' when i % 5 = 0 then 'Nepal' else 'Germany' end, 'City ' || i % 300,
        case when i % 100 = 0 then 'api' else 'apify' end, 'apify', 'seed:' || i, 'actor' || i / 20000, 'run' || i / 2000,
        case when i < 3000 then 'failed' else 'pending' end, case when i % 50 = 0 then i % 101 end,
        case when i < 6000 then 'qualified' else 'new' end,
        case when i % 40 = 0 then jsonb_build_array('tag ' || i % 7) end, i % 200 = 0,
        case when i % 200 = 0 then now() end, timestamptz '2026-01-01' + i / 100 * interval '1 minute',
        timestamptz '2026-01-01' + i / 100 * interval '1 minute', 'Company ' || i % 9000, 'State ' || i % 50,
        'Industry ' || i % 200, case when i % 500 = 0 then 'crm' else 'apify-sync' end, i % 101
      from generate_series(1, ${sql.lit(ROWS_COUNT)}) as i`.execute(db.kysely)
    await sql`insert into lead_sources (lead_id, source_type, import_batch_id)
      select id, 'apify', case when id % 1000 = 0 then 'fair-' || id % 3 end from sales_leads`.execute(db.kysely)
    await sql`analyze`.execute(db.kysely)
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  const queryOf = async (text: string): Promise<PageQuery> => {
    const parameters = new URLSearchParams(text)
    const filters = await parseFilters(
      leadListDefinition,
      Object.fromEntries([...parameters.keys()].map((key) => [key, parameters.getAll(key)])),
    )
    const q = parameters.get('q')
    return {
      definition: leadListDefinition,
      columns: [...leadViewColumns],
      filters,
      words: q === null ? [] : parseSearchWords(q),
      sort: parseSort(leadListDefinition, parameters.get('sort') ?? undefined),
      limit: 50,
      after: null,
      include_deleted: parameters.has('include_deleted'),
    }
  }

  const explain = async (query: PageQuery): Promise<PlanNode> => {
    const { rows } = await sql<{
      'QUERY PLAN': { Plan: PlanNode }[]
    }>`explain (analyze, buffers, format json) ${listStatement(db, query, query.limit + 1)}`.execute(db.kysely)
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
    if (!plan) throw new Error('no plan')
    return plan
  }

  const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
  const pagesOf = (plan: PlanNode): number => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)

  const filters = [
    '',
    'id=4711',
    'id=in:1,2,3',
    'id=gte:59000',
    'email=p4711@example.com',
    'email=is:null',
    'phone=%2B494711',
    'company_id=1',
    'company_domain=d4711.example',
    'country=India',
    'country=Nowhere',
    'country=in:India,Nepal',
    'country=India&lead_status=new',
    'country=India&lead_status=qualified',
    'country=India&city=City 17',
    'city=City 17',
    'city=Nowhere',
    'source=apify',
    'source=api',
    'source=manual',
    'external_id=seed:4711',
    'provider_name=apify',
    'provider_name=apify&external_id=seed:4711',
    'actor_id=actor0',
    'actor_id=nobody',
    'run_id=run0',
    'run_id=run29',
    'enrichment_status=failed',
    'enrichment_status=pending',
    'enrichment_status=enriched',
    'lead_status=new',
    'lead_status=qualified',
    'lead_status=converted',
    'lead_status=in:contacted,qualified',
    'lead_score=gte:95',
    'lead_score=50',
    'tags=has:tag 3',
    'tags=has:unknown',
    'created_at=gte:2026-01-01T05:00:00Z&created_at=lt:2026-01-01T06:00:00Z',
    'updated_at=gte:2026-01-01T09:55:00Z',
    'lead_score=in:1,2',
    'data_quality_score=gte:95',
    'data_quality_score=50',
    'company_name=Company 4711',
    'company_name=prefix:Company 47',
    'company_name=not:Company 4711',
    'company_domain=prefix:d471',
    'email=prefix:p471',
    'city=prefix:City 1',
    'state=State 7',
    'state=prefix:State 1',
    'industry=Industry 7',
    'industry=is:null',
    'created_by=crm',
    'created_by=apify-sync',
    'created_by=in:crm,fair',
    'import_batch_id=fair-1',
    'import_batch_id=unknown',
    'country=not:India',
    'lead_status=not:new',
    'is_deleted=true',
    'q=person 4711',
    'q=nobody',
    'include_deleted=true',
  ]
  const sorts = Object.keys(leadListDefinition.sorts).flatMap((column) => [column, `-${column}`])

  test.each(filters)('%s, in every order', async (filter) => {
    for (const sort of sorts) {
      const plan = await explain(await queryOf(`${filter}&sort=${sort}`))
      const scans = nodesOf(plan).filter(({ 'Node Type': type }) => type.includes('Seq Scan'))
      expect(scans, `${filter} sort=${sort}`).toEqual([])
    }
  })

  /** Limit of 8 KB blocks per page: 51 rows in separate blocks and the index blocks, with a margin. */
  const page_blocks_max = 800

  test.each(
    filters.filter(
      (filter) =>
        !/^(provider_name=apify|email=is:null|lead_score|data_quality|q=person|include|is_deleted|.*prefix:|.*=not:|import_batch)/.test(
          filter,
        ),
    ),
  )('%s, newest first, reads no more blocks than a page needs', async (filter) => {
    // The rows of a search are read twice: to tell whether they are few, and to sort them.
    const times = filter.includes('has:') ? 2 : 1
    expect(pagesOf(await explain(await queryOf(filter)))).toBeLessThan(page_blocks_max * times)
  })

  test.each(['q=person 4711', 'q=person', 'q=nobody', 'q=4711&country=India'])(
    '%s looks into the index of words once',
    async (filter) => {
      const looks = nodesOf(await explain(await queryOf(filter))).filter(
        (node) => node['Index Name'] === 'ix_sales_leads_words' && node['Actual Loops'] !== 0,
      )
      expect(looks).toHaveLength(1)
    },
  )

  test.runIf(isPrepared)('a search for rare words is planned once for all words', async () => {
    const one = await openDatabase(database.database_url, { connections_max: 1 })
    try {
      for (let turn = 0; turn < 12; turn += 1) {
        const number = 40_001 + turn
        expect(await readRows(one, await queryOf(`q=person ${number}`), 51)).toMatchObject([{ id: number }])
      }
      const { rows } = await sql<{ generic_plans: number; custom_plans: number }>`
        select generic_plans, custom_plans from pg_prepared_statements where statement like '%found_first%'`.execute(
        one.kysely,
      )
      // The first was not prepared yet, and PostgreSQL plans five times before it compares.
      expect(rows).toEqual([{ generic_plans: 6, custom_plans: 5 }])
    } finally {
      await one.close()
    }
  })

  test.runIf(isPrepared)(
    'a search for words that most leads have does not look them up in the index of words',
    async () => {
      const one = await openDatabase(database.database_url, { connections_max: 1 })
      try {
        const lookups = sql<{ lookups: number }>`select count(*)::integer as lookups from pg_prepared_statements
        where statement like '%found_first%'`
        for (let turn = 0; turn < 3; turn += 1) await readRows(one, await queryOf('q=person company'), 51)
        expect((await lookups.execute(one.kysely)).rows).toEqual([{ lookups: 0 }])
        for (let turn = 0; turn < 3; turn += 1) await readRows(one, await queryOf('q=germany'), 51)
        expect((await lookups.execute(one.kysely)).rows).toEqual([{ lookups: 1 }])
      } finally {
        await one.close()
      }
    },
  )

  test.each([
    ['q=person', `not is_deleted`],
    ['q=germany', `false`],
    ['q=person&country=Nepal', `not is_deleted and country = 'Nepal'`],
    ['q=person&sort=created_at', `not is_deleted`],
    ['q=person&sort=-id', `not is_deleted`],
    ['q=person&country=India', `not is_deleted and country = 'India'`],
    ['q=person company', `not is_deleted`],
    ['q=person 47111', `not is_deleted and id = 47111`],
    ['q=example&city=City 17', `not is_deleted and city = 'City 17' and email is not null`],
  ])('%s finds the rows of a word that is in nearly all leads, and of one in none', async (text, condition) => {
    const query = await queryOf(text)
    const order = sql.raw(query.sort.is_descending ? 'desc' : 'asc')
    const { rows } = await sql<{ id: number }>`select id from sales_leads where ${sql.raw(condition)}
      order by created_at ${order}, id ${order} limit 51`.execute(db.kysely)
    expect((await readRows(db, query, 51)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  test.each([
    'sort=-created_at',
    'sort=created_at',
    'sort=-updated_at',
    'sort=-id',
    'country=Germany',
    'lead_status=new',
  ])('%s: page 600 costs as much as the first', async (text) => {
    const first = await queryOf(text)
    const { rows } = await listStatement(db, { ...first, columns: [first.sort.column, 'id'] }, 30_000).execute(
      db.kysely,
    )
    const deep_row = rows.at(-1) as Record<string, number | string>
    const position = [deep_row[first.sort.column] as string, deep_row.id as number]
    const after = first.sort.column === 'id' ? [deep_row.id as number] : position
    expect(rows.length).toBe(30_000)
    const [near, far] = [pagesOf(await explain(first)), pagesOf(await explain({ ...first, after }))]
    expect(far).toBeLessThan(near * 2 + 100)
  })
})
