import { startApifySimulator } from '@leads/apify-simulator/server'
import { LOCAL_REGION, localCredentials } from '@leads/cli/stack/local-aws'
import { startQueueServer } from '@leads/cli/stack/queue-server'
import { openDatabase } from '@leads/core/database/open-database'
import { createLead } from '@leads/core/leads/create-lead'
import { DEAD_LETTER } from '@leads/core/syncs/dead-lettered-syncs'
import { failSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { places } from '../syncs/items.ts'
import { type Finished, runLeads } from './run-leads.ts'

// The tests start many processes and import thousands of rows, which is slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

let database: FreshDatabase
let env: Record<string, string>
/** Commands while Apify is away: one tries for more than a minute, and the other tests run concurrently. */
let without_apify: Promise<Finished[]>
beforeAll(async () => {
  database = await freshDatabase('sqlite')
  env = { DATABASE_URL: database.database_url }
  const away = { ...env, APIFY_TOKEN: 'apify_api_x', APIFY_API_BASE_URL: 'http://127.0.0.1:1' }
  const commands = [
    ['sync', 'abc'],
    ['webhook', 'status'],
  ]
  without_apify = Promise.all(commands.map((words) => runLeads(words, { env: away })))
})
afterAll(() => database.drop())

const json = ({ stdout }: Finished) => JSON.parse(stdout)

async function newLead(full_name: string): Promise<number> {
  const db = await openDatabase(database.database_url)
  try {
    const lead = await createLead(db, { full_name }, { actor: 'ann', event_source: 'cli', at: new Date() })
    return lead.id
  } finally {
    await db.close()
  }
}

describe('the exit code', () => {
  test.each([
    [0, ['--help']],
    [0, ['leads', 'list', '--help']],
    [2, []],
    [2, ['frobnicate']],
    [2, ['leads', 'list', '--frob']],
    [2, ['leads', 'list', '--filter', 'nix=1']],
    [2, ['leads', 'list', '--filter', 'lead_score=abc']],
    [2, ['leads', 'edit', '7', '--set', 'id=3']],
    [2, ['sync']],
    [2, ['help', 'frobnicate']],
    [2, ['leads', 'edit', '7']],
    [2, ['sync', '--actor', 'ann/places', '--since', '2026-02-31']],
    [2, ['keys', 'create', ' ']],
    [2, ['demo', '--port', 'abc']],
    [2, ['completion', 'tcsh']],
    [3, ['leads', 'show', '999']],
    [3, ['syncs', 'replay', 'abc']],
    [3, ['syncs', 'show', 'abc']],
    [3, ['import', 'undo', 'nix']],
    [3, ['import', 'nix.csv']],
    [3, ['keys', 'revoke', '999']],
    [78, ['sync', 'abc']],
    [78, ['webhook', 'status']],
    [78, ['reconcile']],
    [0, ['help', 'leads', 'edit']],
    [0, ['--version']],
  ])('the exit code is %d for: leads %j', async (code, words) => {
    const finished = await runLeads(words, { env })
    expect([finished.code, finished.stderr]).toEqual([code, code === 0 ? '' : expect.stringMatching(/./)])
  })

  test.each([
    [69, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nix' }, /cannot be reached/],
    [69, { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/nix' }, /cannot be reached/],
    [78, { DATABASE_URL: 'oracle://x' }, /DATABASE_URL/],
    [78, { DATABASE_URL: 'sqlite::memory:' }, /migrate up/],
  ])('the exit code is %d with %j, and the message states the fix', async (code, wrong, message) => {
    const finished = await runLeads(['leads', 'list'], { env: wrong })
    expect(finished).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) })
    expect(finished.stderr).not.toMatch(/\n\s+at /)
  })

  test('with --json an error is JSON and contains the exit code', async () => {
    const { code, stderr } = await runLeads(['leads', 'show', '999', '--json'], { env })
    expect([code, JSON.parse(stderr)]).toEqual([
      3,
      { error: { reason: 'not_found', message: 'Lead 999 does not exist.', exit_code: 3 } },
    ])
  })
})

describe('usage errors', () => {
  test.each([
    [['leads', 'show', 'abc', '--json'], "'abc' is not a valid <id>. Give a number such as 7."],
    [
      ['leads', 'list', '--limit', '0', '--json'],
      "option '--limit <rows>' cannot be '0'. Give a number from 1 to 500.",
    ],
    [['frobnicate', '--json'], "unknown command 'frobnicate'"],
    [['sync', '--json'], 'Give run ids, or --actor and --since for all runs of an Actor.'],
  ])('with --json a usage error is JSON and nothing else: leads %j', async (words, message) => {
    const { stdout, stderr } = await runLeads(words, { env })
    expect([stdout, JSON.parse(stderr)]).toEqual(['', { error: { reason: 'usage', message, exit_code: 2 } }])
  })

  test('a usage error names the help of its command', async () => {
    const { stderr } = await runLeads(['keys', 'rotate', 'abc'], { env })
    expect(stderr).toContain('See `leads keys rotate --help`.')
  })

  test('an invalid value is reported with the valid ones', async () => {
    const words = ['--set', 'lead_status=frob', '--set', 'email_verified=maybe', '--set', 'lead_score=101']
    const { stderr } = await runLeads(['leads', 'edit', '1', ...words], { env })
    expect(stderr).toMatch(/one of new, contacted, qualified, converted/)
    expect(stderr).toMatch(/true or false/)
    expect(stderr).toMatch(/at most 100/)
  })
})

describe('output', () => {
  test('output in a pipe has no colors and no cursor movements, regardless of CI', async () => {
    await newLead('Piped Person')
    for (const words of [['leads', 'list'], ['config'], ['doctor'], ['nix']]) {
      const { stdout, stderr } = await runLeads(words, { env: { ...env, CI: 'true' } })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
      expect(stdout + stderr).not.toMatch(/\u001b/)
    }
  })

  test('a reader may close the output early', async () => {
    const finished = await runLeads(['leads', 'list', '--json'], { env, onStart: (child) => child.stdout?.destroy() })
    expect(finished).toMatchObject({ code: 0, stderr: '' })
  })

  test('config masks secrets and shows where a value comes from', async () => {
    const secrets = {
      APIFY_TOKEN: 'apify_api_verysecretvalue',
      APIFY_WEBHOOK_SECRET: 'anothersecretvalue',
      DATABASE_URL: 'postgres://ann:hidden@db.example:5432/leads',
    }
    const finished = await runLeads(['config', '--json'], { env: secrets })
    expect(finished.stdout).not.toMatch(/verysecret|anothersecret|hidden/)
    expect(json(finished)).toEqual(
      expect.arrayContaining([
        {
          variable: 'DATABASE_URL',
          value: 'postgres://ann:…@db.example:5432/leads',
          source: 'environment',
          problem: null,
        },
        { variable: 'ON_DUPLICATE', value: 'merge', source: 'default', problem: null },
        { variable: 'SYNC_QUEUE_URL', value: null, source: 'not set', problem: null },
      ]),
    )
    const bad = await runLeads(['config'], { env: { PORT: 'abc' } })
    expect(bad).toMatchObject({ code: 78, stdout: expect.stringMatching(/PORT\s+abc\s+environment\s+a whole number/) })
  })

  test('completion prints a script that contains the commands', async () => {
    const { stdout } = await runLeads(['completion', 'bash'])
    expect(stdout).toMatch(/'import'\) words='list show undo .*--dry-run/)
  })
})

describe('leads', () => {
  test('a lead can be edited, deleted and restored, and its history names the CLI user', async () => {
    const id = String(await newLead('Eve Edited'))
    const edited = await runLeads(
      ['leads', 'edit', id, '--set', 'lead_status=contacted', '--set', 'tags=a,b', '--set', 'lead_score=55', '--json'],
      { env },
    )
    expect(json(edited)).toMatchObject({ lead_status: 'contacted', tags: ['a', 'b'], lead_score: 55, version: 2 })
    expect((await runLeads(['leads', 'edit', id, '--set', 'lead_score=101'], { env })).code).toBe(2)
    expect(json(await runLeads(['leads', 'delete', id, '--json'], { env }))).toEqual({
      deleted: [Number(id)],
      failed: [],
    })
    expect((await runLeads(['leads', 'delete', id], { env })).code).toBe(4)
    expect((await runLeads(['leads', 'edit', id, '--set', 'notes=x'], { env })).code).toBe(4)
    expect((await runLeads(['leads', 'restore', id], { env })).code).toBe(0)
    expect(await runLeads(['leads', 'restore', id], { env })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/is not deleted/),
    })
    const same = await runLeads(['leads', 'edit', id, '--set', 'lead_score=55'], { env })
    expect(same.stderr).toMatch(/^Nothing changed/)
    const { data } = json(await runLeads(['leads', 'history', id, '--json'], { env }))
    expect(data.map(({ event_type }: { event_type: string }) => event_type)).toEqual(
      expect.arrayContaining(['restored', 'deleted', 'contacted', 'updated', 'created']),
    )
    expect(data[0]).toMatchObject({ event_source: 'cli', actor: expect.stringMatching(/^cli/) })
  })

  test('leads are listed page by page', async () => {
    for (const name of ['Page One', 'Page Two', 'Page Three']) await newLead(name)
    const first = json(
      await runLeads(['leads', 'list', '-q', 'page', '--sort', 'id', '--limit', '2', '--json'], { env }),
    )
    const second = json(
      await runLeads(
        ['leads', 'list', '-q', 'page', '--sort', 'id', '--limit', '2', '--cursor', first.next_cursor, '--json'],
        { env },
      ),
    )
    const names = [...first.data, ...second.data].map(({ full_name }: { full_name: string }) => full_name)
    expect(names).toEqual(['Page One', 'Page Two', 'Page Three'])
    expect(second.next_cursor).toBeNull()
  })
})

describe('keys', () => {
  test('the secret of a new key is printed once, alone on standard output', async () => {
    const created = await runLeads(['keys', 'create', 'crm', '--scope', 'read', 'write', '--expires', '90d'], { env })
    const secret = created.stdout.trim()
    expect(secret).toMatch(/^lk_\w{30,}$/)
    const list = await runLeads(['keys', 'list', '--json'], { env })
    expect(list.stdout).not.toContain(secret)
    const [key] = json(list)
    expect(key).toMatchObject({ name: 'crm', scopes: ['read', 'write'], revoked_at: null })
    const rotated = json(await runLeads(['keys', 'rotate', String(key.id), '--grace', '1h', '--json'], { env }))
    expect(rotated).toMatchObject({
      api_key: { name: 'crm', scopes: ['read', 'write'], expires_at: expect.any(String) },
      secret: expect.stringMatching(/^lk_/),
    })
    expect(json(await runLeads(['keys', 'revoke', String(key.id), '--json'], { env })).revoked_at).not.toBeNull()
    expect((await runLeads(['keys', 'rotate', String(key.id)], { env })).code).toBe(4)
  })
})

describe('Apify', () => {
  test('sync reads runs by id or all runs of an Actor since a day, and finds nothing new the second time', async () => {
    const simulator = await startApifySimulator()
    const own = await freshDatabase('sqlite')
    const settings = {
      DATABASE_URL: own.database_url,
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      SYNC_SETTLE_SECONDS: '0',
    }
    try {
      simulator.state.addRun({ id: 'one', actor_id: 'ann/places', items: places(1200) })
      simulator.state.addRun({ id: 'two', actor_id: 'ann/places', items: [...places(300, 1100), { junk: true }] })
      const one = await runLeads(['sync', 'one', '--json'], { env: settings })
      expect([one.code, one.stderr]).toEqual([0, ''])
      expect(json(one)).toMatchObject([{ run_id: 'one', total_records: 1200, synced_records: 1200, is_balanced: true }])
      const all = await runLeads(['sync', '--actor', 'ann/places', '--since', '2020-01-01', '--json'], {
        env: settings,
      })
      const rows = json(all) as Record<string, unknown>[]
      expect(
        rows.map(({ run_id, synced_records, duplicate_records, failed_records }) => [
          run_id,
          synced_records,
          duplicate_records,
          failed_records,
        ]),
      ).toEqual([
        ['one', 1200, 0, 0],
        ['two', 200, 100, 1],
      ])
      const named = await runLeads(['syncs', 'list', '--actor', 'ann/places', '--json'], { env: settings })
      expect(json(named).data).toHaveLength(2)
      expect((await runLeads(['syncs', 'list', '--actor', 'nix'], { env: settings })).stdout).toBe('No sync matches.\n')
      const future = await runLeads(['sync', '--actor', 'ann/places', '--since', '2999-01-01', '--json'], {
        env: settings,
      })
      expect(json(future)).toEqual([])
      const shown = await runLeads(['syncs', 'show', 'two'], { env: settings })
      expect(shown.stdout).toMatch(/accounted for\s+yes/)
      expect(shown.stdout).toMatch(/300\s+\S/)
      const unknown = await runLeads(['sync', 'nix'], { env: settings })
      expect(unknown).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/nix.*failed.*Apify does not know run nix/s),
      })
      expect((await runLeads(['sync', 'one'], { env: { ...settings, APIFY_TOKEN: 'wrong_token' } })).code).toBe(77)
      const replayed = await runLeads(['syncs', 'replay', 'two', '--dry-run', '--json'], { env: settings })
      expect(json(replayed)).toMatchObject({ tried: 1, resolved: 0, is_dry_run: true })
      expect(json(await runLeads(['remap', '--json'], { env: settings }))).toMatchObject({
        leads_read: 1400,
        leads_changed: 0,
        is_finished: true,
      })
    } finally {
      await simulator.close()
      await own.drop()
    }
  })

  test('sync retries the account and the list of runs when Apify does not answer', async () => {
    const simulator = await startApifySimulator()
    const own = await freshDatabase('sqlite')
    try {
      simulator.state.addRun({ id: 'one', actor_id: 'ann/places', items: places(3) })
      // Three requests are one call of apify-client.
      for (const path of ['/v2/users/me', '/v2/act*/ann~places/runs'])
        simulator.state.faults.add({ path, count: 3, fault: { status: 503 } })
      const { code, stdout } = await runLeads(['sync', '--actor', 'ann/places', '--since', '2020-01-01', '--json'], {
        env: {
          DATABASE_URL: own.database_url,
          APIFY_TOKEN: simulator.token,
          APIFY_API_BASE_URL: simulator.url,
          SYNC_SETTLE_SECONDS: '0',
        },
      })
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject([{ run_id: 'one', total_records: 3 }])
      expect(simulator.state.faults.list().map(({ fired }) => fired)).toEqual([3, 3])
    } finally {
      await simulator.close()
      await own.drop()
    }
  })

  test('webhook install creates the webhook at Apify, and running it again changes nothing', async () => {
    const simulator = await startApifySimulator()
    try {
      simulator.state.addRun({ id: 'one', actor_id: 'ann/places', items: places(1) })
      const settings = {
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
        APIFY_WEBHOOK_SECRET: 'a secret of the webhook',
      }
      const words = [
        'webhook',
        'install',
        '--actor',
        'ann/places',
        '--url',
        'http://127.0.0.1:1/webhooks/apify',
        '--json',
      ]
      const install = async (secret = settings.APIFY_WEBHOOK_SECRET) =>
        json(await runLeads(words, { env: { ...settings, APIFY_WEBHOOK_SECRET: secret } }))
      expect((await install()).outcome).toBe('created')
      expect((await install()).outcome).toBe('unchanged')
      expect((await install('a new secret of the webhook')).outcome).toBe('updated')
      const [webhook, ...others] = simulator.state.webhooks.list()
      expect(others).toEqual([])
      expect(JSON.stringify(webhook)).toContain('Bearer a new secret of the webhook')
      const status = await runLeads(['webhook', 'status', '--json'], { env: settings })
      expect(status.code).toBe(0)
      expect(json(status)).toMatchObject([{ request_url: 'http://127.0.0.1:1/webhooks/apify', dispatches: [] }])
      const unknown = await runLeads(
        ['webhook', 'install', '--actor', 'nobody/nothing', '--url', 'https://x.example'],
        { env: settings },
      )
      expect(unknown.code).toBe(3)
    } finally {
      await simulator.close()
    }
  })
})

describe('the queue', () => {
  test('reconcile and sync --queue queue runs, and redrive queues dead-lettered runs again', async () => {
    const queue = await startQueueServer({ max_receive_count: 1 })
    const simulator = await startApifySimulator()
    try {
      simulator.state.addRun({ id: 'missed', actor_id: 'ann/places', items: places(1) })
      const settings = {
        ...env,
        SYNC_QUEUE_URL: queue.queue_url,
        AWS_ENDPOINT_URL_SQS: queue.endpoint,
        AWS_REGION: LOCAL_REGION,
        AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
      }
      expect(json(await runLeads(['reconcile', '--json'], { env: settings }))).toEqual({
        listed: 1,
        missed: 1,
        stuck: 0,
        due: 0,
        failures: [],
      })
      expect(json(await runLeads(['sync', 'one', 'two', '--queue', '--json'], { env: settings }))).toEqual({
        queued: ['one', 'two'],
      })
      expect(json(await runLeads(['syncs', 'redrive', '--json'], { env: settings }))).toEqual({
        run_ids: [],
        dead_letters: 0,
        is_dry_run: false,
      })
      const db = await openDatabase(database.database_url)
      const at = new Date()
      await getOrCreateSync(db, 'given-up', at)
      await failSync(db, 'given-up', { message: 'Given up', details: { name: DEAD_LETTER } }, at)
      await getOrCreateSync(db, 'gone', at)
      await failSync(db, 'gone', { message: 'Gone', details: { name: 'ApifyPermanentError' } }, at)
      await db.close()
      expect(json(await runLeads(['syncs', 'redrive', '--json'], { env: settings }))).toEqual({
        run_ids: ['given-up'],
        dead_letters: 0,
        is_dry_run: false,
      })
      const { stdout } = await runLeads(['syncs', 'redrive', 'gone'], { env: settings })
      expect(stdout).toContain('Queued 1 run again')
    } finally {
      await queue.close()
      await simulator.close()
    }
  })
})

describe('an unavailable server', () => {
  test('Apify is reported in one message without a stack, with the next step', async () => {
    for (const { code, stderr } of await without_apify)
      expect([code, stderr.trim().split('\n')]).toEqual([69, [expect.stringMatching(/Try again later.*leads doctor/)]])
  })

  test('a queue without its settings is reported with the one that is missing', async () => {
    const queue = { ...env, SYNC_QUEUE_URL: 'http://127.0.0.1:1/000000000000/q' }
    const { code, stderr } = await runLeads(['syncs', 'redrive'], { env: queue })
    expect([code, stderr]).toEqual([78, expect.stringMatching(/AWS_REGION/)])
  })
})
