import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Fault } from '@leads/apify-simulator/faults/fault'
import { type SpawnedSimulator, spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import type { Sync } from '@leads/core/model/sync'
import { runSync } from '@leads/core/syncs/run-sync'
import type { SyncOptions } from '@leads/core/syncs/sync-options'
import { findSync } from '@leads/core/syncs/sync-state'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { printTable } from './measure.ts'
import { createDatabase } from './queued-runs.ts'
import { readOptions } from './read-options.ts'

/**
 * How long a run takes when Apify's answers fail in every way that a network has: 500, 502, 503, 429 with Retry-After,
 * resets, cut bodies, HTML and stalls. Each share of faulty answers is compared with a run without faults, in turn.
 * Exit code 1 if a run is not complete with `retry_count` 0, if 5% of faults cost more than 1.3 times the time, or if
 * `leads sync` fails.
 */

const values = readOptions(import.meta.filename, {
  items: { type: 'string', default: '200000' },
  /** Shares of faulty answers, in percent. */
  percent: { type: 'string', multiple: true, default: ['5', '20'] },
  rounds: { type: 'string', default: '1' },
  /** Fewer items a page are more answers, so that more faults strike in the same time. */
  'page-rows': { type: 'string', default: '1000' },
  /** Measures `leads sync` with this many items and 3% faults as well. */
  'command-items': { type: 'string', default: '30000' },
  json: { type: 'boolean', default: false },
})

const kinds: Fault[] = [
  { status: 500 },
  { status: 502 },
  { status: 503 },
  { status: 429, retry_after_s: 1 },
  { reset: 'before' },
  { reset: 'middle' },
  { truncate: { how: 'content-length', at: 0.5, whole_lines: false } },
  { truncate: { how: 'clean', at: 0.5, whole_lines: true } },
  { invalid_json: true },
  { stall_at: 0.5 },
]
const COMMAND_PERCENT = 3
const RATIO_MAX = 1.3

interface Figures {
  case: string
  seconds: number
  faults: number
  invocations: number
  retries: number
  /** Time between attempts. */
  waited_s: number
  row: Pick<Sync, 'sync_status' | 'retry_count' | 'total_records' | 'synced_records' | 'duplicate_records'>
  leads: number
}

const directory = await makeBenchDirectory()
const server = await startPostgres(directory)
const simulator = await spawnApifySimulator()
const figures: Figures[] = []

async function addFaults(control: SpawnedSimulator['control'], percent: number, seed: number): Promise<void> {
  await control.clearFaults()
  if (percent === 0) return
  for (const [index, fault] of kinds.entries()) {
    // The first rule that is due decides, so later ones see fewer answers.
    const probability = percent / 100 / kinds.length / (1 - (index * percent) / 100 / kinds.length)
    await control.addFault({ path: '/v2/*', probability, seed: seed * 100 + index, fault })
  }
}

const addRun = async (items: number): Promise<string> => {
  const dataset = { generator: 'google-places', count: items, seed: 7, duplicate_share: 0.05 } as const
  const finished_at = Date.now() - 60_000
  return (await simulator.control.addRun({ actor_id: 'ann/places', dataset, finished_at })).id
}

async function readFigures(name: string, database_url: string, run_id: string, started: number): Promise<Figures> {
  const seconds = (performance.now() - started) / 1000
  const db = await openDatabase(database_url, { connections_max: 1 })
  const row = (await findSync(db, run_id)) as Sync
  const { n } = await db.kysely
    .selectFrom('sales_leads')
    .select((q) => q.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  await db.close()
  const faults = (await simulator.control.faults()).reduce((sum, { fired }) => sum + fired, 0)
  return { case: name, seconds, faults, invocations: 1, retries: 0, waited_s: 0, row, leads: Number(n) }
}

async function measureSync(percent: number, seed: number): Promise<Figures> {
  const database_url = await createDatabase(server)
  await migrateUp(database_url)
  const run_id = await addRun(Number(values.items))
  await addFaults(simulator.control, percent, seed)
  const db = await openDatabase(database_url, { connections_max: 2 })
  let retries = 0
  let waited_s = 0
  const options: SyncOptions = {
    db,
    apify: createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url }),
    map: createMapper(),
    log: noopLog,
    on_duplicate: 'merge',
    page_rows_max: Number(values['page-rows']),
    settle_s: 0,
    follow_s: 1,
    now: () => new Date(),
    remaining_ms: () => 900_000,
    onRetry: ({ delay_s }) => {
      retries += 1
      waited_s += delay_s
    },
  }
  const started = performance.now()
  let invocations = 0
  for (;;) {
    invocations += 1
    const outcome = await runSync(options, run_id)
    if (outcome.outcome !== 'continue') break
    await new Promise((resolve) => setTimeout(resolve, outcome.delay_s * 1000))
  }
  await db.close()
  return { ...(await readFigures(`sync, ${percent}%`, database_url, run_id, started)), invocations, retries, waited_s }
}

async function measureCommand(items: number): Promise<Figures> {
  const database_url = await createDatabase(server)
  await migrateUp(database_url)
  const run_id = await addRun(items)
  await addFaults(simulator.control, COMMAND_PERCENT, 3)
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url)), 'sync', run_id],
    {
      cwd: directory,
      stdio: 'inherit',
      env: {
        ...process.env,
        DATABASE_URL: database_url,
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
        SYNC_PAGE_ROWS_MAX: values['page-rows'],
      },
    },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  const name = `leads sync, ${COMMAND_PERCENT}%, exit ${code}`
  return readFigures(name, database_url, run_id, started)
}

/** The time of all rounds of this case, compared with that of the same rounds without faults. */
function ratioOf(name: string): number {
  const sum = (one: string) => figures.filter((row) => row.case === one).reduce((all, { seconds }) => all + seconds, 0)
  return sum(name) / sum('sync, 0%')
}

try {
  for (let round = 1; round <= Number(values.rounds); round += 1)
    for (const percent of [0, ...values.percent.map(Number)]) {
      figures.push(await measureSync(percent, round))
      const { row, ...figure } = figures.at(-1) as Figures
      process.stderr.write(`${JSON.stringify({ ...figure, status: row.sync_status, retry_count: row.retry_count })}\n`)
    }
  if (Number(values['command-items']) > 0) figures.push(await measureCommand(Number(values['command-items'])))
} finally {
  await simulator.close()
  await server.stop()
  await removeBenchDirectory(directory)
}

if (values.json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), figures }, null, 2)}\n`)
else
  printTable([
    [
      'case',
      'seconds',
      'of no faults',
      'faulty answers',
      'retries',
      'waited s',
      'invocations',
      'status',
      'retry_count',
      'items',
      'leads',
    ],
    ...figures.map(({ case: name, seconds, faults, retries, waited_s, invocations, row, leads }) => [
      name,
      seconds.toFixed(1),
      name.startsWith('sync') ? ratioOf(name).toFixed(2) : '',
      faults,
      retries,
      waited_s.toFixed(1),
      invocations,
      row.sync_status,
      row.retry_count,
      row.total_records,
      leads,
    ]),
  ])

const isIncomplete = figures.some(({ row }) => row.sync_status !== 'completed' || row.retry_count > 0)
const isFailed = figures.some(({ case: name }) => /exit (?!0$)/.test(name))
if (isIncomplete || isFailed || ratioOf('sync, 5%') > RATIO_MAX) process.exitCode = 1
