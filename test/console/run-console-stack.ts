import { setTimeout as pause } from 'node:timers/promises'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { startLocalStack } from '@leads/cli/local/local-stack'
import { createApiKey } from '@leads/core/api-keys/api-keys'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { Scope } from '@leads/core/model/api-key'
import { ensureConsole } from '../../infra/build/console.ts'

const SECRET = 'a-secret-of-at-least-16'
export const ADMIN_KEY = `lk_${'consoletest'.repeat(4).slice(0, 40)}`
const ENDED_AGO_MS = 60_000
const SYNC_TIMEOUT_MS = 150_000
const SYNC_POLL_MS = 250

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

/** The built console on the local stack, with a simulated Apify behind it and a migrated database. */
export async function runConsoleStack(database_url: string): Promise<ConsoleStack> {
  await ensureConsole()
  const simulator = await startApifySimulator()
  const stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url,
    api_key: ADMIN_KEY,
    webhook_secret: SECRET,
    env: { APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url, LOG_LEVEL: 'CRITICAL' },
  })
  const db = await openDatabase(database_url, { connections_max: 1 })
  simulator.state.addWebhook({
    requestUrl: stack.webhook_url,
    eventTypes: ['ACTOR.RUN.SUCCEEDED'],
    headersTemplate: JSON.stringify({ Authorization: `Bearer ${SECRET}` }),
  })
  const request = <Answer>(method: string, path: string, body?: unknown, headers = {}) =>
    requestApi<Answer>(`${stack.url}${path}`, method, body, headers)
  const waitForSync = async (run_id: string, sync_status = 'completed'): Promise<void> => {
    const deadline = Date.now() + SYNC_TIMEOUT_MS
    for (;;) {
      const sync = await request<{ sync_status: string }>('GET', `/syncs/${run_id}`).catch(String)
      if (typeof sync === 'object' && sync.sync_status === sync_status) return
      if (Date.now() > deadline) throw new Error(`Sync ${run_id} is not ${sync_status}: ${JSON.stringify(sync)}`)
      await pause(SYNC_POLL_MS)
    }
  }
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
