import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { maskPassword } from '@leads/core/database/mask-password'
import { beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { freePort } from '../setup/scratch.ts'
import { type Finished, runLeads } from './run-leads.ts'

vi.setConfig({ testTimeout: 300_000 })

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(inject('scratch_directory'), 'secrets-'))
})

/** Starts the stack, calls it, and stops it. Returns what it printed and the status of a request with the key. */
async function startOnce(env: Record<string, string>, key: () => string): Promise<Finished & { status: number }> {
  const PORT = String(await freePort())
  let status = 0
  let text = ''
  const finished = await runLeads(['start'], {
    cwd,
    env: { ...env, PORT },
    onStart: (child) =>
      child.stdout?.on('data', (part: string) => {
        text += part
        if (!text.includes('Try: ') || status !== 0) return
        status = -1
        void fetch(`http://127.0.0.1:${PORT}/leads?limit=1`, { headers: { authorization: `Bearer ${key()}` } })
          .then((response) => {
            status = response.status
          })
          .finally(() => child.kill('SIGINT'))
      }),
  })
  return { ...finished, status }
}

const localSettings = () =>
  JSON.parse(readFileSync(join(cwd, '.data/local.json'), 'utf8')) as { api_key: string; webhook_secret: string }

describe('leads start', () => {
  test('in a pipe no secret is printed, and the files of the stack are readable only by their owner', async () => {
    const { stdout, stderr, status } = await startOnce({}, () => localSettings().api_key)
    expect(status).toBe(200)
    const { api_key, webhook_secret } = localSettings()
    expect(stdout + stderr).not.toContain(api_key)
    expect(stdout + stderr).not.toContain(webhook_secret)
    expect(stdout).toMatch(/API key\s+stored in \.data\/local\.json/)
    expect(stdout).toMatch(/Bearer … \(stored in \.data\/local\.json\)/)
    const modes = ['.data', '.data/queue', '.data/local.json', '.data/leads.db', '.data/queue/messages.db'].map(
      (path) => [path, (statSync(join(cwd, path)).mode & 0o777).toString(8)],
    )
    expect(Object.fromEntries(modes)).toEqual({
      '.data': '700',
      '.data/queue': '700',
      '.data/local.json': '600',
      '.data/leads.db': '600',
      '.data/queue/messages.db': '600',
    })
  })

  test('a key from the environment works and is never printed, and stays revoked after a restart', async () => {
    const LEADS_API_KEY = 'lk_givenbytheoperatorofthismachine'
    const env = { LEADS_API_KEY, APIFY_WEBHOOK_SECRET: 'given by the operator' }
    const first = await startOnce(env, () => LEADS_API_KEY)
    expect(first.status).toBe(200)
    expect(first.stdout + first.stderr).not.toMatch(/lk_givenby|given by the operator/)
    expect(first.stdout).toMatch(/API key\s+from LEADS_API_KEY/)
    expect(first.stdout).toMatch(/Bearer … \(from APIFY_WEBHOOK_SECRET\)/)
    const list = await runLeads(['keys', 'list', '--json'], { cwd })
    const [{ id }] = JSON.parse(list.stdout) as [{ id: number }]
    expect((await runLeads(['keys', 'revoke', String(id)], { cwd })).code).toBe(0)
    expect(await runLeads(['start'], { cwd, env: { ...env, PORT: '0' } })).toMatchObject({
      code: 77,
      stderr: expect.stringMatching(/LEADS_API_KEY was revoked.*Set another key/),
    })
  })

  test('a revoked generated key stays revoked, and the next start generates another one', async () => {
    await startOnce({}, () => localSettings().api_key)
    const { api_key: revoked } = localSettings()
    await runLeads(['keys', 'revoke', '1'], { cwd })
    const { status } = await startOnce({}, () => revoked)
    expect(status).toBe(401)
    expect(localSettings().api_key).not.toBe(revoked)
    expect((await startOnce({}, () => localSettings().api_key)).status).toBe(200)
  })
})

describe('maskPassword', () => {
  test.each([
    ['postgres://ann:hidden@db.example:5432/leads', 'postgres://ann:***@db.example:5432/leads'],
    ['postgres://ann:hid@d:e/n@db.example/leads', 'postgres://ann:***@db.example/leads'],
    ['postgres://:hidden@db.example/leads', 'postgres://:***@db.example/leads'],
    ['postgres://db.example/leads?user=ann&password=hidden', 'postgres://db.example/leads?user=ann&password=***'],
    [
      'mysql://db.example/leads?Password=hidden&sslkey=hidden&x=1',
      'mysql://db.example/leads?Password=***&sslkey=***&x=1',
    ],
    ['postgres://ann@db.example:5432/leads', 'postgres://ann@db.example:5432/leads'],
    ['sqlite:.data/leads.db', 'sqlite:.data/leads.db'],
  ])('the password of %s is masked', (url, masked) => {
    expect(maskPassword(url)).toBe(masked)
  })
})
