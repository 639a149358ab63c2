import { rmSync } from 'node:fs'
import { startApifySimulator } from '@leads/apify-simulator/server'
import { readConfig } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { maskPassword } from '@leads/core/database/mask-password'
import { openDatabase } from '@leads/core/database/open-database'
import type { Sync } from '@leads/core/model/sync'
import { readLocalSettings } from '../local/local-settings.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { colours } from '../output/colors.ts'
import { printJson } from '../output/print.ts'
import { waitForInterrupt } from '../output/wait-for-interrupt.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { renderAccounting, renderHistory, renderLeads, type ShownEvent, type ShownLead } from './report.ts'
import { addFirstPlacesRun, addPeopleRun, addSecondPlacesRun } from './runs.ts'
import { watchRuns } from './watch.ts'

const DEMO_DATABASE = '.data/demo.db'

/** The demo: the real product end to end, with a simulated Apify as the far side. Leaves nothing running unless kept. */
export async function runDemo(options: { is_kept: boolean; is_json: boolean; port?: number }): Promise<void> {
  const database_url = demoDatabase()
  // The key of `npm start`: the requests that are printed at the end then work there, too.
  const { webhook_secret, api_key } = readLocalSettings()
  const say = options.is_json ? () => {} : (text: string) => console.log(text)
  const stops: (() => Promise<void>)[] = []
  // Handlers of a signal are added at once: a Ctrl-C while it still starts stops it in order, too.
  const demo = withInterrupt('Nothing is left running; the same command starts afresh.', async (signal) => {
    const simulator = await startApifySimulator()
    stops.push(() => simulator.close())
    const stack = await startLocalStack({
      host: '127.0.0.1',
      port: options.port ?? (options.is_kept ? 3000 : 0),
      database_url,
      api_key,
      webhook_secret,
      env: {
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
        LOG_LEVEL: process.env.LOG_LEVEL || 'ERROR',
      },
    })
    stops.push(() => stack.close())
    signal.throwIfAborted()
    const db = await openDatabase(database_url, { connections_max: 2 })
    stops.push(() => db.close())
    simulator.state.addWebhook({
      requestUrl: stack.webhook_url,
      eventTypes: ['ACTOR.RUN.SUCCEEDED'],
      headersTemplate: JSON.stringify({ Authorization: `Bearer ${webhook_secret}` }),
    })
    const account = await runScenes({
      simulator,
      stack,
      db,
      database_url,
      api_key,
      signal,
      say,
      is_json: options.is_json,
    })
    return { stack, account }
  })
  try {
    const { stack, account } = await demo
    if (options.is_json) printJson({ ...account, ...(options.is_kept ? { url: stack.url, api_key } : {}) })
    else printNextSteps(stack, { api_key, database_url, is_kept: options.is_kept })
    if (options.is_kept) {
      await waitForInterrupt()
      say('\nStopping …')
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** The database that DATABASE_URL names, else a fresh SQLite file. */
function demoDatabase(): string {
  if (process.env.DATABASE_URL) return readConfig(['database']).DATABASE_URL
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${DEMO_DATABASE}${suffix}`, { force: true })
  return `sqlite:${DEMO_DATABASE}`
}

interface DemoContext {
  simulator: Awaited<ReturnType<typeof startApifySimulator>>
  stack: LocalStack
  db: Database
  database_url: string
  api_key: string
  signal: AbortSignal
  say: (text: string) => void
  is_json: boolean
}

/** What `--json` prints of a run. */
type RunSummary = Pick<
  Sync,
  'run_id' | 'sync_status' | 'total_records' | 'synced_records' | 'duplicate_records' | 'failed_records'
> & { title: string }

async function runScenes(scene: DemoContext): Promise<{ runs: RunSummary[]; items: number; duration_ms: number }> {
  const { simulator, stack, db, database_url, api_key, signal, say, is_json } = scene
  const { bold, dim } = colours()
  say(bold('Three Actor runs end at a simulated Apify; their webhooks reach the local stack.'))
  say(dim(`  webhook → queue → consumers → ${maskPassword(database_url)} → API`))
  say('')
  const started = performance.now()
  const both = [addFirstPlacesRun(simulator), addPeopleRun(simulator)]
  say(dim('  The first webhook is delivered twice, as happens: it makes no difference.'))
  const first = await watchRuns(db, both, { signal, is_silent: is_json })
  const third = addSecondPlacesRun(simulator)
  say('')
  say(dim('  A second search: 30% of its places are known by now, some of them have changed.'))
  const second = await watchRuns(db, [third], { signal, is_silent: is_json })
  const duration_ms = Math.round(performance.now() - started)

  const runs = [...both, third]
  const syncs = [...first, ...second]
  const items = syncs.reduce((sum, { total_records }) => sum + total_records, 0)
  if (!is_json) {
    say(`\n${bold('Every item is accounted for')}`)
    say(renderAccounting(runs, syncs))
    say(`${items.toLocaleString('en')} items in ${(duration_ms / 1000).toFixed(1)} s.\n`)
    await showLeads({ db, stack, api_key, say })
  }
  return { runs: syncs.map((sync, index) => accountOf(sync, runs[index]?.title ?? '')), items, duration_ms }
}

function accountOf(sync: Sync, title: string): RunSummary {
  const { run_id, sync_status, total_records, synced_records, duplicate_records, failed_records } = sync
  return { title, run_id, sync_status, total_records, synced_records, duplicate_records, failed_records }
}

async function showLeads({
  db,
  stack,
  api_key,
  say,
}: Pick<DemoContext, 'db' | 'stack' | 'api_key' | 'say'>): Promise<void> {
  const { bold } = colours()
  const ask = <Answer>(path: string): Promise<Answer> => askApi<Answer>(`${stack.url}${path}`, api_key)
  const { data } = await ask<{ data: ShownLead[] }>('/leads?limit=6')
  say(`${bold('Some of the leads')}, as the API gives them`)
  say(renderLeads(data))

  const changed = await db.kysely
    .selectFrom('lead_events')
    .select('lead_id')
    .where('event_type', '=', 'updated')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!changed) return
  const events = await ask<{ data: ShownEvent[] }>(`/leads/${changed.lead_id}/events`)
  say(`\n${bold(`The history of lead ${changed.lead_id}`)}`)
  for (const line of renderHistory(events.data)) say(`  ${line}`)
}

async function askApi<Answer>(url: string, api_key: string): Promise<Answer> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${api_key}` } })
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

function printNextSteps(
  stack: LocalStack,
  { api_key, database_url, is_kept }: { api_key: string; database_url: string; is_kept: boolean },
): void {
  const { bold } = colours()
  const curl = (url: string, path: string): void =>
    console.log(`  curl -H "Authorization: Bearer ${api_key}" "${url}${path}"`)
  if (is_kept) {
    console.log(`\n${bold('The stack is left running')}, its API documented at ${stack.url}/docs. Ctrl-C stops it.`)
    curl(stack.url, '/leads?country=Germany&limit=3')
    curl(stack.url, '/syncs')
    return
  }
  const shown = maskPassword(database_url)
  console.log(`\n${bold('How to go on')}`)
  console.log(`  DATABASE_URL=${shown} npx leads list`)
  console.log(`  DATABASE_URL=${shown} npm start     serves these leads, until Ctrl-C; then`)
  curl('http://127.0.0.1:3000', '/leads?country=Germany&limit=3')
  console.log('  npm start                  your own stack: prints its API key and the webhook to set at Apify')
  console.log('  npm run demo -- --keep     this once more, left running')
}
