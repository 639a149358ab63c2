import { rmSync } from 'node:fs'
import { startApifySimulator } from '@leads/apify-simulator/server'
import { readConfig } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { maskPassword } from '@leads/core/database/mask-password'
import { openDatabase } from '@leads/core/database/open-database'
import type { Sync } from '@leads/core/model/sync'
import { readLocalSettings, replaceLocalApiKey } from '../local/local-settings.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { prepareConsole } from '../local/prepare-console.ts'
import { createSignInUrl, renderCurl } from '../local/stack-summary.ts'
import { getColors } from '../output/colors.ts'
import { printJson, print as printLines } from '../output/print.ts'
import { waitForInterrupt } from '../output/wait-for-interrupt.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { renderAccounting, renderHistory, renderLeads, type ShownEvent, type ShownLead } from './report.ts'
import { addFirstPlacesRun, addPeopleRun, addSecondPlacesRun } from './runs.ts'
import { watchRuns } from './watch.ts'

const DEMO_DATABASE = '.data/demo.db'

/** Runs the real product end to end with a simulated Apify. Stops everything at the end unless it is kept. */
export async function runDemo(options: { is_kept: boolean; is_json: boolean; port?: number }): Promise<void> {
  const database_url = prepareDatabase()
  // The key of `npm start`, so that the printed requests also work there.
  const settings = readLocalSettings()
  const { webhook_secret } = settings
  const print = options.is_json ? () => {} : (text: string) => printLines(text)
  const stops: (() => Promise<void>)[] = []
  // Built while the demo runs. Without --keep the console is not needed.
  const console_build = options.is_kept ? prepareConsole() : Promise.resolve()
  console_build.catch(() => {})
  // Signal handlers are added first, so that Ctrl-C during the start also stops it in order.
  const demo = withInterrupt('Nothing is left running. Run the command again to start over.', async (signal) => {
    const simulator = await startApifySimulator()
    stops.push(() => simulator.close())
    const stack = await startLocalStack({
      host: '127.0.0.1',
      port: options.port ?? (options.is_kept ? 3000 : 0),
      database_url,
      api_key: settings.api_key,
      replaceApiKey: () => replaceLocalApiKey().api_key,
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
    const summary = await runScenes({
      simulator,
      stack,
      db,
      database_url,
      signal,
      print,
      is_json: options.is_json,
    })
    return { stack, summary }
  })
  try {
    const { stack, summary } = await demo
    await console_build
    if (options.is_json)
      printJson({ ...summary, ...(options.is_kept ? { url: stack.url, api_key: stack.api_key } : {}) })
    else if (options.is_kept) printStackLinks(stack)
    else printNextSteps(stack, database_url)
    if (options.is_kept) {
      await waitForInterrupt()
      print('\nStopping …')
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

/** Returns DATABASE_URL, or the URL of a new SQLite file. */
function prepareDatabase(): string {
  if (process.env.DATABASE_URL) return readConfig(['database']).DATABASE_URL
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${DEMO_DATABASE}${suffix}`, { force: true })
  return `sqlite:${DEMO_DATABASE}`
}

interface DemoContext {
  simulator: Awaited<ReturnType<typeof startApifySimulator>>
  stack: LocalStack
  db: Database
  database_url: string
  signal: AbortSignal
  print: (text: string) => void
  is_json: boolean
}

/** What `--json` prints per run. */
type RunSummary = Pick<
  Sync,
  'run_id' | 'sync_status' | 'total_records' | 'synced_records' | 'duplicate_records' | 'failed_records'
> & { title: string }

async function runScenes(context: DemoContext): Promise<{ runs: RunSummary[]; items: number; duration_ms: number }> {
  const { simulator, stack, db, database_url, signal, print, is_json } = context
  const { bold, dim } = getColors()
  print(bold('Three Actor runs finish at a simulated Apify. Their webhooks reach the local stack.'))
  print(dim(`  webhook → queue → consumers → ${maskPassword(database_url)} → API`))
  print('')
  const started = performance.now()
  const firstRuns = [addFirstPlacesRun(simulator), addPeopleRun(simulator)]
  print(dim('  The first webhook is delivered twice, which changes nothing.'))
  const first = await watchRuns(db, firstRuns, { signal, is_silent: is_json })
  const third = addSecondPlacesRun(simulator)
  print('')
  print(dim('  A second search: 30% of its places already exist, and some have changed.'))
  const second = await watchRuns(db, [third], { signal, is_silent: is_json })
  const duration_ms = Math.round(performance.now() - started)

  const runs = [...firstRuns, third]
  const syncs = [...first, ...second]
  const items = syncs.reduce((sum, { total_records }) => sum + total_records, 0)
  if (!is_json) {
    print(`\n${bold('Every item is accounted for')}`)
    print(renderAccounting(runs, syncs))
    print(`${items.toLocaleString('en')} items in ${(duration_ms / 1000).toFixed(1)} s.\n`)
    await showLeads({ db, stack, print })
  }
  return { runs: syncs.map((sync, index) => toRunSummary(sync, runs[index]?.title ?? '')), items, duration_ms }
}

function toRunSummary(sync: Sync, title: string): RunSummary {
  const { run_id, sync_status, total_records, synced_records, duplicate_records, failed_records } = sync
  return { title, run_id, sync_status, total_records, synced_records, duplicate_records, failed_records }
}

async function showLeads({ db, stack, print }: Pick<DemoContext, 'db' | 'stack' | 'print'>): Promise<void> {
  const { bold } = getColors()
  const get = <Answer>(path: string): Promise<Answer> => callApi<Answer>(`${stack.url}${path}`, stack.api_key)
  const { data } = await get<{ data: ShownLead[] }>('/leads?limit=6')
  print(`${bold('Some of the leads')}, as the API returns them`)
  print(renderLeads(data))

  const changed = await db.kysely
    .selectFrom('lead_events')
    .select('lead_id')
    .where('event_type', '=', 'updated')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!changed) return
  const events = await get<{ data: ShownEvent[] }>(`/leads/${changed.lead_id}/events`)
  print(`\n${bold(`The history of lead ${changed.lead_id}`)}`)
  for (const line of renderHistory(events.data)) print(`  ${line}`)
}

async function callApi<Answer>(url: string, api_key: string): Promise<Answer> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${api_key}` } })
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

function printStackLinks({ url, console_url, api_key }: LocalStack): void {
  const { bold } = getColors()
  printLines(`\n${bold('The stack keeps running.')} Ctrl-C stops it.`)
  if (console_url !== null) printLines(`  Console   ${createSignInUrl(console_url, api_key)}`)
  printLines(
    `  API docs  ${url}/docs`,
    `  ${renderCurl(url, '/leads?country=Germany&limit=3', api_key)}`,
    `  ${renderCurl(url, '/syncs', api_key)}`,
  )
}

function printNextSteps({ api_key }: LocalStack, database_url: string): void {
  const { bold } = getColors()
  const shown = maskPassword(database_url)
  printLines(
    `\n${bold('Next steps')}`,
    `  DATABASE_URL=${shown} npx leads list`,
    `  DATABASE_URL=${shown} npm start     serves these leads until Ctrl-C; then`,
    `  ${renderCurl('http://127.0.0.1:3000', '/leads?country=Germany&limit=3', api_key)}`,
    '  npm start                  your own stack; prints its API key and the webhook to set at Apify',
    '  npm run demo -- --keep     runs the demo again and keeps the stack running',
  )
}
