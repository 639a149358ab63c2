import { stringifyJson } from '@leads/core/stringify-json'
import { getOrCreateSync } from '@leads/core/syncs/sync-state'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { seedLeads } from './seed.ts'

/** The depth that the engine stores: SQLite 1,000 levels, PostgreSQL as its stack permits, MySQL's text any number. */
const depths = { sqlite: 990, postgres: 6000, mysql: 200_000 }

describeEachEngine('an item nested deeper than JSON.stringify follows', (engine) => {
  const depth = depths[engine]
  const inner = '{"a":null,"b":["ä \\"quoted\\"",1.5,true,{},[]]}'
  const deep = `{"title":"Deep","deep":${'['.repeat(depth)}${inner}${']'.repeat(depth)}}`
  let api: TestApi
  let id: number
  beforeAll(async () => {
    api = await startApi(engine)
    ;[, id] = (await seedLeads(api.db, [{ full_name: 'Flat', raw_data: { title: 'Flat' } }, {}])) as [number, number]
    await api.db.kysely
      .updateTable('sales_leads')
      .set({ raw_data: sql`${deep}` })
      .where('id', '=', id)
      .execute()
    await getOrCreateSync(api.db, 'run', new Date())
    await api.db.kysely
      .insertInto('sync_rejections')
      .values({ run_id: 'run', dataset_id: 'set', item_offset: 0, reason: 'Deep', raw_data: sql`${deep}` })
      .execute()
  })
  afterAll(() => api?.close())

  test.each([
    ['a lead', () => `/leads/${id}`],
    ['a list of leads', () => '/leads?fields=id,raw_data&sort=id'],
    ['the feed of changes', () => '/leads/changes?fields=id,raw_data'],
    ['an export', () => '/leads/export?format=ndjson&fields=id,raw_data'],
    ['the rejections of a run', () => '/syncs/run/rejections?include=raw_data'],
  ])('a deeply nested item is returned unchanged: %s', async (_what, path) => {
    const { status, text } = await api.get(path())
    expect(status).toBe(200)
    expect(text.includes(deep)).toBe(true)
  })

  test('a deeply nested item is returned unchanged: an export as CSV', async () => {
    const { status, text } = await api.get('/leads/export?format=csv&fields=id,raw_data')
    expect(status).toBe(200)
    expect(text.includes(`"${deep.replaceAll('"', '""')}"`)).toBe(true)
  })
})

test('stringifyJson writes deep values as JSON.stringify would', () => {
  const flat = { a: [1, 'ü"\n', null, true, [], {}, { b: undefined, c: [undefined] }], '\u2028': -0, at: new Date(0) }
  const wrap = (text: string): string => `${'{"x":['.repeat(20_000)}${text}${']}'.repeat(20_000)}`
  let value: unknown = flat
  for (let level = 0; level < 20_000; level += 1) value = { x: [value] }
  expect(stringifyJson(value)).toBe(wrap(JSON.stringify(flat)))
  expect(stringifyJson(flat, 2)).toBe(JSON.stringify(flat, null, 2))
})
