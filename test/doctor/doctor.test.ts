import { startApifySimulator } from '@leads/apify-simulator/server'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { startQueueServer } from '@leads/cli/stack/queue-server'
import { openDatabase } from '@leads/core/database/open-database'
import { diagnoseAll } from '@leads/core/doctor/diagnose-all'
import type { Finding } from '@leads/core/doctor/finding'
import { completeLeadCounts, recountLeads } from '@leads/core/stats/lead-counts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'

const find = (findings: readonly Finding[], check: string): Finding | undefined =>
  findings.find((finding) => finding.check === check)

describeEachEngine('the doctor', (engine) => {
  test('reports no problem if there is none', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const simulator = await startApifySimulator()
    const queue = await startQueueServer()
    const env = {
      ...localAwsEnvironment(queue.endpoint),
      DATABASE_URL: database_url,
      SYNC_QUEUE_URL: queue.queue_url,
      SYNC_LONG_QUEUE_URL: queue.long_queue_url,
      APIFY_WEBHOOK_SECRET: 'a-secret-of-at-least-16',
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
    }
    const before = { ...process.env }
    Object.assign(process.env, env)
    try {
      const findings = await diagnoseAll(env)
      expect(findings.filter(({ state }) => state !== 'ok')).toEqual([])
      for (const check of ['configuration', 'database', 'schema', 'queue', 'apify', 'clock', 'webhook'])
        expect([check, find(findings, check)?.state]).toEqual([check, 'ok'])
      const queues = findings.filter(({ check }) => check === 'queue').map(({ message }) => message)
      expect(queues).toEqual([
        'The queue answers: 0 waiting, 0 in progress.',
        'The queue of long runs answers: 0 waiting, 0 in progress.',
      ])
    } finally {
      process.env = before
      await queue.close()
      await simulator.close()
      await drop()
    }
  })

  test('tells of counts behind the statistics that are not those of the leads, and how to correct them', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const db = await openDatabase(database_url, { connections_max: 1 })
    const check = async () => find(await diagnoseAll({ DATABASE_URL: database_url }), 'lead_counts')
    try {
      await completeLeadCounts({ db, now: () => new Date(), remaining_ms: () => 60_000 })
      const insert = (external_id: string) =>
        db.kysely
          .insertInto('sales_leads')
          .values({ full_name: 'Ann Baker', provider_name: 'apify', external_id, source: 'apify' })
          .execute()
      await insert('one')
      if (!db.engine.has_lead_counts) return expect(await check()).toBeUndefined()
      expect(await check()).toMatchObject({ state: 'ok' })
      await sql`alter table sales_leads disable trigger user`.execute(db.kysely)
      await insert('two')
      expect(await check()).toMatchObject({
        state: 'warning',
        message: 'The statistics count 1 leads, and there are 2.',
        advice: expect.stringContaining('leads db recount'),
      })
      await recountLeads({ db, now: () => new Date() })
      expect(await check()).toMatchObject({ state: 'ok' })
      // The number of leads is right.
      await sql`update lead_counts set value = '=Peru' where dimension = 'country'`.execute(db.kysely)
      expect(await check()).toMatchObject({
        state: 'warning',
        message: 'The statistics by status or country are not those of the leads.',
        advice: expect.stringContaining('leads db recount'),
      })
      await recountLeads({ db, now: () => new Date() })
      expect(await check()).toMatchObject({ state: 'ok' })
      await sql`update lead_counts set leads_count = 3 where grain_s = 44236800`.execute(db.kysely)
      expect(await check()).toMatchObject({
        state: 'warning',
        message: 'The counts behind the statistics of long periods are wrong.',
        advice: expect.stringContaining('leads db recount'),
      })
      await recountLeads({ db, now: () => new Date() })
      expect(await check()).toMatchObject({ state: 'ok' })
    } finally {
      await db.close()
      await drop()
    }
  })

  test('tells that the schema is missing, and the command that makes it', async () => {
    const { database_url, drop } = await freshDatabase(engine, { migrated: false })
    try {
      const schema = find(await diagnoseAll({ DATABASE_URL: database_url }), 'schema')
      expect(schema).toMatchObject({ state: 'failed', advice: expect.stringContaining('migrate up') })
    } finally {
      await drop()
    }
  })
})

describe('the doctor', () => {
  test('says of everything that is wrong what to do, and repeats no password', async () => {
    const findings = await diagnoseAll({
      DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:9/leads',
      APIFY_WEBHOOK_SECRET: 'short',
      APIFY_TOKEN: 'apify_api_wrong',
      APIFY_API_BASE_URL: 'http://127.0.0.1:9',
      PORT: 'many',
    })
    expect(findings.map(({ check, state }) => [check, state])).toEqual(
      expect.arrayContaining([
        ['configuration', 'failed'],
        ['database', 'failed'],
        ['queue', 'warning'],
        ['apify', 'failed'],
        ['webhook', 'failed'],
      ]),
    )
    for (const { state, advice } of findings) if (state !== 'ok') expect(advice).toBeTruthy()
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })

  test('distinguishes a wrong token from an unavailable Apify', async () => {
    const simulator = await startApifySimulator()
    try {
      const findings = await diagnoseAll({ APIFY_TOKEN: 'apify_api_wrong', APIFY_API_BASE_URL: simulator.url })
      expect(find(findings, 'apify')).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('refused the token'),
      })
    } finally {
      await simulator.close()
    }
  })

  test('notices a clock that is off', async () => {
    const simulator = await startApifySimulator()
    const { createServer } = await import('node:http')
    const behind = createServer((request, response) => {
      response.sendDate = false
      response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString())
      if (request.method === 'HEAD') return response.end()
      void fetch(`${simulator.url}${request.url}`, {
        headers: { authorization: `${request.headers.authorization}` },
      }).then(async (answer) =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()),
      )
    })
    await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve))
    const { port } = behind.address() as { port: number }
    try {
      const findings = await diagnoseAll({
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: `http://127.0.0.1:${port}`,
      })
      expect(find(findings, 'clock')).toMatchObject({ state: 'failed', message: expect.stringContaining('ahead') })
    } finally {
      behind.close()
      await simulator.close()
    }
  })
})
