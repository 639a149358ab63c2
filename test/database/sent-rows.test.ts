import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { listLeadEvents, listLeadEventsJson } from '@leads/core/events/list-events'
import { getLead, getLeadJson } from '@leads/core/leads/get-lead'
import { listLeads, listLeadsJson } from '@leads/core/leads/list-leads'
import { stringifyJson } from '@leads/core/stringify-json'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const SECRET = 'a secret of cursors'
const LEADS_COUNT = 30

/** Texts that JSON escapes, or that look like something else. */
const texts = [
  '',
  'null',
  '"quoted" \\ and / slashed',
  'line\nbreak\ttab\r\b\f',
  Array.from({ length: 31 }, (_, index) => String.fromCharCode(index + 1)).join(''),
  '\u007f\u0080\u009f\u2028\u2029\ufeff\ufffd\uffff',
  'Zoë Straße 株式会社 \u{1f469}\u200d\u{1f680} e\u0301',
  `${'x'.repeat(250)}"`,
]

describeEachEngine('JSON of leads and their history', (engine) => {
  let fresh: FreshDatabase
  let db: Database
  beforeAll(async () => {
    fresh = await freshDatabase(engine)
    db = await openDatabase(fresh.database_url, { connections_max: 1 })
    for (let index = 0; index < LEADS_COUNT; index += 1) {
      const text = texts[index % texts.length] as string
      const hasAll = index % 3 !== 0
      await db.kysely
        .insertInto('sales_leads')
        .values({
          full_name: text,
          title: hasAll ? text : null,
          email_verified: hasAll,
          additional_emails: hasAll ? [`a${index}@example.com`, text] : [],
          tags: index % 2 === 0 ? [text] : [],
          country: index % 2 === 0 ? 'DE' : 'FR',
          source: 'apify',
          external_id: `external ${index}`,
          enrichment_data: hasAll
            ? { [text]: [1e21, 0.1, -0, null, { a: text }], list: [], object: {}, n: index }
            : null,
          lead_score: hasAll ? index : null,
          version: index === 7 ? 2_147_483_647 : 1,
          notes: hasAll ? text.repeat(20) : null,
          raw_data: JSON.stringify({ text }),
          created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, index, index)),
          updated_at: new Date(Date.UTC(1999, 11, 31, 23, 59, 59, index * 33)),
        } as never)
        .execute()
    }
    if (engine === 'postgres') {
      await sql`update sales_leads set updated_at = timestamptz '2026-03-02 07:38:32.6749999+00' where id = 3`.execute(
        db.kysely,
      )
      await sql`update sales_leads set updated_at = timestamptz '2026-03-02 07:38:32.05+00', tags = 'null' where id = 4`.execute(
        db.kysely,
      )
      await sql`update sales_leads set enrichment_data = '{"big": 123456789012345678901234567890.5, "deep": "\\ud83d\\ude80"}'
        where id = 5`.execute(db.kysely)
    }
  })
  afterAll(async () => {
    await db.close()
    await fresh.drop()
  })

  const inputs = {
    'the first page': { limit: 10 },
    'the last page': { limit: LEADS_COUNT },
    'a filter': { filters: { country: 'DE' }, limit: 5 },
    'no rows': { filters: { country: 'SE' } },
    'another order': { sort: 'lead_score', limit: 10 },
    'some fields': { fields: ['id', 'tags', 'notes'], sort: '-updated_at', limit: 10 },
    'fields without the id': { fields: ['full_name'], limit: 10 },
    'the scraped item': { fields: ['id', 'raw_data'], limit: 10 },
    'a count': { count: 'exact' as const, limit: 3 },
    'a search': { q: 'external', limit: 10 },
    'a search for a name': { q: 'quoted', limit: 10 },
    'related rows': { include: ['source' as const], limit: 10 },
  }

  test.each(Object.entries(inputs))('%s is that of its rows, each time', async (_, given) => {
    const input = { ...given, cursor_secret: SECRET }
    const expected = stringifyJson(await listLeads(db, input))
    // The driver prepares a statement that comes again.
    for (let turn = 0; turn < 4; turn += 1) expect(await listLeadsJson(db, input)).toBe(expected)
  })

  /** Texts of items that are stored to the letter. */
  const items = [
    '{"text": "é",  "number": 1e400, "long": 123456789012345678901, "a": 1, "a": 2}',
    '[1, 2 ,{"deep": [[[]]]}]',
    '\n{\r\n  "line": "break"\n}\n',
    '  {"space": "in front"}',
    '"a text \\u00e9"',
    '12345678901234567890',
    'null',
    '[]',
  ]

  test('a lead is that of its row, each time', async () => {
    const rows = await db.kysely.selectFrom('sales_leads').select('id').execute()
    for (const [index, item] of items.entries())
      await db.kysely
        .updateTable('sales_leads')
        .set({ raw_data: item })
        .where('id', '=', index + 1)
        .execute()
    for (let turn = 0; turn < 3; turn += 1)
      for (const { id } of rows) {
        const lead = await getLead(db, id)
        expect(await getLeadJson(db, id)).toEqual({ json: stringifyJson(lead), version: lead.version, related: [] })
      }
  })

  test('a lead with related rows, a deleted one, one that does not exist', async () => {
    const lead = await getLead(db, 2, { include: ['company', 'source'] })
    expect(await getLeadJson(db, 2, { include: ['company', 'source'] })).toEqual({
      json: stringifyJson(lead),
      version: lead.version,
      related: [lead.company, lead.lead_source],
    })
    await db.kysely.updateTable('sales_leads').set({ is_deleted: true }).where('id', '=', 2).execute()
    await expect(getLeadJson(db, 2)).rejects.toMatchObject({ code: 'gone' })
    const deleted = await getLeadJson(db, 2, { include_deleted: true })
    expect(deleted.json).toBe(stringifyJson(await getLead(db, 2, { include_deleted: true })))
    await db.kysely.updateTable('sales_leads').set({ is_deleted: false }).where('id', '=', 2).execute()
    await expect(getLeadJson(db, 1_000_000)).rejects.toMatchObject({ code: 'not_found' })
  })

  const eventData = [
    JSON.stringify({ b: [1, { 2: texts[2] }], 1: 1.5, a: null }),
    null,
    ' \n{"a" : 12345678901234567890,\r\n "a" : 2}',
    '[ ]',
    '12345678901234567890',
  ]

  test('a history is that of its rows, each time', async () => {
    for (let index = 0; index < 12; index += 1)
      await db.kysely
        .insertInto('lead_events')
        .values({
          lead_id: index < 8 ? 1 : 3,
          event_type: 'note',
          event_name: texts[index % texts.length] as string,
          event_data: eventData[index % eventData.length] ?? null,
          event_timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, index)),
        } as never)
        .execute()
    for (let turn = 0; turn < 3; turn += 1)
      for (const [id, input] of [
        [1, {}],
        [1, { limit: 3 }],
        [1, { filters: { event_type: 'note' }, limit: 3 }],
        [1, { limit: 3, fields: ['event_data', 'id'] }],
        [3, { count: 'exact' as const }],
        [4, {}],
      ] as const) {
        const given = { ...input, cursor_secret: SECRET } as Parameters<typeof listLeadEvents>[2]
        const options = { include_deleted: turn === 0 }
        const expected = stringifyJson(await listLeadEvents(db, id, given, options))
        expect(await listLeadEventsJson(db, id, given, options)).toBe(expected)
      }
    await expect(listLeadEventsJson(db, 1_000_000, { cursor_secret: SECRET })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('pages follow each other to the end', async () => {
    const ids: number[] = []
    for (let cursor: string | undefined; ; ) {
      const text = await listLeadsJson(db, { limit: 7, cursor, cursor_secret: SECRET })
      const page = JSON.parse(text) as { data: { id: number }[]; next_cursor: string | null }
      ids.push(...page.data.map(({ id }) => id))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(ids).toEqual(Array.from({ length: LEADS_COUNT }, (_, index) => LEADS_COUNT - index))
  })

  test('a page that is too large ends by its bytes', async () => {
    await db.kysely
      .updateTable('sales_leads')
      .set({ enrichment_data: JSON.stringify({ text: 'é'.repeat(200_000) }) as never })
      .execute()
    const input = { limit: LEADS_COUNT, cursor_secret: SECRET }
    const expected = stringifyJson(await listLeads(db, input))
    expect(await listLeadsJson(db, input)).toBe(expected)
    expect((JSON.parse(expected) as { data: unknown[] }).data.length).toBeLessThan(LEADS_COUNT)
  })

  test('a lead that is too large loses its largest value', async () => {
    const raw_data = JSON.stringify({ text: 'x'.repeat(5_000_000) })
    await db.kysely.updateTable('sales_leads').set({ raw_data }).where('id', '=', 6).execute()
    const { json } = await getLeadJson(db, 6)
    expect(json).toBe(stringifyJson(await getLead(db, 6)))
    expect(JSON.parse(json)).toMatchObject({ raw_data: null, omitted_fields: ['raw_data'] })
  })

  test('a pooler that allows no prepared statements changes nothing', async () => {
    if (engine !== 'postgres') return
    const url = new URL(fresh.database_url)
    url.searchParams.set('prepare', 'false')
    const other = await openDatabase(url.href, { connections_max: 1 })
    try {
      const input = { limit: 5, cursor_secret: SECRET }
      const expected = stringifyJson(await listLeads(other, input))
      for (let turn = 0; turn < 3; turn += 1) expect(await listLeadsJson(other, input)).toBe(expected)
    } finally {
      await other.close()
    }
  })

  test('a time zone of the session changes nothing', async () => {
    if (engine !== 'postgres') return
    const input = { limit: 5, fields: ['id', 'created_at'], cursor_secret: SECRET }
    const expected = await listLeadsJson(db, input)
    await sql`set time zone 'Asia/Kolkata'`.execute(db.kysely)
    expect(await listLeadsJson(db, input)).toBe(expected)
  })
})
