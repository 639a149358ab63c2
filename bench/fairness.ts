import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { startLocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { SHORT_RUN_ITEMS_MAX } from '@leads/core/syncs/retry-policy'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { median, percentile, printTable, round } from './measure.ts'
import { createDatabase, queueRun, WEBHOOK_SECRET, waitForCompletion } from './queued-runs.ts'

/**
 * How long runs of 100 items take from their webhook to their completion while long runs are in work, on the local stack
 * with PostgreSQL. Settling is excluded. `one queue` is the same stack without the queue of long runs.
 */

const { values } = parseArgs({
  options: {
    /** Short runs of each case, one after the other. */
    runs: { type: 'string', default: '20' },
    items: { type: 'string', default: '100' },
    /** Only cases whose name contains this. */
    only: { type: 'string', default: '' },
    'long-items': { type: 'string', default: '1000000' },
    /** Milliseconds that Apify takes for each answer. */
    latency: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})

const CONSUMERS_MAX = 2
/** Items after which a long run is in work, not just queued. */
const WARM_UP_ITEMS = 5_000
const TIMEOUT_MS = 180_000
const POLL_MS = 25

interface Case {
  name: string
  long_runs: number
  has_long_queue: boolean
}

const cases: Case[] = [
  { name: 'idle', long_runs: 0, has_long_queue: true },
  { name: '1 long run', long_runs: 1, has_long_queue: true },
  { name: '4 long runs', long_runs: 4, has_long_queue: true },
  { name: '4 long runs, one queue', long_runs: 4, has_long_queue: false },
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

async function measure({ name, long_runs, has_long_queue }: Case) {
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
    const seconds: number[] = []
    for (let run = 0; run < Number(values.runs); run += 1) {
      const started = performance.now()
      await waitForCompletion(
        db,
        await queueRun(stack, simulator, { count: Number(values.items), seed: 1000 + run }),
        TIMEOUT_MS,
      )
      seconds.push((performance.now() - started) / 1000)
    }
    return {
      case: name,
      p50: round(median(seconds)),
      p95: round(percentile(seconds, 0.95)),
      max: round(Math.max(...seconds)),
      items: (await countItems(db)) - total_before,
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
    ['seconds from webhook to completion', 'p50', 'p95', 'max', 'items imported'],
    ...figures.map((figure) => [figure.case, figure.p50, figure.p95, figure.max, figure.items]),
  ])
}
