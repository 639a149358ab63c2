import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { localSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { ensureApiKey } from '@leads/core/api-keys/manage'
import { openDatabase } from '@leads/core/database/open'
import { functionManifest } from '@leads/functions/manifest'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { type Deployed, deploy } from './deployed.ts'
import { httpEvent, queueEvent, scheduleEvent } from './events.ts'

const SECRET = 'a-secret-of-at-least-16'
const KEY = 'lk_bundlesbundlesbundlesbundles'
const ITEMS = 300

describeEachEngine('What is deployed, run as Lambda runs it', (engine) => {
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
        ...{ DatabaseUrl: fresh.database_url, ApifyToken: simulator.token, ApifyWebhookSecret: SECRET },
        CursorSecret: 'cursor-secret-of-16',
      },
      env: {
        ...localAwsEnvironment(queue.endpoint),
        ...{ SYNC_QUEUE_URL: queue.queue_url, APIFY_API_BASE_URL: simulator.url, DATABASE_CONNECTIONS_MAX: '1' },
      },
    })
    // Bundling fourteen functions is all processor time: seconds alone, minutes on a machine that others use too.
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
  const authorized = { headers: { authorization: `Bearer ${KEY}` } }

  it('keeps within its budgets, and carries nothing that it has no use for', () => {
    expect(deployed.bundles.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual(
      [],
    )
    const packages = (name: string) => deployed.bundles.find((bundle) => bundle.name === name)?.packages ?? []
    for (const name of ['kysely', 'postgres', 'mysql2', 'apify-client'])
      expect(packages('apify-webhook')).not.toContain(name)
    for (const { name, config } of Object.entries(functionManifest).map(([name, spec]) => ({ name, ...spec }))) {
      expect(packages(name)).not.toContain('@aws-sdk/client-sqs')
      expect(packages(name).includes('apify-client')).toBe(config.some((part) => part === 'apify'))
      // What signs requests to the queue.
      expect(packages(name).includes('aws4')).toBe(config.some((part) => part === 'queue'))
    }
    // The public suffix list, 125 KB, is for functions that map items.
    expect(packages('companies')).not.toContain('tldts')
    expect(packages('syncs')).not.toContain('tldts')
  })

  it('makes the schema of an empty database, from SQL that came along in the bundle, once', async () => {
    const { applied } = (await deployed.invoke('migrate', {})) as { applied: string[] }
    expect(applied[0]).toBe('001_initial')
    expect(await deployed.invoke('migrate', {})).toEqual({ applied: [] })
  })

  it('takes a webhook with the linked secret and queues its run; a wrong secret gets 401', async () => {
    const body = { eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: 'AbCdEfGhIjKlMnOpQ' } }
    const route = 'POST /webhooks/apify'
    expect(await ask('apify-webhook', route, { body, headers: { authorization: 'Bearer wrong' } })).toMatchObject({
      status: 401,
    })
    expect(await ask('apify-webhook', route, { body, headers: { authorization: `Bearer ${SECRET}` } })).toMatchObject({
      status: 202,
    })
    const received = await localSqsClient(queue.endpoint).send(
      new ReceiveMessageCommand({ QueueUrl: queue.queue_url, WaitTimeSeconds: 1 }),
    )
    expect(received.Messages?.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([{ run_id: 'AbCdEfGhIjKlMnOpQ' }])
  })

  it('brings in a run, message by message, and names exactly the message that failed', async () => {
    const run = simulator.state.addRun({
      ...{ actor_id: 'nwua9Gu5YrADL7ZDj', actor_name: 'compass/crawler-google-places' },
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
    } finally {
      await db.close()
    }
    const sync = await ask('syncs', 'GET /syncs/{run_id}', { ...authorized, path_parameters: { run_id: run.id } })
    expect(sync).toMatchObject({ status: 200, body: { sync_status: 'completed', total_records: ITEMS } })
  })

  it('serves the leads to a key, and to nobody without one', async () => {
    expect((await ask('leads', 'GET /leads', {})).status).toBe(401)
    const { status, body } = await ask('leads', 'GET /leads', { ...authorized, query: { limit: '2' } })
    expect(status).toBe(200)
    expect(body.data).toHaveLength(2)
    expect((await ask('companies', 'GET /companies', authorized)).status).toBe(200)
    expect((await ask('api-keys', 'GET /api-keys', authorized)).status).toBe(200)
  })

  it('is healthy, and describes itself', async () => {
    expect((await ask('health', 'GET /health')).status).toBe(200)
    expect((await ask('docs', 'GET /openapi.json')).body.openapi).toMatch(/^3\.1/)
  })

  it('runs its schedules, and marks a run that was given up', async () => {
    await expect(deployed.invoke('reconcile', scheduleEvent)).resolves.toBeTypeOf('object')
    await expect(deployed.invoke('cleanup', scheduleEvent)).resolves.toBeTypeOf('object')
    const event = queueEvent([JSON.stringify({ run_id: 'QqQqQqQqQqQqQqQqQ' })])
    expect(await deployed.invoke('dead-letter', event)).toEqual({ batchItemFailures: [] })
    const path_parameters = { run_id: 'QqQqQqQqQqQqQqQqQ' }
    const sync = await ask('syncs', 'GET /syncs/{run_id}', { ...authorized, path_parameters })
    expect(sync).toMatchObject({ status: 200, body: { sync_status: 'failed' } })
  })
})
