import { insertReturningId } from '@leads/core/database/insert-returning'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { type SeedLead, seedLeads } from './seed.ts'

interface Row {
  id: number
  full_name: string
}

describeEachEngine('lists', (engine) => {
  let api: TestApi
  let ids: number[]
  const at = new Date('2026-02-01T00:00:00.123Z')
  const leads: SeedLead[] = [
    {
      full_name: 'Ann',
      email: 'ann@a.example',
      country: 'India',
      lead_score: 10,
      external_id: 'google_place:1',
      tags: ['x'],
    },
    {
      full_name: 'Bob',
      email: null,
      country: 'Nepal',
      lead_score: 90,
      external_id: 'b, with comma',
      tags: ['X', 'a"b'],
    },
    { full_name: 'Cyd', country: 'India', city: 'Pune', lead_status: 'qualified', enrichment_status: 'failed' },
    { full_name: 'Dee', phone: '+491234', company_domain: 'd.example', run_id: 'run1', actor_id: 'actor1' },
    { full_name: 'Eve', title: '=cmd()', notes: 'a "quoted", one\nof two lines', phone: '+49 30 1', lead_score: 50 },
  ]
  beforeAll(async () => {
    api = await startApi(engine)
    ids = await seedLeads(
      api.db,
      leads.map((lead) => ({ ...lead, created_at: at })),
    )
  })
  afterAll(() => api?.close())

  const names = async (query: string): Promise<string> => {
    const { status, body, text } = await api.get(`/leads?${query}`)
    if (status !== 200) return `${status} ${text}`
    return body.data.map(({ full_name }: Row) => full_name.slice(0, 1)).join('')
  }

  test.each([
    ['country=India', 'CA'],
    ['country=in:India,Nepal', 'CBA'],
    ['country=eq:India&city=Pune', 'C'],
    ['country=is:null', 'ED'],
    ['country=is:not_null&email=is:not_null', 'A'],
    ['external_id=google_place:1', 'A'],
    ['external_id=in:google_place:1,b\\, with comma', 'BA'],
    ['lead_score=50', 'E'],
    ['lead_score=gte:50', 'EB'],
    ['lead_score=gt:10&lead_score=lt:90', 'E'],
    ['lead_score=in:10,90', 'BA'],
    ['lead_status=qualified', 'C'],
    ['lead_status=in:new,qualified', 'EDCBA'],
    ['enrichment_status=failed', 'C'],
    ['tags=has:x', 'A'],
    ['tags=has:X', 'B'],
    ['tags=has:a"b', 'B'],
    ['tags=is:null', 'EDC'],
    ['run_id=run1&actor_id=actor1&source=apify', 'D'],
    ['phone=%2B491234&company_domain=d.example', 'D'],
    ['created_at=2026-02-01T00:00:00.123Z', 'EDCBA'],
    ['created_at=gt:2026-02-01T00:00:00.123Z', ''],
    ['created_at=gte:2026-02-01T01:00:00.123%2B01:00', 'EDCBA'],
    ['created_at=gte:2026-02-01&created_at=lt:2026-02-02', 'EDCBA'],
    ['q=an', 'A'],
    ['q=EXAMPLE', 'A'],
    ['q=a.example', 'A'],
    ['q=cmd', 'E'],
    ['sort=created_at', 'ABCDE'],
    ['sort=-lead_score', 'BEA'],
    ['sort=lead_score', 'AEB'],
    ['sort=id&limit=2', 'AB'],
  ])('%s', async (query, expected) => {
    expect(await names(query)).toBe(expected)
  })

  test.each(['created_at', '-created_at', 'updated_at', '-updated_at', 'lead_score', '-lead_score', 'id', '-id'])(
    'pages sorted by %s hold the same rows as one large page',
    async (sort) => {
      const all = await names(`sort=${sort}&limit=100`)
      for (const limit of [1, 2, 3]) {
        let cursor: string | null = ''
        let seen = ''
        while (cursor !== null) {
          const { body } = await api.get(`/leads?sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`)
          seen += body.data.map(({ full_name }: Row) => full_name.slice(0, 1)).join('')
          cursor = body.next_cursor
        }
        expect(seen).toBe(all)
      }
    },
  )

  test.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['sort=notes', 'sort'],
    ['lead_score=high', 'lead_score'],
    ['lead_score=gte:99999999999', 'lead_score'],
    ['lead_status=lost', 'lead_status'],
    ['created_at=yesterday', 'created_at'],
    ['created_at=gte:0000-01-01T00:00:00Z', 'created_at'],
    ['email=is:something', 'email'],
    ['tags=x', 'tags'],
    ['country=', 'country'],
    ['country=%00', 'country'],
    ['fields=id,import_hashes', 'fields'],
    ['fields=', 'fields'],
    ['include=events', 'include'],
    ['q=%20-%20', 'q'],
    ['count=some', 'count'],
    ['include_deleted=yes', 'include_deleted'],
    ['cursor=abc', 'cursor'],
  ])('%s is rejected, and the parameter is named', async (query, parameter) => {
    const { status, body } = await api.get(`/leads?${query}`)
    expect(status).toBe(400)
    expect(body.errors[0].parameter).toBe(parameter)
  })

  test('a count is exact, or stops at a limit', async () => {
    expect((await api.get('/leads?country=India&limit=1&count=exact')).body.count).toEqual({
      value: 2,
      relation: 'exact',
    })
    expect((await api.get('/leads?count=estimated')).body.count).toEqual({ value: 5, relation: 'exact' })
  })

  test('a list contains the requested fields and related rows', async () => {
    const { body } = await api.get('/leads?fields=full_name&include=source&limit=1')
    expect(body.data).toMatchObject([{ full_name: 'Eve', lead_source: { lead_id: ids[4] } }])
    expect(Object.keys(body.data[0]).sort()).toEqual(['full_name', 'lead_source'])
  })

  test('leads created while paging appear on no later page and shift no rows', async () => {
    const first = await api.get('/leads?limit=3')
    const [extra] = await seedLeads(api.db, [{ full_name: 'New', external_id: 'new', created_at: new Date() }])
    const second = await api.get(`/leads?limit=3&cursor=${first.body.next_cursor}`)
    expect(second.body.data.map(({ full_name }: Row) => full_name)).toEqual(['Bob', 'Ann'])
    await api.db.kysely
      .deleteFrom('sales_leads')
      .where('id', '=', extra as number)
      .execute()
  })

  test('an NDJSON export can be read page by page', async () => {
    let target: string | null = '/leads/export?limit=2&sort=id'
    let text = ''
    let pages = 0
    while (target) {
      const answer = await api.get(target)
      expect(answer.headers['content-type']).toBe('application/x-ndjson')
      text += answer.text
      pages += 1
      target = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1] ?? null
    }
    expect(pages).toBe(3)
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    expect(rows.map(({ id }) => id)).toEqual(ids)
    expect(rows[0]).not.toHaveProperty('raw_data')
  })

  test('a CSV export contains no cells that a spreadsheet evaluates', async () => {
    const { text, headers } = await api.get(
      '/leads/export?format=csv&sort=id&fields=full_name,title,phone,notes,lead_score,tags',
    )
    expect(headers['content-disposition']).toBe('attachment; filename="leads.csv"')
    expect(text.split('\r\n')).toEqual([
      'full_name,title,phone,notes,lead_score,tags',
      'Ann,,,,10,x',
      'Bob,,,,90,"X; a""b"',
      'Cyd,,,,,',
      'Dee,,+491234,,,',
      `Eve,'=cmd(),+49 30 1,"a ""quoted"", one\nof two lines",50,`,
      '',
    ])
    const rest = await api.get('/leads/export?format=csv&sort=id&fields=id&limit=3')
    expect(
      (await api.get(`/leads/export?format=csv&sort=id&fields=id&cursor=${rest.headers['x-next-cursor']}`)).text,
    ).toBe(`${ids[3]}\r\n${ids[4]}\r\n`)
  })

  test('the change feed returns every change, including deletions', async () => {
    const start = await api.get('/leads/changes?fields=full_name,is_deleted')
    expect(start.body.data.map(({ full_name }: Row) => full_name)).toEqual(['Ann', 'Bob', 'Cyd', 'Dee', 'Eve'])
    expect(start.body.has_more).toBe(false)
    const after = `/leads/changes?fields=full_name,is_deleted&cursor=${start.body.next_cursor}`
    expect((await api.get(after)).body).toMatchObject({ data: [], has_more: false })
    const settled = new Date(Date.now() - 60_000)
    await api.db.kysely
      .updateTable('sales_leads')
      .set({ is_deleted: true, updated_at: settled })
      .where('id', '=', ids[1] as number)
      .execute()
    const next = await api.get(after)
    expect(next.body.data).toEqual([{ full_name: 'Bob', is_deleted: true }])
    // A recent change appears later, because an earlier one may be uncommitted.
    await api.patch(`/leads/${ids[0]}`, { city: 'Here' })
    expect((await api.get(`/leads/changes?cursor=${next.body.next_cursor}`)).body.data).toEqual([])
    const one = await api.get('/leads/changes?order=created_at&since=2026-01-31T00:00:00Z&limit=1')
    expect(one.body).toMatchObject({ data: [{ full_name: 'Ann' }], has_more: true })
    expect((await api.get(`/leads/changes?cursor=${one.body.next_cursor}`)).status).toBe(400)
    expect((await api.get('/leads/changes?since=never')).status).toBe(400)
  })

  test('the seeded rows have one id each', async () => {
    const id = await insertReturningId(api.db, 'sales_leads', { source: 'manual', full_name: 'Manual' })
    expect((await api.get(`/leads/${id}`)).body).toMatchObject({ full_name: 'Manual', tags: [], raw_data: null })
  })
})
