import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { postgresEngine } from '@leads/core/database/postgres/engine'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import { parseFilters } from '@leads/core/lists/filter'
import { estimateWords, splitByFrequency } from '@leads/core/lists/frequent-words'
import { type PageQuery, parseSort, wordsOf } from '@leads/core/lists/page-statement'
import { listStatement, readRows } from '@leads/core/lists/search-statement'
import { chooseWay, walkStatement } from '@leads/core/lists/search-ways'
import { parseSearchWords } from '@leads/core/lists/search-words'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

/** Behind a pooler of transactions, statements are not prepared. */
const isPrepared = process.env.TEST_PGBOUNCER !== '1'

const PAGE_ROWS = 50

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  Plans?: PlanNode[]
}

const nodesOf = (node?: PlanNode): PlanNode[] => (node ? [node, ...(node.Plans ?? []).flatMap(nodesOf)] : [])

/**
 * Searches of PostgreSQL, which are answered in different ways by how frequent the words are. `blue` is in one lead of 20,
 * `antique` in the older half, `vintage` in the oldest fifth, and each of the words that begin with `p2` in one.
 */
describe('a search', () => {
  let database: FreshDatabase
  let db: Database

  beforeAll(async () => {
    database = await freshDatabase('postgres')
    db = await openDatabase(database.database_url, { connections_max: 1 })
    // Ids and times are in the same order except for one lead in 97.
    await sql`insert into sales_leads (full_name, email, title, country, city, source, provider_name, external_id, tags,
        is_deleted, deleted_at, created_at, updated_at)
      select 'Person ' || i, 'p' || i || '@example.com',
        case when i < 15000 then 'Antique ' else '' end || case when i < 6000 then 'Vintage ' else '' end
          || case when i % 20 = 3 then 'Blue' else '' end,
        case when i % 5 = 0 then 'Nepal' else 'Germany' end, 'City ' || i % 300, 'apify', 'apify', 'seed:' || i,
        case when i % 20 = 7 then '["Hot Lead"]'::jsonb end, i % 50 = 3, case when i % 50 = 3 then now() end,
        timestamptz '2026-01-01' + case when i % 97 = 0 then 30000 - i else i end / 10 * interval '1 minute',
        timestamptz '2026-01-01' + i / 100 * interval '1 minute'
      from generate_series(1, 30000) as i`.execute(db.kysely)
    await sql`analyze`.execute(db.kysely)
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  async function queryOf(text: string): Promise<PageQuery> {
    const parameters = new URLSearchParams(text)
    const q = parameters.get('q')
    return {
      definition: leadListDefinition,
      columns: ['id', 'created_at', 'updated_at'],
      filters: await parseFilters(leadListDefinition, Object.fromEntries(parameters)),
      words: q === null ? [] : parseSearchWords(q),
      sort: parseSort(leadListDefinition, parameters.get('sort') ?? undefined),
      limit: PAGE_ROWS,
      after: null,
      include_deleted: parameters.has('include_deleted'),
    }
  }

  async function wayOf(query: PageQuery): Promise<string> {
    const estimated = await estimateWords(db, 'sales_leads', wordsOf(query))
    const parts = splitByFrequency(estimated)
    return chooseWay(query, PAGE_ROWS + 1, { rows_count: estimated.rows_count, parts }).name
  }

  /** Ids of the first pages, each of which begins behind the one before. */
  async function readPages(first: PageQuery, pages: number): Promise<number[]> {
    const ids: number[] = []
    let query = first
    for (let page = 0; page < pages; page += 1) {
      const rows = (await readRows(db, query, PAGE_ROWS + 1)) as Record<string, number | string>[]
      const kept = rows.slice(0, PAGE_ROWS)
      ids.push(...kept.map(({ id }) => Number(id)))
      const last = kept.at(-1)
      if (!last || rows.length <= PAGE_ROWS) break
      const { column } = query.sort
      query = { ...query, after: column === 'id' ? [Number(last.id)] : [last[column] as string, Number(last.id)] }
    }
    return ids
  }

  const sorts = ['-created_at', 'created_at', '-id', 'id', '-updated_at']

  test.each([
    ['q=blue', 'window', `title like '%Blue'`],
    ['q=blue person', 'window', `title like '%Blue'`],
    ['q=blue&include_deleted=1', 'window', `title like '%Blue'`],
    ['tags=has:Hot Lead', 'found', `tags is not null`],
    ['tags=has:hot', 'window', `false`],
    ['q=blue&country=Nepal', 'found', `false`],
    ['q=blue&city=City 3', 'found', `title like '%Blue' and city = 'City 3'`],
    ['q=p2', 'walk', `email like 'p2%'`],
    ['q=p4', 'window', `email like 'p4%'`],
    ['q=person antique', 'walk', `title like 'Antique%'`],
    ['q=antique', 'walk', `title like 'Antique%'`],
    ['q=vintage', 'walk', `title like '%Vintage%'`],
    ['q=antique&country=Nepal', 'walk', `title like 'Antique%' and country = 'Nepal'`],
    ['q=antique&city=City 7', 'walk', `title like 'Antique%' and city = 'City 7'`],
    ['q=blue 4003', 'found', `title like '%Blue' and full_name like 'Person 4003%'`],
  ])('%s (%s) has the same pages in every order', async (text, way, condition) => {
    for (const sort of sorts) {
      const query = await queryOf(`${text}&sort=${sort}`)
      if (sort === '-created_at') expect(await wayOf(query)).toBe(way)
      const { column, is_descending } = query.sort
      const direction = sql.raw(is_descending ? 'desc' : 'asc')
      const { rows } = await sql<{ id: number }>`select id from sales_leads where ${sql.raw(condition)}
        ${sql.raw(query.include_deleted ? '' : 'and not is_deleted')}
        order by ${sql.ref(column)} ${direction}, id ${direction} limit ${PAGE_ROWS * 4}`.execute(db.kysely)
      expect(await readPages(query, 4), sort).toEqual(rows.map(({ id }) => id))
    }
  })

  test('goes to the end of its pages', async () => {
    const query = await queryOf('q=blue')
    const { rows } = await sql<{ id: number }>`select id from sales_leads where title like '%Blue' and not is_deleted
      order by created_at desc, id desc`.execute(db.kysely)
    expect(await readPages(query, 100)).toEqual(rows.map(({ id }) => id))
  })

  test('knows what many different words begin with', async () => {
    const shareOf = async (text: string) =>
      (await estimateWords(db, 'sales_leads', parseSearchWords(text))).words.map(({ share }) => share)
    const [all = 0, some = 0, none] = await shareOf('p p2 q')
    expect(all).toBeGreaterThan(0.9)
    expect(some).toBeGreaterThan(0.2)
    expect(some).toBeLessThan(0.6)
    expect(none).toBe(0)
  })

  test.runIf(isPrepared)('is planned for its words wherever the plan depends on them', async () => {
    const one = await openDatabase(database.database_url, { connections_max: 1 })
    try {
      // A part of the list, and what all other ways have failed for: in old leads only, and in too many to sort.
      for (let turn = 0; turn < 8; turn += 1)
        for (const text of ['q=blue', 'q=antique']) await readRows(one, await queryOf(text), PAGE_ROWS + 1)
      const { rows } = await sql<{ statement: string }>`
        select statement from pg_prepared_statements where statement like '%to_tsquery%'
          and statement not like '%(select $%'`.execute(one.kysely)
      expect(rows).toEqual([])
    } finally {
      await one.close()
    }
  })

  test.runIf(isPrepared)('whose list ends early does not look into the index of words', async () => {
    const one = await openDatabase(database.database_url, { connections_max: 1 })
    try {
      for (let turn = 0; turn < 3; turn += 1)
        expect(await readRows(one, await queryOf('q=person&city=Nowhere'), PAGE_ROWS + 1)).toEqual([])
      const { rows } =
        await sql`select 1 as one from pg_prepared_statements where statement like '%found_first%'`.execute(one.kysely)
      expect(rows).toEqual([])
    } finally {
      await one.close()
    }
  })

  test('looks at no more of the list than a page needs', async () => {
    const statement = walkStatement(db, await queryOf('q=person'), PAGE_ROWS + 1, 5000)
    const { rows } = await sql<{ 'QUERY PLAN': { Plan: PlanNode }[] }>`
      explain (analyze, format json) ${statement}`.execute(db.kysely)
    const read = nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan)
      .filter((node) => node['Relation Name'] === 'sales_leads')
      .map((node) => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0))
    expect(read.toSorted((a, b) => a - b)).toEqual([0, PAGE_ROWS + 1])
  })

  test('for rare words starts no workers, which takes longer than the search', async () => {
    const one = await openDatabase(database.database_url, { connections_max: 1 })
    try {
      for (const setting of ['parallel_setup_cost', 'parallel_tuple_cost', 'min_parallel_table_scan_size'])
        await sql`select set_config(${setting}, '0', false)`.execute(one.kysely)
      const statement = listStatement(one, await queryOf('q=nobody'), PAGE_ROWS + 1)
      const { rows } = await sql<{ 'QUERY PLAN': { Plan: PlanNode }[] }>`
        explain (format json) ${statement}`.execute(one.kysely)
      const types = nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan).map((node) => node['Node Type'])
      expect(types).toContain('Bitmap Heap Scan')
      expect(types.filter((type) => type.includes('Gather'))).toEqual([])
    } finally {
      await one.close()
    }
  })

  test('leaves no row out before it makes the words of a row', async () => {
    const names = ['İpek Kaya', 'IPEK', 'ıpek', 'Kelvin', 'Ærø', 'Straße STRASSE', 'ﬁn', 'x<b>bold</b>y', 'a&amp;b']
    const more = [
      '1e5',
      '1e5x',
      '-12',
      '3.14',
      'foo_bar',
      "O'Neil",
      'ＡＢＣ',
      'MÜLLER GmbH & Co',
      'naïve',
      'Naïve',
      'Σίσυφος',
    ]
    const words = [...names, ...more].flatMap((name) => [
      ...parseSearchWords(name),
      ...parseSearchWords(name.slice(0, 2)),
    ])
    const { wordStatistics, searchCondition } = postgresEngine
    for (const word of [...words, ...parseSearchWords('ip k fi ab mul na 1 12 neil bold amp gmbh')]) {
      const likely = wordStatistics?.likelyCondition([word], 'sales_leads')
      const { rows } = await sql`
        select full_name from (select name as full_name, null::text as email, null::text as company_name,
            null::text as title, null::jsonb as tags
          from jsonb_array_elements_text(${JSON.stringify([...names, ...more])}::jsonb) as name) as leads
        where ${searchCondition([word], 'sales_leads')} and not ${likely}`.execute(db.kysely)
      expect(rows, word.text).toEqual([])
    }
  })

  test('for what nothing is known of, and is in very many leads, has the same rows', async () => {
    await sql`alter table sales_leads alter column email set statistics 0`.execute(db.kysely)
    await sql`delete from pg_statistic where starelid = 'sales_leads'::regclass and staattnum = (
      select attnum from pg_attribute where attrelid = 'sales_leads'::regclass and attname = 'email')`.execute(
      db.kysely,
    )
    const fresh = await openDatabase(database.database_url, { connections_max: 1 })
    try {
      const query = await queryOf('q=p2')
      expect((await estimateWords(fresh, 'sales_leads', wordsOf(query))).words).toMatchObject([{ share: 0 }])
      const { rows } = await sql<{ id: number }>`select id from sales_leads where email like 'p2%' and not is_deleted
        order by created_at desc, id desc limit ${PAGE_ROWS + 1}`.execute(fresh.kysely)
      expect((await readRows(fresh, query, PAGE_ROWS + 1)).map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
    } finally {
      await fresh.close()
    }
  })
})
