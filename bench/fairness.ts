import { setTimeout as pause } from 'node:timers/promises'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { SHORT_RUN_ITEMS_MAX } from '@leads/core/syncs/retry-policy'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { median, percentile, printTable, round } from './measure.ts'
import { createDatabase, queueRun, WEBHOOK_SECRET, waitForCompletion } from './queued-runs.ts'
import { readOptions } from './read-options.ts'

/**
 * How long runs of 100 items take from their webhook to their completion while long runs are in work, on the local stack
 * with PostgreSQL. Settling is excluded. `one queue` is the same stack without the queue of long runs. In `actors` the runs of
 * many Actors arrive at a steady rate, whether or not earlier ones are complete, and Apify refuses more than 60 requests a
 * second for one resource.
 */

const values = readOptions(import.meta.filename, {
  /** Short runs of each case, one after the other. */
  runs: { type: 'string', default: '20' },
  items: { type: 'string', default: '100' },
  /** Of the case `actors`. */
  actors: { type: 'string', default: '100' },
  'actor-runs': { type: 'string', default: '20' },
  /** Runs that arrive each second. */
  rate: { type: 'string', default: '4' },
  /** Only cases whose name contains this. */
  only: { type: 'string', default: '' },
  'long-items': { type: 'string', default: '1000000' },
  /** Milliseconds that Apify takes for each answer. */
  latency: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
})

const CONSUMERS_MAX = 2
/** Items after which a long run is in work, not just queued. */
const WARM_UP_ITEMS = 5_000
const TIMEOUT_MS = 180_000
const POLL_MS = 25
/** Apify's, for each resource. */
const REQUESTS_PER_SECOND_MAX = 60

interface Case {
  name: string
  long_runs: number
  has_long_queue: boolean
  has_many_actors?: boolean
}

const cases: Case[] = [
  { name: 'idle', long_runs: 0, has_long_queue: true },
  { name: '1 long run', long_runs: 1, has_long_queue: true },
  { name: '4 long runs', long_runs: 4, has_long_queue: true },
  { name: '4 long runs, one queue', long_runs: 4, has_long_queue: false },
  { name: 'actors, 1 long run', long_runs: 1, has_long_queue: true, has_many_actors: true },
]

const directory = await makeBenchDirectory()
const server = await startPostgres(directory)
const simulator = await spawnApifySimulator()

async function countItems(db: Database): Promise<number> {
  const { total } = await db.kysely
    .selectFrom('apify_sync_states')
    .select((q) => q.fn.sum('total_records').as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

async function waitForItems(db: Database, items: number): Promise<void> {
  while ((await countItems(db)) < items) await pause(POLL_MS)
}

/** Returns the seconds that one short run takes from its webhook on. */
async function timeRun(stack: LocalStack, db: Database, seed: number, actor_id?: string): Promise<number> {
  const started = performance.now()
  const run_id = await queueRun(stack, simulator, { count: Number(values.items), seed }, actor_id)
  await waitForCompletion(db, run_id, TIMEOUT_MS)
  return (performance.now() - started) / 1000
}

async function timeRunsInTurn(stack: LocalStack, db: Database): Promise<number[]> {
  const seconds: number[] = []
  for (let run = 0; run < Number(values.runs); run += 1) seconds.push(await timeRun(stack, db, 1000 + run))
  return seconds
}

async function timeArrivals(stack: LocalStack, db: Database): Promise<number[]> {
  const actors = Number(values.actors)
  const seconds: Promise<number>[] = []
  await simulator.control.setRateLimit(REQUESTS_PER_SECOND_MAX)
  for (let run = 0; run < actors * Number(values['actor-runs']); run += 1) {
    const timed = timeRun(stack, db, 1000 + run, `ann/actor-${run % actors}`)
    // Awaited when all have arrived. Until then a failure must not count as unhandled.
    timed.catch(() => {})
    seconds.push(timed)
    await pause(1000 / Number(values.rate))
  }
  return Promise.all(seconds)
}

/** Returns how many of the newest requests Apify refused, and how many one resource had in a second at most. */
async function countRequests(): Promise<{ refused: number; per_second_max: number }> {
  const counts = new Map<string, number>()
  const requests = await simulator.control.requests()
  for (const { at, path } of requests) {
    const key = `${Math.floor(at / 1000)} ${path.split('/', 4).join('/')}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const refused = requests.filter(({ status }) => status === 429).length
  return { refused, per_second_max: Math.max(0, ...counts.values()) }
}

async function measure({ name, long_runs, has_long_queue, has_many_actors }: Case) {
  const database_url = await createDatabase(server)
  const env: Record<string, string> = {
    APIFY_TOKEN: simulator.token,
    APIFY_API_BASE_URL: simulator.url,
    SYNC_SETTLE_SECONDS: '0',
    LOG_LEVEL: 'ERROR',
  }
  if (!has_long_queue) env.SYNC_LONG_QUEUE_URL = ''
  const stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url,
    api_key: 'fairness-bench-api-key',
    webhook_secret: WEBHOOK_SECRET,
    env,
    consumers_max: CONSUMERS_MAX,
  })
  const db = await openDatabase(database_url, { connections_max: 1 })
  try {
    // Starts the processes of all consumers: one that starts on a busy machine is not what is measured.
    await waitForCompletion(
      db,
      await queueRun(stack, simulator, { count: SHORT_RUN_ITEMS_MAX + 2000, seed: 1 }),
      TIMEOUT_MS,
    )
    const first = await Promise.all(
      Array.from({ length: 3 * CONSUMERS_MAX }, (_, run) => queueRun(stack, simulator, { count: 10, seed: 2 + run })),
    )
    for (const run_id of first) await waitForCompletion(db, run_id, TIMEOUT_MS)
    for (let run = 0; run < long_runs; run += 1)
      await queueRun(stack, simulator, { count: Number(values['long-items']), seed: 100 + run })
    if (long_runs > 0) await waitForItems(db, (await countItems(db)) + WARM_UP_ITEMS)
    const total_before = await countItems(db)
    const seconds = has_many_actors ? await timeArrivals(stack, db) : await timeRunsInTurn(stack, db)
    return {
      case: name,
      runs: seconds.length,
      p50: round(median(seconds)),
      p95: round(percentile(seconds, 0.95)),
      max: round(Math.max(...seconds)),
      items: (await countItems(db)) - total_before,
      ...(await countRequests()),
    }
  } finally {
    await db.close()
    await stack.close()
  }
}

const figures: Awaited<ReturnType<typeof measure>>[] = []
try {
  const latencyMs = Number(values.latency)
  if (latencyMs > 0) await simulator.control.addFault({ path: '/v2/*', fault: { latency_ms: latencyMs } })
  for (const each of cases.filter(({ name }) => name.includes(values.only))) {
    figures.push(await measure(each))
    process.stderr.write(`${JSON.stringify(figures.at(-1))}\n`)
  }
} finally {
  await simulator.close()
  await server.stop()
  await removeBenchDirectory(directory)
}

if (values.json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), figures }, null, 2)}\n`)
else {
  console.log(describeMachine())
  printTable([
    ['seconds from webhook to completion', 'runs', 'p50', 'p95', 'max', 'items imported', 'most a second', 'refused'],
    ...figures.map((figure) => [
      figure.case,
      figure.runs,
      figure.p50,
      figure.p95,
      figure.max,
      figure.items,
      figure.per_second_max,
      figure.refused,
    ]),
  ])
}
