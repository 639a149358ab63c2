import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

type Row = Record<string, string | number | boolean | null>

describeEachEngine('constraints', (engine) => {
  let fresh: FreshDatabase
  let db: Database

  const insert = async (table: string, row: Row): Promise<void> => {
    const columns = sql.join(Object.keys(row).map((column) => sql.ref(column)))
    await sql`insert into ${sql.table(table)} (${columns}) values (${sql.join(Object.values(row))})`.execute(db.kysely)
  }
  /** What kind of error the insert is refused with; `accepted` when it is not. */
  const outcome = (table: string, row: Row): Promise<string> =>
    insert(table, row).then(
      () => 'accepted',
      (error: unknown) => db.engine.classifyError(error),
    )
  const count = async (table: string): Promise<number> => {
    const { rows } = await sql<{ found: number }>`select count(*) as found from ${sql.table(table)}`.execute(db.kysely)
    return Number(rows[0]?.found)
  }
  const lead = (row: Row = {}): Row => ({ source: 'apify', provider_name: 'apify', ...row })

  beforeAll(async () => {
    fresh = await freshDatabase(engine)
    db = await openDatabase(fresh.database_url)
  })
  afterAll(async () => {
    await db.close()
    await fresh.drop()
  })
  beforeEach(async () => {
    for (const table of ['sync_rejections', 'apify_sync_states', 'sales_leads', 'companies', 'api_keys'])
      await sql`delete from ${sql.table(table)}`.execute(db.kysely)
    await insert('sales_leads', lead({ id: 1, external_id: 'google_place:a' }))
  })

  test.each([
    ['sales_leads', { source: 'nowhere' }],
    ['sales_leads', { source: 'Apify' }],
    ['sales_leads', lead({ lead_status: 'lost' })],
    ['sales_leads', lead({ enrichment_status: 'done' })],
    ['sales_leads', lead({ lead_score: 101 })],
    ['sales_leads', lead({ lead_score: -1 })],
    ['sales_leads', { provider_name: 'apify' }],
    ['lead_sources', { lead_id: 1, source_type: 'nowhere' }],
    ['lead_sources', { lead_id: 1, source_type: 'apify', data_quality_score: 101 }],
    ['lead_sources', { lead_id: 1, source_type: 'apify', confidence_score: -1 }],
    ['apify_sync_states', { run_id: 'r', sync_status: 'done' }],
    ['apify_sync_states', { run_id: 'r', run_status: 'TIMED_OUT' }],
    ['apify_sync_states', { run_id: null }],
    ['companies', { company_key: 'domain:a.example' }],
    ['lead_events', { lead_id: 1, event_type: null }],
    ['api_keys', { name: 'n', key_prefix: 'p', key_hash: 'h' }],
  ])('refuses a bad value: %s %o', async (table, row) => {
    expect(await outcome(table, row)).toBe('data')
  })

  test.each([
    ['sales_leads', lead({ enrichment_data: '{"a":' })],
    ['lead_sources', { lead_id: 1, source_type: 'apify', metadata: 'no' }],
    ['lead_events', { lead_id: 1, event_type: 'created', changed_fields: '{' }],
  ])('refuses a value that is not JSON: %s %o', async (table, row) => {
    expect(await outcome(table, row)).toBe('data')
  })

  test('takes every status and score that the model lists', async () => {
    for (const lead_status of ['new', 'contacted', 'qualified', 'converted'])
      await insert('sales_leads', lead({ lead_status }))
    for (const enrichment_status of ['pending', 'enriched', 'failed'])
      await insert('sales_leads', lead({ enrichment_status }))
    for (const source of ['apify', 'manual', 'import']) await insert('sales_leads', { source })
    for (const lead_score of [0, 100]) await insert('sales_leads', lead({ lead_score }))
    for (const sync_status of ['pending', 'syncing', 'completed', 'failed'])
      await insert('apify_sync_states', { run_id: sync_status, sync_status })
    for (const run_status of ['READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED-OUT', 'ABORTED'])
      await insert('apify_sync_states', { run_id: run_status, run_status })
    expect(await count('sales_leads')).toBe(13)
    expect(await count('apify_sync_states')).toBe(10)
  })

  test('fills missing values: times in UTC, not deleted, new, pending, version 1', async () => {
    const row = await db.kysely.selectFrom('sales_leads').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ is_deleted: false, lead_status: 'new', enrichment_status: 'pending', version: 1 })
    expect(Math.abs(Date.parse(row.created_at) - Date.now())).toBeLessThan(60_000)
    expect(row.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(row.updated_at).toBe(row.created_at)
  })

  test('lets one external id in once a provider, and rows without one as often as they come', async () => {
    expect(await outcome('sales_leads', lead({ external_id: 'google_place:a' }))).toBe('unique')
    expect(await outcome('sales_leads', { ...lead({ external_id: 'google_place:a' }), provider_name: 'other' })).toBe(
      'accepted',
    )
    expect(await outcome('sales_leads', lead())).toBe('accepted')
    expect(await outcome('sales_leads', lead())).toBe('accepted')
  })

  test('a soft-deleted lead keeps its place', async () => {
    await db.kysely.updateTable('sales_leads').set({ is_deleted: true, deleted_at: new Date() }).execute()
    expect(await outcome('sales_leads', lead({ external_id: 'google_place:a' }))).toBe('unique')
  })

  test('keys that differ by case, accent or width are different keys', async () => {
    for (const external_id of [
      'google_place:A',
      'google_place:á',
      'google_place:a\u0301',
      'google_place:ａ',
      'google_place:ß',
      'google_place:ss',
    ])
      expect(await outcome('sales_leads', lead({ external_id })), external_id).toBe('accepted')
    const { rows } = await sql`select id from sales_leads where external_id = ${'google_place:A'}`.execute(db.kysely)
    expect(rows).toHaveLength(1)
  })

  test('refuses trailing spaces in keys, which one engine would not see', async () => {
    expect(await outcome('sales_leads', lead({ external_id: 'google_place:a ' }))).toBe('data')
    expect(await outcome('sales_leads', { ...lead({ external_id: 'b' }), provider_name: 'apify ' })).toBe('data')
    expect(await outcome('companies', { company_key: 'domain:a.example ', name: 'A' })).toBe('data')
    expect(await outcome('apify_sync_states', { run_id: 'r ' })).toBe('data')
    expect(
      await outcome('sync_rejections', { run_id: 'r', dataset_id: 'd ', item_offset: 0, reason: 'empty item' }),
    ).toBe('data')
    expect(await outcome('sales_leads', lead({ external_id: 'google_place:a\t' }))).toBe('accepted')
  })

  test('one sync a run, one source a lead, one company a key, one rejection an item, one row a key hash', async () => {
    const rows: [string, Row][] = [
      ['apify_sync_states', { run_id: 'r' }],
      ['lead_sources', { lead_id: 1, source_type: 'apify' }],
      ['companies', { company_key: 'domain:a.example', name: 'A' }],
      ['sync_rejections', { run_id: 'r', dataset_id: 'd', item_offset: 0, reason: 'empty item' }],
      ['api_keys', { name: 'n', key_prefix: 'p', key_hash: 'h', scopes: '["read"]' }],
    ]
    for (const [table, row] of rows) {
      expect(await outcome(table, row), table).toBe('accepted')
      expect(await outcome(table, row), table).toBe('unique')
    }
  })

  test('a permanently deleted lead takes its source and events along and frees its rejection', async () => {
    await insert('lead_sources', { lead_id: 1, source_type: 'apify' })
    await insert('lead_events', { lead_id: 1, event_type: 'created' })
    await insert('lead_events', { lead_id: 1, event_type: 'updated' })
    await insert('sync_rejections', { run_id: 'r', dataset_id: 'd', item_offset: 0, reason: 'x', resolved_lead_id: 1 })
    await db.kysely.deleteFrom('sales_leads').where('id', '=', 1).execute()
    expect([await count('lead_sources'), await count('lead_events')]).toEqual([0, 0])
    const rejection = await db.kysely.selectFrom('sync_rejections').selectAll().executeTakeFirstOrThrow()
    expect(rejection.resolved_lead_id).toBeNull()
  })

  test('refuses rows that refer to nothing, and a company that leads refer to stays', async () => {
    expect(await outcome('lead_sources', { lead_id: 99, source_type: 'apify' })).toBe('foreign_key')
    expect(await outcome('lead_events', { lead_id: 99, event_type: 'created' })).toBe('foreign_key')
    expect(await outcome('sales_leads', lead({ company_id: 99 }))).toBe('foreign_key')
    await insert('companies', { id: 5, company_key: 'domain:a.example', name: 'A' })
    await insert('sales_leads', lead({ company_id: 5 }))
    await expect(db.kysely.deleteFrom('companies').execute()).rejects.toThrow()
    expect(await count('companies')).toBe(1)
  })

  test('sorts text by code point', async () => {
    const names = ['b', 'a', 'Z', 'ä', 'A', 'é', 'z']
    for (const [index, city] of names.entries()) await insert('sales_leads', lead({ id: 10 + index, city }))
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select('city')
      .where('city', 'is not', null)
      .orderBy('city')
      .execute()
    expect(rows.map(({ city }) => city)).toEqual([...names].sort())
  })

  test.each([
    ['what JSON can say and text cannot', '{"z":1,"a":"\\u0000 😀 é","half":"\\ud83d","n":12345678.25}'],
    ['900 levels', `${'['.repeat(900)}1${']'.repeat(900)}`],
  ])('keeps an item, and the input of its run, to the letter: %s', async (_what, text) => {
    await insert('sales_leads', lead({ id: 2, raw_data: text }))
    await insert('lead_sources', { lead_id: 2, source_type: 'apify', scrape_params: text })
    await insert('apify_sync_states', { run_id: 'r', input_params: text })
    await insert('sync_rejections', { run_id: 'r', dataset_id: 'd', item_offset: 0, reason: 'x', raw_data: text })
    for (const [table, column] of [
      ['sales_leads', 'raw_data'],
      ['lead_sources', 'scrape_params'],
      ['apify_sync_states', 'input_params'],
      ['sync_rejections', 'raw_data'],
    ] as const) {
      const found = sql`select ${sql.ref(column)} from ${sql.table(table)} where ${sql.ref(column)} is not null`
      const { rows } = await found.execute(db.kysely)
      expect(rows.map((row) => (row as Row)[column])).toEqual([JSON.parse(text)])
    }
  })
})
