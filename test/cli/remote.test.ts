import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { createApiClient } from '@leads/cli/backend/api-client'
import { takeApiOptions } from '@leads/cli/backend/api-target'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import { createApiKey } from '@leads/core/api-keys/api-keys'
import { openDatabase } from '@leads/core/database/open-database'
import { DEAD_LETTER } from '@leads/core/syncs/dead-lettered-syncs'
import { failSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { places } from '../syncs/items.ts'
import { type Finished, runLeads } from './run-leads.ts'

/** Commands over the API of a local stack print what the same commands print on its database. */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

const KEY = 'lk_remoteremoteremoteremoteremote'
let database: FreshDatabase
let simulator: ApifySimulator
let stack: LocalStack
let cwd: string
let read_key: string
let local: Record<string, string>
beforeAll(async () => {
  database = await freshDatabase('sqlite')
  simulator = await startApifySimulator()
  cwd = mkdtempSync(join(inject('scratch_directory'), 'remote-'))
  stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url: database.database_url,
    api_key: KEY,
    webhook_secret: 'a-secret-of-at-least-16',
    env: {
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      LOG_LEVEL: 'CRITICAL',
      SYNC_SETTLE_SECONDS: '0',
    },
  })
  local = {
    DATABASE_URL: database.database_url,
    APIFY_TOKEN: simulator.token,
    APIFY_API_BASE_URL: simulator.url,
    SYNC_SETTLE_SECONDS: '0',
  }
  simulator.state.addRun({
    id: 'one',
    actor_id: 'abc',
    actor_name: 'ann/places',
    items: [...places(30), { junk: 1 }, { junk: 2 }],
  })
  expect((await onDatabase(['sync', 'one'])).code).toBe(0)
  const db = await openDatabase(database.database_url)
  try {
    read_key = (await createApiKey(db, { name: 'reader', scopes: ['read'], expires_at: null }, 'test')).secret
    await getOrCreateSync(db, 'dead', new Date())
    await failSync(db, 'dead', { message: 'Failed five times.', details: { name: DEAD_LETTER } }, new Date())
  } finally {
    await db.close()
  }
})
afterAll(async () => {
  await stack?.close()
  await simulator?.close()
  await database?.drop()
})

const onDatabase = (words: readonly string[]) => runLeads(words, { env: local, cwd })
/** Without a database URL: nothing but the API can answer. */
const onApi = (words: readonly string[], key = KEY): Promise<Finished> =>
  runLeads(words, { env: { LEADS_URL: stack.url, LEADS_API_KEY: key }, cwd })
const json = ({ stdout }: Finished) => JSON.parse(stdout)

describe('a command over the API prints what it prints on the database', () => {
  test.each([
    [['leads', 'list', '--limit', '5']],
    [
      [
        'list',
        '--filter',
        'city=Springfield',
        '--filter',
        'lead_score=is:null',
        '--sort',
        'id',
        '--limit',
        '3',
        '--json',
      ],
    ],
    [['leads', 'list', '--search', 'place 7', '--json']],
    [['leads', 'list', '--include-deleted', '--limit', '3', '--json']],
    [['show', '1']],
    [['leads', 'show', '1', '--json']],
    [['leads', 'show', '1', '--raw', '--json']],
    [['leads', 'show', '999']],
    [['leads', 'history', '1', '--json']],
    [['leads', 'history', '1']],
    [['leads', 'edit', '1', '--set', 'lead_score=101']],
    [['leads', 'restore', '2']],
    [['leads', 'delete', '998', '999', '--json']],
    [['syncs', 'list', '--json']],
    [['syncs', 'list', '--actor', 'ann/places', '--json']],
    [['syncs', 'list', '--actor', 'nobody/nothing']],
    [['syncs', 'list', '--status', 'failed']],
    [['syncs', 'show', 'one', '--json']],
    [['syncs', 'show', 'one', '--limit', '1']],
    [['syncs', 'show', 'nix']],
    [['syncs', 'replay', 'one', '--json']],
    [['syncs', 'replay', '--actor', 'ann/places']],
    [['keys', 'list', '--json']],
    [['keys', 'revoke', '999']],
    [['import', 'show', 'nix']],
    [['import', 'undo', 'nix', '--json']],
    [['export']],
    [['export', '--format', 'ndjson', '--columns', 'all', '--filter', 'id=lte:7']],
    [['export', '--columns', 'id,full_name,city', '--search', 'place']],
    [['export', '--format', 'ndjson', '--columns', 'raw_data,city,id', '--filter', 'id=lte:3']],
    [['export', '--columns', 'nix']],
  ])('leads %j', async (words) => {
    const [api, db] = [await onApi(words), await onDatabase(words)]
    expect(masked(api)).toEqual(masked(db))
    expect(api.stdout + api.stderr).not.toBe('')
  })

  /** Each signs cursors with its own secret, and durations differ between two runs. */
  const mask = (text: string): string =>
    text.replaceAll(/("next_cursor":"|--cursor )[\w-]+/g, '$1…').replace(/[\d.]+ s\./, '… s.')
  const masked = ({ stdout, stderr, ...rest }: Finished) => ({
    ...rest,
    stdout: mask(stdout),
    stderr: mask(stderr),
  })
})

describe('changes over the API', () => {
  test('a lead is edited, deleted and restored, with the key as the author', async () => {
    const edited = await onApi(['edit', '3', '--set', 'lead_status=contacted', '--set', 'tags=a,b', '--json'])
    expect(json(edited)).toMatchObject({ id: 3, lead_status: 'contacted', tags: ['a', 'b'], version: 2 })
    expect((await onApi(['edit', '3', '--set', 'lead_status=contacted'])).stderr).toMatch(/^Nothing changed/)
    expect(json(await onApi(['delete', '3', '--json']))).toEqual({ deleted: [3], failed: [] })
    expect((await onApi(['edit', '3', '--set', 'notes=x'])).code).toBe(4)
    expect(json(await onApi(['show', '3', '--json']))).toMatchObject({ id: 3, is_deleted: true })
    expect((await onApi(['show', '3'], read_key)).code).toBe(4)
    expect((await onApi(['restore', '3'])).code).toBe(0)
    const { data } = json(await onApi(['history', '3', '--json']))
    expect(data[0]).toMatchObject({ event_type: 'restored', actor: 'local', event_source: 'api' })
  })

  test('a lead is found by the address that was typed, not only by the address that is stored', async () => {
    for (const run of [onApi, onDatabase]) {
      expect((await run(['leads', 'edit', '5', '--set', 'email=ILSE@B.example'])).code).toBe(0)
      const { data } = json(await run(['leads', 'list', '--filter', 'email=ILSE@B.example', '--json']))
      expect(data).toMatchObject([{ id: 5, email: 'ilse@b.example' }])
    }
  })

  test('keys are created, rotated and revoked', async () => {
    const created = await onApi(['keys', 'create', 'crm', '--scope', 'write', '--expires', '90d'])
    const secret = created.stdout.trim()
    expect(secret).toMatch(/^lk_/)
    expect((await onApi(['list', '--limit', '1', '--json'], secret)).code).toBe(0)
    const [{ id }] = json(await onApi(['keys', 'list', '--limit', '1', '--json']))
    const rotated = json(await onApi(['keys', 'rotate', String(id), '--grace', '1h', '--json']))
    expect(rotated).toMatchObject({ api_key: { name: 'crm', scopes: ['write'], expires_at: expect.any(String) } })
    expect(json(await onApi(['keys', 'revoke', String(rotated.api_key.id), '--json'])).revoked_at).not.toBeNull()
    expect((await onApi(['list'], rotated.secret)).code).toBe(77)
  })

  test('runs are queued, and dead-lettered runs are queued again', async () => {
    expect(json(await onApi(['syncs', 'redrive', '--dry-run', '--json']))).toEqual({
      run_ids: ['dead'],
      dead_letters: 0,
      is_dry_run: true,
    })
    simulator.state.addRun({ id: 'two', actor_id: 'abc', items: places(40, 100), finished_at: Date.now() - 60_000 })
    expect(json(await onApi(['sync', 'two', '--queue', '--json']))).toEqual({ queued: ['two'] })
    await vi.waitFor(
      async () => expect(json(await onApi(['syncs', 'show', 'two', '--json'])).sync_status).toBe('completed'),
      { timeout: 60_000, interval: 500 },
    )
  })
})

describe('files over the API', () => {
  const people = (count: number): string =>
    `Name;E-Mail;Firma;Notiz\n${Array.from({ length: count }, (_, index) => `Ana ${index} Lopez;ana${index}@firm${index % 50}.example;"Firm; ${index % 50}";"line one\nline ""two"" ${index}"`).join('\n')}\nfoo;bar;;\n`

  const hashed = (text: string) => createHash('sha256').update(text).digest('hex')

  test('a file in parts becomes the same leads as on a database, and is recognized the second time', async () => {
    writeFileSync(join(cwd, 'people.csv'), people(4000))
    const imported = json(await onApi(['import', 'people.csv', '--json']))
    expect(imported).toMatchObject({
      batch_status: 'completed',
      file_name: 'people.csv',
      file_hash: hashed(people(4000)),
      total_records: 4001,
      synced_records: 4000,
      failed_records: 1,
      outcome: 'completed',
      rejects_file: 'people.rejected.csv',
    })
    expect(readFileSync(join(cwd, 'people.rejected.csv'), 'utf8')).toMatch(/^rejection_reason.*\r\n.*foo,bar,,\r\n$/)
    const again = await onApi(['import', 'people.csv', '--json'])
    expect(json(again)).toMatchObject({ outcome: 'known', total_records: 4001 })
    const { import_batch_id } = imported
    expect(json(await onApi(['import', 'list', '--json']))[0]).toMatchObject({ import_batch_id })
    const shown = json(await onApi(['import', 'show', import_batch_id, '--json']))
    const { id, file_hash, options_hash, ...expected } = json(
      await onDatabase(['import', 'show', import_batch_id, '--json']),
    )
    expect(shown).toEqual({ ...expected, id: null, file_hash: null, options_hash: null })

    const other = await freshDatabase('sqlite')
    const env = { DATABASE_URL: other.database_url }
    await runLeads(['import', 'people.csv'], { env, cwd })
    const columns = ['--columns', 'full_name,email,company_name,notes', '--filter', 'source=import']
    const inDatabase = await runLeads(['export', ...columns], { env, cwd })
    expect((await onApi(['export', ...columns])).stdout).toBe(inDatabase.stdout)
    await other.drop()

    const undone = json(await onApi(['import', 'undo', import_batch_id, '--json']))
    expect(undone).toMatchObject({ import_batch_id, outcome: 'undone', deleted: 4000, reverted: 0, kept: 0 })
    expect(json(await onApi(['import', 'undo', import_batch_id, '--json'])).outcome).toBe('known')
  })

  test('every rejected row reaches the file of rejected rows, also if pages of the API end by bytes', async () => {
    const rows = Array.from({ length: 180 }, (_, index) => `,,${index} ${'x'.repeat(30_000)}`)
    writeFileSync(join(cwd, 'large.csv'), `Name,Email,Notes\n${rows.join('\n')}\n`)
    const imported = json(await onApi(['import', 'large.csv', '--json']))
    expect(imported).toMatchObject({ total_records: 180, failed_records: 180 })
    const rejected = readFileSync(join(cwd, 'large.rejected.csv'), 'utf8')
    expect(rejected.split('\r\n').filter((line) => line !== '')).toHaveLength(181)
  })

  test('a merged lead is reported with the lead that it was merged into', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    const post = async (path: string, body: object) => {
      const response = await fetch(`${stack.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      expect(response.ok).toBe(true)
      return response.json() as Promise<{ id: number }>
    }
    const keeper = await post('/leads', { full_name: 'Ada Twin', email: 'ada.twin@example.org' })
    const merged = await post('/leads', { full_name: 'Ada Twin', phone: '+4930123456' })
    await post(`/leads/${keeper.id}/merge`, { lead_ids: [merged.id] })
    const shown = await onApi(['show', String(merged.id)], read_key)
    expect(shown.code).toBe(4)
    expect(shown.stderr).toContain(`merged into lead ${keeper.id}`)
  })

  test('an interrupted import resumes with the same command and imports each row once', async () => {
    writeFileSync(join(cwd, 'big.csv'), people(8000))
    let stopped = 0
    for (;;) {
      const finished = await runLeads(['import', 'big.csv', '--json'], {
        cwd,
        env: { LEADS_URL: stack.url, LEADS_API_KEY: KEY },
        onStart: (child) => {
          if (stopped > 1) return
          const timer = setTimeout(() => child.kill('SIGKILL'), 2500)
          child.once('exit', () => clearTimeout(timer))
        },
      })
      if (finished.code === 0) {
        expect(json(finished)).toMatchObject({ total_records: 8001, synced_records: 8000, failed_records: 1 })
        break
      }
      expect(finished.signal).toBe('SIGKILL')
      stopped += 1
    }
    const { length } = (await onApi(['export', '--columns', 'id', '--filter', 'source=import'])).stdout.split('\r\n')
    expect(length - 2).toBe(8000)
  })
})

test('a dry run over the API reports what one on the database does, parts and line numbers included', async () => {
  const rows = Array.from(
    { length: 3100 },
    (_, index) => `"Nils
Berg ${index}",nils.berg${index}@example.com,0301${100_000 + index}`,
  )
  rows[3050] = ',,'
  rows[3060] = 'Grete,grete@example.com,call me'
  writeFileSync(join(cwd, 'two-parts.csv'), `Kontakte\n\nName,Mail,Telefon\n${rows.join('\n')}\n"",,x\n`)
  const words = ['import', 'two-parts.csv', '--dry-run']
  const before = await onApi(['leads', 'list', '--limit', '1', '--json'])
  expect(json(await onApi([...words, '--json']))).toEqual(json(await onDatabase([...words, '--json'])))
  const shown = await onApi(words)
  expect(shown).toMatchObject({ code: 0, stdout: (await onDatabase(words)).stdout })
  expect(shown.stdout).toMatch(/rejected +\d/)
  expect((await onApi(['leads', 'list', '--limit', '1', '--json'])).stdout).toBe(before.stdout)
})

describe('an API that cannot be used', () => {
  test.each([
    [77, { LEADS_API_KEY: 'lk_wrongwrongwrongwrongwrong' }, /API key/],
    [78, { LEADS_API_KEY: '' }, /Set LEADS_API_KEY, or add --key/],
    [78, { LEADS_URL: 'leads.example.com' }, /LEADS_URL is not a URL/],
    [78, { LEADS_URL: 'http://leads.example.com' }, /must begin with https/],
    [78, { LEADS_URL: 'http://127.evil.example' }, /must begin with https/],
    [69, { LEADS_URL: 'http://127.0.0.1:1' }, /cannot be reached/],
    [69, { LEADS_URL: 'https://127.0.0.1:47' }, /cannot be reached/],
  ])('is reported with exit code %d for %j', async (code, wrong, message) => {
    const env = { LEADS_URL: stack.url, LEADS_API_KEY: KEY, ...wrong }
    const finished = await runLeads(['list'], { env, cwd })
    expect(finished).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
    expect(finished.stderr).not.toContain(KEY)
  })

  test('a read key may not write (77), and a command for the database alone is refused (2)', async () => {
    expect((await onApi(['edit', '1', '--set', 'notes=x'], read_key)).code).toBe(77)
    expect((await onApi(['keys', 'list'], read_key)).code).toBe(77)
    expect(await onApi(['remap'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/needs the database/) })
    expect((await onApi(['sync', 'one'])).code).toBe(2)
  })

  /** Calls `use` with a server that answers its requests by these, then 418. Returns the methods of the requests too. */
  async function withAnswers<Result>(answers: readonly number[], use: (url: string) => Promise<Result>) {
    const calls: string[] = []
    const server = createServer((request, response) => {
      const status = answers[calls.length] ?? 418
      calls.push(request.method ?? '')
      response.writeHead(status, { 'retry-after': '0' }).end('busy')
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const result = await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.close()
    return { result, calls }
  }

  test('a server that is no API, and a busy one, are reported; a read is retried', async () => {
    const { result, calls } = await withAnswers([503, 502], (leadsUrl) =>
      runLeads(['list'], { env: { LEADS_URL: leadsUrl, LEADS_API_KEY: KEY }, cwd }),
    )
    expect([result.code, result.stderr]).toEqual([1, expect.stringMatching(/answered 418.*Check that LEADS_URL/)])
    expect(calls).toEqual(['GET', 'GET', 'GET'])
  })

  test('a write is retried where the server has not processed it, and only there', async () => {
    const add = async (url: string) => {
      const { response } = await createApiClient({ url, key: KEY }).POST('/leads', {
        body: { full_name: 'Ada Example' },
      })
      return response.status
    }
    expect(await withAnswers([429, 503], add)).toEqual({ result: 418, calls: ['POST', 'POST', 'POST'] })
    expect(await withAnswers([502], add)).toEqual({ result: 502, calls: ['POST'] })
  })
})

describe('takeApiOptions', () => {
  test('requests are answered beside hostile ones, which are refused', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    const bodies = ['['.repeat(3_000_000), `{"tags":[${'"a",'.repeat(500_000)}"b"]}`, `{"notes":"${'x'.repeat(5e6)}"}`]
    const ended: string[] = []
    const hostile = Array.from({ length: 15 }, async (_, index) => {
      const body = bodies[index % bodies.length] ?? ''
      const response = await fetch(`${stack.url}/leads`, { method: 'POST', headers, body })
      expect([400, 413, 422]).toContain(response.status)
      expect(await response.json()).toMatchObject({ status: response.status })
      ended.push('hostile')
    })
    for (let count = 0; count < 15; count += 1) {
      const response = await fetch(`${stack.url}/leads?limit=1`, { headers, signal: AbortSignal.timeout(30_000) })
      expect(response.status).toBe(200)
      await response.arrayBuffer()
      ended.push('healthy')
    }
    await Promise.all(hostile)
    expect(ended).toHaveLength(30)
    expect(ended.indexOf('healthy')).toBeLessThan(ended.lastIndexOf('hostile'))
  })

  test('options are taken before and after the command, but not those of webhook install', () => {
    const env: NodeJS.ProcessEnv = {}
    expect(takeApiOptions(['--url', 'https://a.example', 'leads', 'list', '--key=lk_1', '--json'], env)).toEqual([
      'leads',
      'list',
      '--json',
    ])
    expect(env).toEqual({ LEADS_URL: 'https://a.example', LEADS_API_KEY: 'lk_1' })
    const install = ['webhook', 'install', '--actor', 'a/b', '--url', 'https://hook.example']
    expect(takeApiOptions(install, {})).toEqual(install)
    expect(takeApiOptions(['leads', 'show', '--', '--url'], {})).toEqual(['leads', 'show', '--', '--url'])
    expect(() => takeApiOptions(['list', '--url'], {})).toThrow('--url needs a value')
  })
})
