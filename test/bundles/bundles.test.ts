import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { ensureApiKey } from '@leads/core/api-keys/api-keys'
import { openDatabase } from '@leads/core/database/open-database'
import type { AdminResponse } from '@leads/functions/handlers/admin'
import { functionManifest } from '@leads/functions/runtime/manifest'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionNames } from '../../infra/build/bundle.ts'
import { workbookParts } from '../file-imports/workbook-parts.ts'
import { archive } from '../file-imports/write-archive.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { type Deployed, deploy } from './deployed.ts'
import { httpEvent, queueEvent, scheduleEvent } from './events.ts'

const SECRET = 'a-secret-of-at-least-16'
const KEY = 'lk_bundlesbundlesbundlesbundles'
const ITEMS = 300

describeEachEngine('bundles run as Lambda runs them', (engine) => {
  let fresh: FreshDatabase
  let simulator: ApifySimulator
  let queue: QueueServer
  let deployed: Deployed

  beforeAll(async () => {
    fresh = await freshDatabase(engine, { migrated: false })
    simulator = await startApifySimulator()
    queue = await startQueueServer()
    deployed = await deploy({
      engine,
      secrets: {
        DatabaseUrl: fresh.database_url,
        ApifyToken: simulator.token,
        ApifyWebhookSecret: SECRET,
        CursorSecret: 'cursor-secret-of-16',
      },
      env: {
        ...localAwsEnvironment(queue.endpoint),
        SYNC_QUEUE_URL: queue.queue_url,
        APIFY_API_BASE_URL: simulator.url,
        DATABASE_CONNECTIONS_MAX: '1',
      },
    })
    // Bundling fifteen functions takes seconds on an idle machine and minutes on a busy one.
  }, 300_000)
  afterAll(async () => {
    await deployed?.close()
    await queue?.close()
    await simulator?.close()
    await fresh?.drop()
  })

  const ask = async (name: Parameters<Deployed['invoke']>[0], ...event: Parameters<typeof httpEvent>) => {
    const answer = (await deployed.invoke(name, httpEvent(...event))) as APIGatewayProxyStructuredResultV2
    return { status: answer.statusCode, body: answer.body ? JSON.parse(answer.body) : undefined }
  }
  const received = async (): Promise<string[]> => {
    const client = createLocalSqsClient(queue.endpoint)
    const command = new ReceiveMessageCommand({
      QueueUrl: queue.queue_url,
      WaitTimeSeconds: 1,
      MaxNumberOfMessages: 10,
    })
    const { Messages = [] } = await client.send(command)
    return Messages.map(({ Body }) => Body ?? '')
  }
  const authorized = { headers: { authorization: `Bearer ${KEY}` } }

  test('every bundle is within its size budget and contains no unused package', () => {
    expect(deployed.bundles.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual(
      [],
    )
    const packages = (name: string) => deployed.bundles.find((bundle) => bundle.name === name)?.packages ?? []
    for (const name of ['kysely', 'postgres', 'mysql2', 'apify-client'])
      expect(packages('apify-webhook')).not.toContain(name)
    for (const { name, config } of Object.entries(functionManifest).map(([name, spec]) => ({ name, ...spec }))) {
      // The admin function itself starts the command, which is a separate file.
      if (name === 'admin') continue
      expect(packages(name).includes('apify-client')).toBe(config.some((part) => part === 'apify'))
      expect(packages(name).includes('@aws-sdk/client-sqs')).toBe(config.some((part) => part === 'queue'))
    }
    // Only functions that map, store or filter values need the public suffix list, 125 KB.
    expect(packages('api-keys')).not.toContain('tldts')
    expect(packages('stats')).not.toContain('tldts')
    // Of the HTTP functions only the webhook and those that queue a run may send to the queue.
    const httpNames = functionNames.filter((name) => functionManifest[name].trigger.type === 'http')
    expect(httpNames.filter((name) => packages(name).includes('@aws-sdk/client-sqs'))).toEqual([
      'apify-webhook',
      'sync-actions',
    ])
    // The SQS client is a separate chunk, loaded with the first message: the code at start is smaller than the client.
    const atStart = deployed.bundles.find(({ name }) => name === 'apify-webhook')?.start_bytes
    expect(atStart).toBeLessThan(150_000)
  })

  test('the migrate bundle creates the schema of an empty database from its own SQL files, once', async () => {
    const { applied } = (await deployed.invoke('migrate', {})) as { applied: string[] }
    expect(applied[0]).toBe('001_initial')
    expect(await deployed.invoke('migrate', {})).toEqual({ applied: [] })
  })

  test('the admin bundle runs the commands that the documentation names for a database that only functions reach', async () => {
    const run = async (...words: string[]) =>
      (await deployed.invoke('admin', { words, author: 'cli:ann' })) as AdminResponse
    const created = await run('keys', 'create', 'me', '--scope', 'admin')
    expect(created).toMatchObject({ exit_code: 0, stdout: expect.stringMatching(/^lk_\w+\n$/) })
    const headers = { authorization: `Bearer ${created.stdout.trim()}` }
    const answer = await ask('api-keys', 'GET /api-keys', { headers })
    expect(answer).toMatchObject({ status: 200, body: { data: [{ name: 'me', created_by: 'cli:ann' }] } })
    await run('keys', 'revoke', String(answer.body.data[0].id))
    for (const words of [
      'migrate status',
      'syncs list',
      'doctor',
      'list',
      'db stats',
      'syncs redrive',
      'cleanup --dry-run',
    ])
      expect([words, await run(...words.split(' '))]).toEqual([words, expect.objectContaining({ exit_code: 0 })])
    expect(await run('keys', 'create')).toMatchObject({ exit_code: 2, stderr: expect.stringContaining('name') })
  })

  test('a webhook with the linked secret queues its run, and a wrong secret gets 401', async () => {
    const body = { eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: 'AbCdEfGhIjKlMnOpQ' } }
    const route = 'POST /webhooks/apify'
    expect(await ask('apify-webhook', route, { body, headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
    })
    expect(await ask('apify-webhook', route, { body, headers: { authorization: `Bearer ${SECRET}` } })).toMatchObject({
      status: 202,
    })
    expect((await received()).map((text) => JSON.parse(text))).toEqual([{ run_id: 'AbCdEfGhIjKlMnOpQ' }])
  })

  const google = { actor_id: 'nwua9Gu5YrADL7ZDj', actor_name: 'compass/crawler-google-places' }
  const syncOf = (run_id: string) => ask('syncs', 'GET /syncs/{run_id}', { ...authorized, path_parameters: { run_id } })

  test('the consumer syncs a run from Apify over HTTP and reports exactly the message that failed', async () => {
    const run = simulator.state.addRun({
      ...google,
      dataset: { generator: 'google-places', count: ITEMS, seed: 5 },
      finished_at: Date.now() - 60_000,
    })
    const event = queueEvent([JSON.stringify({ run_id: run.id }), 'no JSON'])
    expect(await deployed.invoke('sync-consumer', event)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    })

    const db = await openDatabase(fresh.database_url, { connections_max: 1 })
    try {
      await ensureApiKey(db, { name: 'test', key: KEY, scopes: ['admin'] })
      const { leads } = await db.kysely
        .selectFrom('sales_leads')
        .select(({ fn }) => fn.countAll<number>().as('leads'))
        .executeTakeFirstOrThrow()
      expect(Number(leads)).toBeGreaterThan(0)
    } finally {
      await db.close()
    }
    const { status, body } = await syncOf(run.id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ sync_status: 'completed', total_records: ITEMS, is_balanced: true })
    expect(body.synced_records).toBeGreaterThan(0)
  })

  test('a run whose webhook was lost is found, queued and synced', async () => {
    const run = simulator.state.addRun({
      ...google,
      id: 'LoStLoStLoStLoStL',
      finished_at: Date.now() - 60_000,
      // The second item is not a lead: a rejection to replay.
      items: [{ placeId: 'ChIJlostlostlostlostlost1', title: 'Lost & Found', phone: '+49 30 1234567' }, {}],
    })
    expect(await deployed.invoke('reconcile', scheduleEvent)).toMatchObject({ missed: 1, stuck: 0, due: 0 })
    const bodies = await received()
    expect(bodies.map((body) => JSON.parse(body))).toEqual([{ run_id: run.id }])
    expect(await deployed.invoke('sync-consumer', queueEvent(bodies))).toEqual({ batchItemFailures: [] })
    const accounting = { total_records: 2, synced_records: 1, duplicate_records: 0, failed_records: 1 }
    expect(await syncOf(run.id)).toMatchObject({ body: { sync_status: 'completed', ...accounting } })

    const path_parameters = { run_id: run.id }
    const replayed = await ask('sync-actions', 'POST /syncs/{run_id}/replay', { ...authorized, path_parameters })
    expect(replayed).toEqual({ status: 200, body: { tried: 1, resolved: 0, still_rejected: 1 } })
    expect(await deployed.invoke('reconcile', scheduleEvent)).toMatchObject({ missed: 0 })
  })

  test('POST /syncs queues a run', async () => {
    const body = { run_id: 'AsKeDaSkEdAsKeDaS' }
    expect(await ask('sync-actions', 'POST /syncs', { ...authorized, body })).toMatchObject({ status: 202, body })
    expect((await received()).map((text) => JSON.parse(text))).toEqual([body])
  })

  test('a file is imported, and statistics count its leads', async () => {
    const content = 'Name,Mail,Firma\nAsha Rao,asha.rao@example.com,Rao Ltd\nNobody,,\n'
    const imported = await ask('imports', 'POST /imports', { ...authorized, body: { file_name: 'fair.csv', content } })
    expect(imported).toMatchObject({ status: 201, body: { batch_status: 'completed', total_records: 2 } })
    const { synced_records, duplicate_records, failed_records } = imported.body
    expect(synced_records + duplicate_records + failed_records).toBe(2)
    expect((await ask('imports', 'GET /imports', authorized)).body.data).toHaveLength(1)

    const { status, body } = await ask('stats', 'GET /stats', authorized)
    expect(status).toBe(200)
    const listed = await ask('leads', 'GET /leads', { ...authorized, query: { email: 'asha.rao@example.com' } })
    expect(listed.body.data).toMatchObject([{ full_name: 'Asha Rao', company_name: 'Rao Ltd' }])
    expect(body.by_actor).toContainEqual(
      expect.objectContaining({ actor_name: google.actor_name, runs_count: 2, total_records: ITEMS + 2 }),
    )
    const runs = (await ask('syncs', 'GET /syncs', authorized)).body.data as { synced_records: number }[]
    const synced = runs.reduce((total, run) => total + run.synced_records, synced_records)
    expect(body.leads_count).toBe(synced)
  })

  test('a workbook is imported by readers that are in a chunk of their own', async () => {
    const row = (name: string, email: string) =>
      `<row><c t="str"><v>${name}</v></c><c t="str"><v>${email}</v></c></row>`
    const parts = workbookParts(row('Name', 'Email') + row('Åsa Ek', 'asa@ek.example'))
    const content_base64 = Buffer.concat([...archive(parts)]).toString('base64')
    const body = { file_name: 'fair.xlsx', content_base64 }
    const imported = await ask('imports', 'POST /imports', { ...authorized, body })
    expect(imported).toMatchObject({ status: 201, body: { total_records: 1, synced_records: 1 } })
  })

  test('leads are returned with an API key, and 401 without one', async () => {
    expect((await ask('leads', 'GET /leads', {})).status).toBe(401)
    const { status, body } = await ask('leads', 'GET /leads', { ...authorized, query: { limit: '2' } })
    expect(status).toBe(200)
    expect(body.data).toHaveLength(2)
    expect((await ask('companies', 'GET /companies', authorized)).status).toBe(200)
    expect((await ask('api-keys', 'GET /api-keys', authorized)).status).toBe(200)
  })

  test('stack traces name source files and lines', async () => {
    const stack = await deployed.stackOf('dead-letter', {})
    expect(stack).toMatch(/functions\/handlers\/dead-letter\.ts:\d+:\d+/)
    expect(stack).not.toContain('index.mjs')
  })

  test('health and the OpenAPI document are served', async () => {
    expect((await ask('health', 'GET /health')).status).toBe(200)
    expect((await ask('docs', 'GET /openapi.json')).body.openapi).toMatch(/^3\.1/)
  })

  test('cleanup runs, and a dead-lettered run is marked', async () => {
    await expect(deployed.invoke('cleanup', scheduleEvent)).resolves.toBeTypeOf('object')
    const event = queueEvent([JSON.stringify({ run_id: 'QqQqQqQqQqQqQqQqQ' })])
    expect(await deployed.invoke('dead-letter', event)).toEqual({ batchItemFailures: [] })
    const path_parameters = { run_id: 'QqQqQqQqQqQqQqQqQ' }
    const sync = await ask('syncs', 'GET /syncs/{run_id}', { ...authorized, path_parameters })
    expect(sync).toMatchObject({ status: 200, body: { sync_status: 'failed' } })
  })
})
