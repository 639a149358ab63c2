import { stringifyJson } from '@leads/core/stringify-json'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { seedLeads } from './seed.ts'

/** What JSON.parse and JSON.stringify would change: a long number, an infinite one, a repeated key, an escape. */
const exact = '{"id":12345678901234567890,"far":1e400,"small":1.50,"twice":1,"twice":2,"name":"\\u00e9"}'

describeEachEngine('a scraped item', (engine) => {
  let api: TestApi
  let id: number
  beforeAll(async () => {
    api = await startApi(engine)
    ;[id] = (await seedLeads(api.db, [
      { full_name: 'Exact' },
      { full_name: 'Plain', raw_data: { title: 'Plain' } },
    ])) as [number, number]
    await api.db.kysely
      .updateTable('sales_leads')
      .set({ raw_data: sql`${exact}` })
      .where('id', '=', id)
      .execute()
    const at = new Date()
    await api.db.kysely
      .insertInto('apify_sync_states')
      .values({ run_id: 'run', created_at: at, updated_at: at, created_by: 'test', updated_by: 'test' })
      .execute()
    for (const [item_offset, raw] of [exact, '12345678901234567890', '"text"'].entries())
      await api.db.kysely
        .insertInto('sync_rejections')
        .values({
          run_id: 'run',
          dataset_id: 'set',
          item_offset,
          reason: 'No',
          raw_data: sql`${raw}`,
          created_at: at,
          updated_at: at,
        })
        .execute()
  })
  afterAll(() => api?.close())

  test.each([
    ['a lead', () => `/leads/${id}`],
    ['a list of leads', () => '/leads?fields=id,raw_data&sort=id'],
    ['the change feed', () => '/leads/changes?fields=id,raw_data'],
    ['an NDJSON export', () => '/leads/export?format=ndjson&fields=id,raw_data'],
    ['the rejections of a run', () => '/syncs/run/rejections?include=raw_data'],
  ])('is returned to the letter in %s', async (_what, target) => {
    const { status, text } = await api.get(target())
    expect(status).toBe(200)
    expect(text).toContain(`"raw_data":${exact}`)
  })

  test('is returned to the letter in a CSV export', async () => {
    const { text } = await api.get('/leads/export?format=csv&fields=id,raw_data')
    expect(text).toContain(`"${exact.replaceAll('"', '""')}"`)
  })

  test('may be a number or a text', async () => {
    const { text } = await api.get('/syncs/run/rejections?include=raw_data')
    expect(text).toContain('"raw_data":12345678901234567890')
    expect(text).toContain('"raw_data":"text"')
  })

  test('is the response of a change as well', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' }
    const { text } = await api.patch(`/leads/${id}`, { notes: 'seen' }, { headers })
    expect(text).toContain(`"raw_data":${exact}`)
  })
})

describe('stringifyJson', () => {
  test('does not splice a text that a client could send', () => {
    const row = { raw_data: 'source-0', data: ['"source-00000000-0"'] }
    expect(JSON.parse(stringifyJson(row))).toEqual(row)
  })
})
