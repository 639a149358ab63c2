import { readConfig } from '@leads/core/config/read-config'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { diagnose, serviceChecks } from '@leads/core/doctor/diagnose'
import { createLead } from '@leads/core/leads/create-lead'
import { sql } from 'kysely'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { countPostgresStatements } from '../faults/statements.ts'
import { ENGINES } from '../setup/engines.ts'
import { startPostgresReplica, type TestReplica } from '../setup/postgres-replica.ts'
import { startPostgres, type TestServer } from '../setup/postgres-server.ts'
import { makeScratchDirectory, removeDirectory } from '../setup/scratch.ts'
import { startApi, type TestApi } from './client.ts'

const mergePatch = { headers: { 'content-type': 'application/merge-patch+json' } }

describe.runIf(ENGINES.includes('postgres'))('with a read replica, the API', () => {
  let directory: string
  let primary: TestServer
  let replica: TestReplica
  let proxy: TcpProxy
  let api: TestApi
  let databases = 0

  beforeAll(async () => {
    directory = await makeScratchDirectory()
    primary = await startPostgres(directory, { settings: ['wal_level=replica'] })
    replica = await startPostgresReplica(primary, directory)
    await createDatabase('migrated')
    await migrateUp(primary.url('migrated'))
  })

  afterAll(async () => {
    await replica?.stop()
    await primary?.stop()
    await removeDirectory(directory)
  })

  beforeEach(async () => {
    databases += 1
    const name = `leads_${databases}`
    await createDatabase(`${name} template migrated`)
    const database_url = primary.url(name)
    api = await startApi('postgres', { database_url, drop: async () => {} })
    await replica.resume()
    proxy = await startProxy(replica.port, () => countPostgresStatements())
    const url = new URL(replica.url(name))
    url.port = String(proxy.port)
    vi.stubEnv('DATABASE_READ_URL', url.href)
    await addLead('Ada Lovelace')
    await replica.resume()
    await readFromReplica()
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    await replica.resume()
    await api.close()
    await proxy.close()
  })

  async function createDatabase(definition: string): Promise<void> {
    const admin = postgres(primary.url('postgres'), { max: 1, onnotice: () => {} })
    await admin.unsafe(`create database ${definition}`)
    await admin.end()
  }

  /** Not by a key. */
  async function addLead(full_name: string): Promise<number> {
    const by = { actor: 'test', event_source: 'cli', at: new Date() } as const
    return (await createLead(api.db, { full_name }, by)).id
  }

  /** What other processes do: a sync, an import and a job of this status. */
  async function addWork(status: string, at: Date): Promise<void> {
    const is_open = status !== 'completed'
    await sql`insert into apify_sync_states (run_id, actor_id, sync_status, updated_at)
      values ('run-1', 'actor1', ${status}, ${at})`.execute(api.db.kysely)
    await sql`insert into import_batches (import_batch_id, batch_status, file_name, file_hash, import_options, options_hash,
        updated_at)
      values ('fair-1', ${is_open ? 'importing' : status}, 'fair.csv', 'x', '{}', 'x', ${at})`.execute(api.db.kysely)
    await sql`insert into bulk_jobs (job_type, job_status, query, end_id, updated_at)
      values ('delete', ${is_open ? 'running' : status}, '', 0, ${at})`.execute(api.db.kysely)
  }

  async function listNames(as: 'read' | 'write' = 'read', headers: Record<string, string> = {}): Promise<string[]> {
    const { status, body } = await api.get('/leads', { as, headers })
    expect(status).toBe(200)
    return body.data.map(({ full_name }: { full_name: string }) => full_name)
  }

  /** The first requests find no heartbeat at the replica. */
  async function readFromReplica(as: 'read' | 'write' = 'read'): Promise<void> {
    await vi.waitFor(
      async () => {
        proxy.statements = 0
        await listNames(as)
        // The list, or the heartbeat and the list.
        expect(proxy.statements).toBeGreaterThan(0)
        const { rows } = await sql`select 1 from task_states where name = 'replica_heartbeat'`.execute(api.db.kysely)
        expect(rows).toHaveLength(1)
        proxy.statements = 0
        await listNames(as)
        expect(proxy.statements).toBe(1)
      },
      { timeout: 20_000, interval: 100 },
    )
  }

  test('reads lists, exports, values of a field and statistics from the replica, and a lead and its history from the primary', async () => {
    await replica.pause()
    const id = await addLead('Grace Hopper')
    expect(await listNames()).toEqual(['Ada Lovelace'])
    expect((await api.get('/leads/export', { as: 'read' })).text.trim().split('\n')).toHaveLength(1)
    expect((await api.get('/stats', { as: 'read' })).body.leads_count).toBe(1)
    expect((await api.get('/leads/facets?field=lead_status', { as: 'read' })).body.data[0].leads_count).toBe(1)
    expect((await api.get(`/leads/${id}`, { as: 'read' })).body.full_name).toBe('Grace Hopper')
    expect((await api.get(`/leads/${id}/events`, { as: 'read' })).body.data).toHaveLength(1)
    await replica.resume()
    expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
  })

  test('reads from the primary for a request with Cache-Control: no-cache', async () => {
    await replica.pause()
    await addLead('Grace Hopper')
    expect(await listNames('read', { 'cache-control': 'no-cache' })).toEqual(['Grace Hopper', 'Ada Lovelace'])
    expect(await listNames()).toEqual(['Ada Lovelace'])
  })

  test('shows a key each of its own changes at once, however far the replica is behind', async () => {
    await readFromReplica('write')
    await replica.pause()
    const { body: lead } = await api.post('/leads', { full_name: 'Grace Hopper' }, { as: 'write' })
    expect(await listNames('write')).toEqual(['Grace Hopper', 'Ada Lovelace'])
    expect((await api.get('/stats', { as: 'write' })).body.leads_count).toBe(2)
    await api.patch(`/leads/${lead.id}`, { full_name: 'Jean Bartik' }, { ...mergePatch, as: 'write' })
    expect(await listNames('write')).toEqual(['Jean Bartik', 'Ada Lovelace'])
    expect((await api.delete(`/leads/${lead.id}`, { as: 'write' })).status).toBe(204)
    expect(await listNames('write')).toEqual(['Ada Lovelace'])
    expect(await listNames('read'), 'another key').toEqual(['Ada Lovelace'])
  })

  test('shows a key what it has changed in another process', async () => {
    await readFromReplica('read')
    await replica.pause()
    await addLead('Grace Hopper')
    expect(await listNames()).toEqual(['Ada Lovelace'])
    await sql`
      insert into task_states (name, task_state, updated_at)
      select concat('api_key_writes:', id), '{}', clock_timestamp() + interval '60 seconds' from api_keys
      where name = 'read key'`.execute(api.db.kysely)
    expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
  })

  test.each([
    ['/syncs/run-1', 'a sync', 'completed'],
    ['/syncs', 'a list of syncs', 'completed'],
    ['/imports/fair-1', 'an import', 'completed'],
    ['/imports', 'a list of imports', 'completed'],
    ['/jobs/1', 'a job', 'completed'],
    ['/jobs', 'a list of jobs', 'completed'],
    ['/syncs/run-1', 'a sync', 'syncing'],
  ])(
    'GET %s: a key that sees %s %s reads what it wrote, and before only what the replica has',
    async (target, _, status) => {
      await readFromReplica('read')
      await replica.pause()
      await addLead('Grace Hopper')
      await addWork(status, new Date())
      expect(await listNames('read')).toEqual(['Ada Lovelace'])
      expect((await api.get(target, { as: 'read' })).status).toBe(200)
      const isFinished = status === 'completed'
      expect(await listNames('read')).toEqual(isFinished ? ['Grace Hopper', 'Ada Lovelace'] : ['Ada Lovelace'])
    },
  )

  test('a key that sees work finished long ago keeps reading from the replica', async () => {
    await addWork('completed', new Date(Date.now() - 600_000))
    await readFromReplica('read')
    for (const target of ['/syncs/run-1', '/syncs', '/imports/fair-1', '/imports', '/jobs/1', '/jobs'])
      expect((await api.get(target, { as: 'read' })).status).toBe(200)
    proxy.statements = 0
    await listNames('read')
    expect(proxy.statements).toBe(1)
  })

  test('shows a key that replaces another one what that one has changed', async () => {
    await readFromReplica('write')
    await replica.pause()
    await api.post('/leads', { full_name: 'Grace Hopper' }, { as: 'write' })
    const { body: found } = await api.get('/api-keys?name=write%20key')
    const { body } = await api.post(`/api-keys/${found.data[0].id}/rotate`, { grace_s: 0 })
    const headers = { authorization: `Bearer ${body.secret}` }
    expect(await listNames('write', headers)).toEqual(['Grace Hopper', 'Ada Lovelace'])
  })

  test('returns to the replica when it has what the key has written, and not before', async () => {
    await readFromReplica('write')
    await api.post('/leads', { full_name: 'Grace Hopper' }, { as: 'write' })
    await replica.pause()
    // As if the key had written a minute ago.
    await sql`update task_states set updated_at = clock_timestamp() where name like 'api_key_writes:%'`.execute(
      api.db.kysely,
    )
    await addLead('Jean Bartik')
    expect(await listNames('write')).toContain('Jean Bartik')
    await replica.resume()
    await readFromReplica('write')
    expect(await listNames('write')).toEqual(['Jean Bartik', 'Grace Hopper', 'Ada Lovelace'])
  })

  test('leaves a replica alone that is more than half a minute behind', async () => {
    await sql`
      update task_states set updated_at = updated_at - interval '31 seconds' where name = 'replica_heartbeat'`.execute(
      api.db.kysely,
    )
    await replica.resume()
    await replica.pause()
    await addLead('Grace Hopper')
    // Another process, which has seen no heartbeat yet.
    const url = new URL(process.env.DATABASE_READ_URL ?? '')
    url.searchParams.set('connect_timeout', '3')
    vi.stubEnv('DATABASE_READ_URL', url.href)
    proxy.statements = 0
    expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
    expect(proxy.statements, 'looked at').toBeGreaterThan(0)
    expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
  })

  test('answers from the primary while the replica refuses connections', async () => {
    await replica.pause()
    proxy.isDown = true
    proxy.cut()
    await addLead('Grace Hopper')
    for (let request = 0; request < 3; request += 1) expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
  })

  test('answers from the primary while the replica does not answer', async () => {
    await replica.pause()
    await addLead('Grace Hopper')
    // The next look is never answered.
    vi.setSystemTime(Date.now() + 40_000)
    proxy.onStatement = () => false
    expect(await listNames()).toEqual(['Grace Hopper', 'Ada Lovelace'])
    vi.useRealTimers()
    proxy.onStatement = undefined
    proxy.cutFrozen()
  })

  test('is diagnosed: a replica is fine, an address that accepts writes is named, and so is one without an answer', async () => {
    const diagnoseUrl = async (databaseReadUrl: string) => {
      const findings = await diagnose({ ...process.env, DATABASE_READ_URL: databaseReadUrl }, serviceChecks)
      return findings.filter(({ check }) => check === 'read_replica')
    }
    expect(await diagnoseUrl(process.env.DATABASE_READ_URL ?? '')).toMatchObject([
      { state: 'ok', message: expect.stringContaining('is a replica') },
    ])
    expect(await diagnoseUrl(process.env.DATABASE_URL ?? '')).toMatchObject([
      { state: 'warning', message: expect.stringContaining('accepts writes') },
    ])
    proxy.isDown = true
    proxy.cut()
    expect(await diagnoseUrl(process.env.DATABASE_READ_URL ?? '')).toMatchObject([
      { state: 'failed', advice: expect.stringContaining('DATABASE_READ_URL') },
    ])
  })

  test('writes nothing to the replica and reads no more than once from it per request', async () => {
    proxy.statements = 0
    for (let request = 0; request < 5; request += 1) await listNames()
    expect(proxy.statements).toBe(5)
  })
})

test('the configuration refuses a read replica that is no PostgreSQL', () => {
  for (const DATABASE_READ_URL of ['mysql://leads:x@db.example.com/leads', 'sqlite:leads.db', 'db.example.com'])
    expect(() => readConfig(['read_replica'], { DATABASE_READ_URL })).toThrow(/DATABASE_READ_URL: .*PostgreSQL/)
  expect(readConfig(['read_replica'], { DATABASE_READ_URL: '' }).DATABASE_READ_URL).toBeUndefined()
})
