import { readFile, writeFile } from 'node:fs/promises'
import { withTransaction } from '@leads/core/database/engine'
import { insertReturningId } from '@leads/core/database/insert-returning-id'
import { openDatabase } from '@leads/core/database/open-database'
import { readChangeFeed } from '@leads/core/leads/change-feed'
import createClient from 'openapi-fetch'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { document } from './document.ts'
import type { paths } from './paths.ts'
import { seedLeads } from './seed.ts'

describe('conventions', () => {
  let api: TestApi
  let id: number
  beforeAll(async () => {
    api = await startApi('sqlite')
    ;[id = 0] = await seedLeads(
      api.db,
      Array.from({ length: 60 }, (_, index) => ({ full_name: `Person ${index}`, notes: 'words '.repeat(50) })),
    )
  })
  afterAll(async () => {
    delete process.env.CORS_ORIGINS
    await api?.close()
  })

  test('every answer carries a request id and the security headers', async () => {
    for (const answer of [await api.get('/leads'), await api.get('/leads/4711'), await api.get('/x', { as: null })]) {
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      })
      expect(answer.headers['x-request-id']).toMatch(/^test-/)
    }
  })

  test('a problem is a problem document with a stable type, a code and the request id', async () => {
    const { headers, body } = await api.get('/leads/4711')
    expect(headers['content-type']).toBe('application/problem+json')
    expect(body).toEqual({
      type: 'urn:leads:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'There is no lead 4711.',
      request_id: headers['x-request-id'],
    })
  })

  test('answers are compressed for who asks, in the coding that they like best', async () => {
    const plain = await api.get('/leads')
    for (const [accept, coding] of [
      ['gzip', 'gzip'],
      ['gzip, br', 'br'],
      ['br;q=0.1, gzip', 'gzip'],
      ['*', 'br'],
      ['br;q=0', undefined],
      ['identity', undefined],
    ] as const) {
      const answer = await api.get('/leads', { headers: { 'accept-encoding': accept } })
      expect(answer.headers['content-encoding']).toBe(coding)
      expect(answer.body).toEqual(plain.body)
    }
    expect(
      (await api.get(`/health`, { headers: { 'accept-encoding': 'br' } })).headers['content-encoding'],
    ).toBeUndefined()
  })

  test('what has not changed since is not sent again', async () => {
    const { headers } = await api.get(`/leads/${id}`)
    const again = await api.get(`/leads/${id}`, { headers: { 'if-none-match': `"7", W/${String(headers.etag)}` } })
    expect(again).toMatchObject({ status: 304, text: '' })
    await api.patch(`/leads/${id}`, { city: 'Pune' })
    expect((await api.get(`/leads/${id}`, { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(200)
  })

  test('browsers of other origins get in where the configuration lets them', async () => {
    const headers = { origin: 'https://app.example' }
    expect((await api.get('/leads', { headers })).headers).not.toHaveProperty('access-control-allow-origin')
    process.env.CORS_ORIGINS = 'https://app.example, https://other.example'
    const answer = await api.get('/leads', { headers })
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://app.example' })
    expect(answer.headers.vary).toContain('origin')
    expect((await api.get('/leads', { headers: { origin: 'https://evil.example' } })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    )
    const preflight = await api.request('OPTIONS', '/leads/1', { as: null, headers })
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': 'GET, HEAD, PATCH, DELETE, OPTIONS',
      },
    })
    expect(preflight.headers['access-control-allow-headers']).toContain('if-match')
    process.env.CORS_ORIGINS = '*'
    expect((await api.get('/leads', { headers })).headers['access-control-allow-origin']).toBe('*')
  })

  test('the documentation page and its files need no key and nothing from elsewhere', async () => {
    const page = await api.get('/docs', { as: null })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    for (const [, file] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(file).toMatch(/^\/docs\//)
      expect((await api.get(String(file), { as: null })).status).toBe(200)
    }
    expect((await api.get('/docs/package.json', { as: null })).status).toBe(404)
    expect((await api.get('/docs/..%2f..%2fpackage.json', { as: null })).status).toBe(404)
    expect((await api.get('/openapi.json', { as: null })).body).toMatchObject({ openapi: '3.1.1' })
  })

  test('every operation has an id, a summary, an answer and a way to fail; examples fit their schemas', () => {
    const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item as object))
    const ids = operations.map(({ operationId }: { operationId: string }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations as { summary?: string; responses: Record<string, unknown> }[]) {
      expect(operation.summary).toBeTruthy()
      expect(Object.keys(operation.responses).some((status) => status < '400')).toBe(true)
      expect(operation.responses).toHaveProperty('500')
    }
  })

  test('the types for TypeScript clients are those of the document', async () => {
    const served = await api.get('/docs/paths.ts', { as: null })
    const file = new URL('./paths.ts', import.meta.url)
    if (process.env.UPDATE_API_TYPES === '1') await writeFile(file, served.text)
    const unformatted = (text: string): string => text.replaceAll(/[\s;'"|()]/g, '')
    const committed = unformatted(await readFile(file, 'utf8'))
    expect(committed, 'refresh with: UPDATE_API_TYPES=1 npx vitest run test/api/conventions.test.ts').toBe(
      unformatted(served.text),
    )
  })

  test('a client made from the document works, and its types know the fields', async () => {
    const client = createClient<paths>({
      baseUrl: 'https://api.test',
      fetch: async (request: Request) => {
        const { pathname, search } = new URL(request.url)
        const text = await request.text()
        const answer = await api.request(request.method, pathname + search, {
          headers: Object.fromEntries(request.headers),
          ...(text !== '' && { body: text }),
        })
        return new Response(answer.text === '' ? null : answer.text, {
          status: answer.status,
          headers: { 'content-type': 'application/json' },
        })
      },
    })
    const made = await client.POST('/leads', { body: { full_name: 'Typed', tags: ['x'] } })
    expect(made.data?.full_name).toBe('Typed')
    const lead_id = made.data?.id ?? 0
    const changed = await client.PATCH('/leads/{id}', {
      params: { path: { id: lead_id } },
      body: { lead_status: 'qualified' },
    })
    expect(changed.data?.lead_status).toBe('qualified')
    const list = await client.GET('/leads', { params: { query: { lead_status: 'qualified', limit: 5 } } })
    expect(list.data?.data.map((lead) => lead.id)).toEqual([lead_id])
    const missing = await client.GET('/leads/{id}', { params: { path: { id: 4_711_000 } } })
    expect(missing.error?.code).toBe('not_found')
  })

  test('tells nothing of a database that is not there, and says when to try again', async () => {
    await api.close()
    process.env.DATABASE_URL = 'postgres://user:secret-password@127.0.0.1:1/leads'
    const answer = await api.get('/leads')
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(answer.text).not.toMatch(/secret-password|127\.0\.0\.1|ECONN/)
    expect((await api.get('/health', { as: null })).status).toBe(503)
  })
})

describeEachEngine('the change feed', (engine) => {
  test('waits for a transaction that is still open, and then tells what it wrote', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const [db, other] = [await openDatabase(database_url), await openDatabase(database_url)]
    const begun = new Date()
    const later = (seconds: number): Date => new Date(begun.getTime() + seconds * 1000)
    const read = (cursor: string | undefined, now: Date) =>
      readChangeFeed(db, { order: 'created_at', cursor, limit: 100, cursor_secret: 'secret of a test', now })
    const names = (answer: Awaited<ReturnType<typeof read>>) => answer.data.map(({ full_name }) => full_name)
    const lead = (full_name: string, at: Date) => ({
      source: 'manual' as const,
      full_name,
      created_at: at,
      updated_at: at,
    })
    try {
      await insertReturningId(db, 'sales_leads', lead('before', later(-100)))
      let cursor: string | undefined
      await withTransaction(other, async (trx) => {
        await insertReturningId(trx, 'sales_leads', lead('slow', begun))
        // Where one writer at a time is the rule, nobody can overtake the open transaction.
        if (engine !== 'sqlite') await insertReturningId(db, 'sales_leads', lead('fast', later(5)))
        const during = await read(undefined, later(20))
        expect(names(during)).toEqual(['before'])
        cursor = during.next_cursor
        if (engine === 'postgres' || engine === 'mysql') {
          // Two minutes later by the clock, the transaction is still open: what overtook it is still held back.
          const held = await read(cursor, later(120))
          expect(names(held)).toEqual([])
          cursor = held.next_cursor
        }
      })
      if (engine === 'sqlite') await insertReturningId(db, 'sales_leads', lead('fast', later(5)))
      // A server may tell of its transactions from what it noted a tenth of a second ago, and notes anew only when it
      // was not asked for as long: so it is asked less often than that.
      const after = await vi.waitFor(
        async () => {
          const answer = await read(cursor, later(120))
          expect(answer.data).not.toEqual([])
          return answer
        },
        { timeout: 10_000, interval: 400 },
      )
      expect(names(after)).toEqual(['slow', 'fast'])
    } finally {
      await db.close()
      await other.close()
      await drop()
    }
  })
})
