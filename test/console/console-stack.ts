import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { startLocalStack } from '@leads/cli/local/local-stack'
import { createApiKey } from '@leads/core/api-keys/api-keys'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { Scope } from '@leads/core/model/api-key'
import { expect, vi } from 'vitest'
import { ensureConsole } from '../../infra/build/console.ts'
import { freshDatabase } from '../setup/engines.ts'

const SECRET = 'a-secret-of-at-least-16'
export const ADMIN_KEY = `lk_${'consoletest'.repeat(4).slice(0, 40)}`
const ENDED_AGO_MS = 60_000

export interface ConsoleStack {
  url: string
  db: Database
  simulator: ApifySimulator
  /** Address of a page of the console that signs in. */
  link(path?: string, key?: string): string
  request<Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  makeKey(name: string, scope: Scope): Promise<string>
  /** Syncs a run of the simulator and waits until it is completed. */
  addPlaces(count: number, seed?: number): Promise<string>
  waitForSync(run_id: string, sync_status?: string): Promise<void>
  close(): Promise<void>
}

/** The built console on the local stack, with a simulated Apify behind it. */
export async function startConsoleStack(): Promise<ConsoleStack> {
  await ensureConsole()
  const fresh = await freshDatabase('sqlite')
  const simulator = await startApifySimulator()
  const stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url: fresh.database_url,
    api_key: ADMIN_KEY,
    webhook_secret: SECRET,
    env: { APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url, LOG_LEVEL: 'CRITICAL' },
  })
  const db = await openDatabase(fresh.database_url, { connections_max: 1 })
  simulator.state.addWebhook({
    requestUrl: stack.webhook_url,
    eventTypes: ['ACTOR.RUN.SUCCEEDED'],
    headersTemplate: JSON.stringify({ Authorization: `Bearer ${SECRET}` }),
  })
  const request = <Answer>(method: string, path: string, body?: unknown, headers = {}) =>
    requestApi<Answer>(`${stack.url}${path}`, method, body, headers)
  const waitForSync = (run_id: string, sync_status = 'completed'): Promise<void> =>
    vi.waitFor(
      async () => {
        const sync = await request<{ sync_status: string }>('GET', `/syncs/${run_id}`)
        expect(sync.sync_status).toBe(sync_status)
      },
      { timeout: 150_000, interval: 250 },
    )
  return {
    url: stack.url,
    db,
    simulator,
    link: (path = '', key = ADMIN_KEY) => `${stack.url}/console${path}#key=${key}`,
    request,
    makeKey: async (name, scope) => (await createApiKey(db, { name, scopes: [scope] }, 'test')).secret,
    async addPlaces(count, seed = 3) {
      const run = simulator.state.addRun({
        actor_id: 'nwua9Gu5YrADL7ZDj',
        actor_name: 'compass/crawler-google-places',
        emit: true,
        dataset: { generator: 'google-places', count, seed },
        finished_at: Date.now() - ENDED_AGO_MS,
        usage_total_usd: 1.5,
        input: { locationQuery: 'Vienna' },
      })
      await waitForSync(run.id)
      return run.id
    },
    waitForSync,
    async close() {
      await db.close()
      await stack.close()
      await simulator.close()
      await fresh.drop()
    },
  }
}

/** Requests the API with the administrator's key. @throws Error unless the request succeeded */
async function requestApi<Answer>(url: string, method: string, body: unknown, headers: object): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  return (text ? JSON.parse(text) : null) as Answer
}
