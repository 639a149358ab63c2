import { readFileSync } from 'node:fs'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import { deploymentSettingNames } from '@leads/core/config/deployment-settings'
import { routes } from '@leads/functions/routes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runLeads } from '../cli/run-leads.ts'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const KEY = 'lk_alarmsalarmsalarmsalarmsalarm'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Text of the alarms as a person gets it: pieces of strings joined. */
const alarms = ['infra/alarms.ts', 'infra/database-alarms.ts']
  .map(read)
  .join('\n')
  .replaceAll(/' \+\n\s*'/g, '')
const handbook = read('docs/deploy.md')

const findAll = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => (match[1] ?? '').trim())),
]

/** `leads syncs redrive`: the words up to the first that is no name of a command. */
const commands = findAll(`${alarms}\n${handbook}`, /(?:`|npx )leads ((?:[a-z]+ ?)+)/g).filter(Boolean)
const addresses = findAll(alarms, /GET (\/[\w/?=&]+)/g)
const posts = findAll(alarms, /POST (\/[\w/{}]+)/g)
const settings = findAll(alarms, /\b((?:DATABASE|CONSUMER|API|WEBHOOK)_[A-Z_]+)\b/g)

let fresh: FreshDatabase
let stack: LocalStack
beforeAll(async () => {
  fresh = await freshDatabase('sqlite')
  const env = { APIFY_TOKEN: 'apify_api_invented', LOG_LEVEL: 'CRITICAL' }
  const options = { host: '127.0.0.1', port: 0, database_url: fresh.database_url, env }
  stack = await startLocalStack({ ...options, api_key: KEY, webhook_secret: 'a-secret-of-at-least-16' })
})
afterAll(async () => {
  await stack?.close()
  await fresh?.drop()
})

describe('What alarms and the handbook of the deployment name', () => {
  test('is found in their texts', () => {
    expect(addresses).toContain('/syncs?sync_status=failed')
    expect(posts).toContain('/syncs/{run_id}/retry')
    expect(commands).toEqual(expect.arrayContaining(['syncs redrive', 'keys create me', 'migrate status']))
    expect(settings).toContain('CONSUMER_CONCURRENCY')
  })

  test.each(addresses)('the API answers GET %s', async (address) => {
    const response = await fetch(`${stack.url}${address}`, { headers: { authorization: `Bearer ${KEY}` } })
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
  })

  test.each(posts)('the API has POST %s', (path) => {
    expect(routes.some((route) => route.method === 'POST' && route.path === path)).toBe(true)
  })

  test.each(commands)('`leads %s` is a command', async (words) => {
    const { code, stdout, stderr } = await runLeads([...words.split(' '), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    // An unknown word after a command would be an argument; a group lists its commands instead of running one.
    expect(stdout).toMatch(/^Usage: leads /)
  })

  test.each(settings)('%s is a setting of the deployment', (setting) => {
    expect(deploymentSettingNames).toContain(setting)
  })
})
