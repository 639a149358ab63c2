import { startApifySimulator } from '@leads/apify-simulator/server'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { updateLead } from '@leads/core/leads/update-lead'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { runSync } from '@leads/core/syncs/run-sync'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startApi, type TestApi } from '../api/client.ts'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { recordPostgresTexts } from '../faults/statements.ts'
import { ENGINES } from '../setup/engines.ts'

/**
 * Amazon RDS Proxy reads statements, and keeps a connection for one client as soon as a text could leave state in the
 * session: sequences, settings, session locks, statements prepared by SQL, temporary tables, cursors, large texts. A
 * setting of a transaction (`set local`) keeps it only until the transaction ends.
 */
const PINNING_PATTERN =
  /\b(?:nextval|setval|currval|lastval|set_config|pg_(?:try_)?advisory\w*|temp|temporary)\b|(?:^|;)\s*(?:set(?! local\b)|reset|prepare|execute|deallocate|discard|declare|listen|load)\b/i
const TEXT_BYTES_MAX = 16_384

describe.runIf(ENGINES.includes('postgres'))('statements on PostgreSQL', () => {
  let api: TestApi
  let proxy: TcpProxy
  const texts = new Set<string>()
  /** Statements that the proxy got, also those that it holds back. */
  let arrived = 0

  beforeEach(async () => {
    api = await startApi('postgres')
    const url = new URL(process.env.DATABASE_URL ?? '')
    texts.clear()
    proxy = await startProxy(Number(url.port), () => {
      const record = recordPostgresTexts(texts)
      return (chunk) => {
        const statements = record(chunk)
        arrived += statements
        return statements
      }
    })
    url.port = String(proxy.port)
    vi.stubEnv('DATABASE_URL', url.href)
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    await api.close()
    await proxy.close()
  })

  /** A run whose second scrape knows half of the items and finds some of them changed. */
  async function importRuns(): Promise<void> {
    const simulator = await startApifySimulator()
    const db = await openDatabase(process.env.DATABASE_URL ?? '', { connections_max: 2 })
    try {
      for (const overlap of [undefined, { seed: 1, share: 0.5, changed_share: 0.5 }]) {
        const seed = overlap ? 2 : 1
        const dataset = { generator: 'google-places', count: 40, seed, overlap } as const
        const run = simulator.state.addRun({ actor_id: 'ann/places', dataset, finished_at: Date.now() - 60_000 })
        const outcome = await runSync(
          {
            db,
            apify: createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url }),
            map: createMapper(),
            log: noopLog,
            on_duplicate: 'merge',
            page_rows_max: 20,
            settle_s: 0,
            follow_s: 30,
            now: () => new Date(),
            remaining_ms: () => 900_000,
          },
          run.id,
        )
        expect(outcome).toMatchObject({ outcome: 'completed' })
      }
    } finally {
      await db.close()
      await simulator.close()
    }
  }

  test('begin a transaction together with its first statement, without waiting for an answer', async () => {
    const db = await openDatabase(process.env.DATABASE_URL ?? '', { connections_max: 1 })
    await db.kysely.selectFrom('api_keys').select('id').execute()
    texts.clear()
    proxy.onStatement = () => false
    const work = withTransaction(db, (trx) => trx.kysely.selectFrom('companies').select('id').execute())
    const lost = expect(work).rejects.toThrow()
    await expect.poll(() => [...texts]).toContainEqual(expect.stringContaining('from "companies"'))
    expect([...texts][0]).toMatch(/^begin/)
    proxy.onStatement = undefined
    proxy.cutFrozen()
    await lost
    expect(await withTransaction(db, (trx) => trx.kysely.selectFrom('companies').select('id').execute())).toEqual([])
    await db.close()
  })

  test('send a change of a lead together with its event and the commit', async () => {
    const { body: lead } = await api.post('/leads', { full_name: 'Tove Lund', email: 'tove.lund@example.com' })
    const db = await openDatabase(process.env.DATABASE_URL ?? '', { connections_max: 1 })
    const by = { actor: 'test', event_source: 'api', at: new Date() } as const
    // A statement whose text comes for the third time is prepared. Before that the driver asks for its types first.
    for (const title of ['Buyer', 'Trainee', 'Deputy']) await updateLead(db, lead.id, { title }, by)
    arrived = 0
    proxy.statements = 0
    // Of begin, lock, update, event and commit the third is held back, and those behind it arrive nevertheless.
    proxy.onStatement = (statement) => statement < 3
    const lost = expect(updateLead(db, lead.id, { title: 'Director' }, by)).rejects.toThrow()
    await expect.poll(() => arrived).toBe(5)
    proxy.onStatement = undefined
    proxy.cutFrozen()
    await lost
    await db.close()
    expect((await api.get(`/leads/${lead.id}`)).body.title).toBe('Deputy')
    expect((await api.get(`/leads/${lead.id}/events`)).body.data).toHaveLength(4)
  })

  test('read a lead, and its history, as one statement with the check of the key', async () => {
    const { body: lead } = await api.post('/leads', { full_name: 'Tove Lund', email: 'tove.lund@example.com' })
    for (const target of [`/leads/${lead.id}`, `/leads/${lead.id}/events`]) {
      for (let turn = 0; turn < 4; turn += 1) await api.get(target)
      arrived = 0
      expect((await api.get(target)).status).toBe(200)
      expect(arrived, target).toBe(1)
    }
  })

  test('leave nothing in the session that would keep a proxy from sharing its connection', async () => {
    await importRuns()
    const { body: batch } = await api.post('/imports', { file_name: 'people.csv', content: PEOPLE })
    expect(batch).toMatchObject({ batch_status: 'completed', synced_records: 2 })
    const { body: lead } = await api.post('/leads', { email: 'grace@example.com', full_name: 'Grace Hopper' })
    const merge_patch = { headers: { 'content-type': 'application/merge-patch+json' } }
    expect((await api.patch(`/leads/${lead.id}`, { title: 'Rear admiral' }, merge_patch)).status).toBe(200)
    for (const target of ['/stats', '/leads?count=exact&q=grace', '/companies', '/syncs', `/leads/${lead.id}/events`])
      expect((await api.get(target)).status, target).toBe(200)
    expect((await api.post(`/imports/${batch.import_batch_id}/undo`)).status).toBe(200)
    expect(texts.size).toBeGreaterThan(30)
    expect([...texts].filter((text) => PINNING_PATTERN.test(text))).toEqual([])
    expect([...texts].filter((text) => Buffer.byteLength(text) > TEXT_BYTES_MAX)).toEqual([])
  })
})

const PEOPLE = 'Full name,Email,Status\nAda Lovelace,ada@example.com,contacted\nAlan Turing,alan@example.com,new\n'
