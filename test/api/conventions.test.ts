import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { insertReturningId } from '@leads/core/database/insert-returning'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { readChangeFeed } from '@leads/core/leads/change-feed'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { document, findExampleProblems } from './document.ts'
import { seedLeads } from './seed.ts'

const run = promisify(execFile)

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

  test('every response has a request id and the security headers', async () => {
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

  test('an error is a problem document with a stable type, a code and the request id', async () => {
    const { headers, body } = await api.get('/leads/4711')
    expect(headers['content-type']).toBe('application/problem+json')
    expect(body).toEqual({
      type: 'urn:leads:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'Lead 4711 does not exist.',
      request_id: headers['x-request-id'],
    })
  })

  test('responses are compressed with the encoding that the client prefers', async () => {
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

  test('an unchanged lead is answered with 304', async () => {
    const { headers } = await api.get(`/leads/${id}`)
    const again = await api.get(`/leads/${id}`, { headers: { 'if-none-match': `"7", W/${String(headers.etag)}` } })
    expect(again).toMatchObject({ status: 304, text: '' })
    await api.patch(`/leads/${id}`, { city: 'Pune' })
    expect((await api.get(`/leads/${id}`, { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(200)
  })

  test('browsers of other origins are allowed only if the configuration lists them', async () => {
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

  test('the documentation page needs no key and loads nothing from other hosts', async () => {
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

  test('every operation has an id, a summary, a response and a problem, and its examples match their schemas', () => {
    const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item as object))
    const ids = operations.map(({ operationId }: { operationId: string }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations as { summary?: string; responses: Record<string, unknown> }[]) {
      expect(operation.summary).toBeTruthy()
      expect(Object.keys(operation.responses).some((status) => status < '400')).toBe(true)
      expect(operation.responses).toHaveProperty('500')
    }
  })

  test('every request body and every response with JSON has an example that its schema accepts', () => {
    expect(findExampleProblems()).toEqual([])
  })

  test('the document passes the linter without a warning', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document))
    await writeFile(join(folder, 'redocly.yaml'), 'extends:\n  - recommended\ntelemetry: "off"\n')
    const cli = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url))
    const options = {
      cwd: folder,
      env: { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_TELEMETRY: 'off' },
    }
    const { stdout, stderr } = await run(process.execPath, [cli, 'lint', 'openapi.json', '--format=json'], options)
    expect(JSON.parse(stdout), stderr).toMatchObject({ totals: { errors: 0, warnings: 0 } })
    await rm(folder, { recursive: true })
  }, 60_000)

  test('deprecated parts of an answer come with Deprecation and Sunset', async () => {
    const current = await api.get('/leads?limit=1')
    expect(current.headers).not.toHaveProperty('deprecation')
    const deprecated = [await api.get('/leads/changes'), await api.get('/leads/export?limit=1')]
    for (const { headers } of deprecated) {
      expect(headers.deprecation).toMatch(/^@\d+$/)
      expect(Date.parse(String(headers.sunset))).toBeGreaterThan(Date.now())
    }
    expect(deprecated[1]?.headers['next-cursor']).toBe(deprecated[1]?.headers['x-next-cursor'])
    expect((await api.get(`/leads/export?cursor=${deprecated[1]?.headers['next-cursor']}`)).headers).not.toHaveProperty(
      'link',
    )
  })

  test('the committed TypeScript types equal those generated from the document', async () => {
    const served = await api.get('/docs/paths.ts', { as: null })
    const file = new URL('../../functions/openapi/paths.ts', import.meta.url)
    const unformatted = (text: string): string => text.replaceAll(/[\s;'"|()]/g, '')
    const committed = unformatted(await readFile(file, 'utf8'))
    expect(committed === unformatted(served.text), 'refresh with: npm run generate').toBe(true)
  })

  test('an unavailable database is answered with 503 and Retry-After, without details', async () => {
    await api.close()
    process.env.DATABASE_URL = 'postgres://user:secret-password@127.0.0.1:1/leads'
    const answer = await api.get('/leads')
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(answer.text).not.toMatch(/secret-password|127\.0\.0\.1|ECONN/)
    expect((await api.get('/health', { as: null })).status).toBe(503)
  })
})

describeEachEngine('the change feed', (engine) => {
  test('the change feed waits for an open transaction and then returns its rows', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const [db, other] = [await openDatabase(database_url), await openDatabase(database_url)]
    const begun = new Date()
    const later = (seconds: number): Date => new Date(begun.getTime() + seconds * 1000)
    const read = (cursor: string | undefined, now: Date) =>
      readChangeFeed(db, {
        order: 'created_at',
        cursor,
        limit: 100,
        cursor_secret: 'secret of a test',
        now,
        can_see_deleted: true,
      })
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
        // With a single writer, no other transaction can overtake the open one.
        if (engine !== 'sqlite') await insertReturningId(db, 'sales_leads', lead('fast', later(5)))
        const during = await read(undefined, later(20))
        expect(names(during)).toEqual(['before'])
        cursor = during.next_cursor
        if (engine === 'postgres' || engine === 'mysql') {
          // Two minutes later the transaction is still open: later changes are still held back.
          const held = await read(cursor, later(120))
          expect(names(held)).toEqual([])
          cursor = held.next_cursor
        }
      })
      if (engine === 'sqlite') await insertReturningId(db, 'sales_leads', lead('fast', later(5)))
      // A server may report transactions from a snapshot of 0.1 s ago, which it refreshes only if it was not asked for as
      // long. The test therefore asks less often.
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
