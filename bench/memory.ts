import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddRunOptions } from '@leads/apify-simulator/runs/options'
import { type SpawnedSimulator, spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { createChildFunction } from '@leads/cli/stack/child-function'
import { invokeHandler } from '@leads/cli/stack/lambda'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { buildMemoryEnvironment, functionManifest } from '@leads/functions/runtime/manifest'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { type BundledEngine, buildFunctions } from '../infra/build/bundle.ts'
import { Dice } from '../test/faults/dice.ts'
import { startFaultyQueue } from '../test/faults/queue.ts'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { printTable } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * How much memory the consumer takes at its peak: the function as it is deployed, in a separate process, reading from a
 * simulator in another. A million small items tell whether anything grows with the length of a run; items of 5 MB tell
 * whether a page is bounded by its bytes.
 */

const values = readOptions(import.meta.filename, {
  items: { type: 'string', default: '1000000' },
  'large-items': { type: 'string', default: '500' },
  'large-mb': { type: 'string', default: '5' },
  engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
  /** MB that no process may pass. */
  limit: { type: 'string', default: '256' },
  /** Flags of Node for the consumer, to compare with those of the deployment. */
  'node-options': { type: 'string' },
  /** Minutes that one case may take. */
  minutes: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
})

/** One character beyond Latin-1 makes V8 keep the whole text at two bytes a character: the worst that an item can be. */
const widest = (number: number): string =>
  JSON.stringify({ title: `Bakery ${number}`, placeId: `ChIJ${number}`, note: `€${'x'.repeat(8_900_000)}` })

interface Figures {
  case: string
  engine: string
  items: number
  seconds: number
  items_per_second: number
  peak_rss_mb: number
  is_within_limit: boolean
}

const INVOCATION_S = 300
const LIMIT_MB = Number(values.limit)
const directory = await makeBenchDirectory()
const simulator = await spawnApifySimulator(['--no-gzip'])
const figures: Figures[] = []

/** The most resident memory a process has had, in MB; 0 once it is gone. */
function peakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

async function measure(name: string, engine: string, database_url: string, run: AddRunOptions): Promise<Figures> {
  const { id: run_id } = await simulator.control.addRun({ ...run, finished_at: Date.now() - 60_000 })
  const queue = await startFaultyQueue(new Dice(1))
  const consumer = createChildFunction<SQSEvent>({
    function_name: 'sync-consumer',
    handler: 'index.handler',
    task_root: join(directory, 'bundles', engine, 'sync-consumer'),
    timeout_ms: INVOCATION_S * 1000,
    maximum_concurrency: 1,
    env: {
      ...localAwsEnvironment(queue.endpoint),
      ...buildMemoryEnvironment(functionManifest['sync-consumer']),
      ...(values['node-options'] === undefined ? {} : { NODE_OPTIONS: values['node-options'] }),
      LOG_LEVEL: 'ERROR',
      DATABASE_URL: database_url,
      SYNC_QUEUE_URL: queue.url,
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      DATABASE_CONNECTIONS_MAX: '1',
    },
  })
  let peak_rss_mb = 0
  const watch = setInterval(() => {
    for (const pid of consumer.pids()) peak_rss_mb = Math.max(peak_rss_mb, peakMb(pid))
  }, 100)
  const started = performance.now()
  queue.send(run_id)
  const deliver = async (event: SQSEvent): Promise<SQSBatchResponse | null> => {
    const { handler } = consumer
    const result = await invokeHandler({
      handler,
      event,
      function_name: 'sync-consumer',
      timeout_ms: INVOCATION_S * 1000,
    })
    if (!result.ok) throw new Error(result.error.errorMessage)
    return result.payload as SQSBatchResponse | null
  }
  await queue.run(deliver, { concurrency: 1, timeout_ms: Number(values.minutes) * 60_000 })
  const seconds = (performance.now() - started) / 1000
  clearInterval(watch)
  await consumer.close()
  await queue.close()

  const db = await openDatabase(database_url, { connections_max: 1 })
  const sync = await findSync(db, run_id)
  await db.close()
  if (sync?.sync_status !== 'completed')
    throw new Error(`${name} on ${engine}: ${sync?.sync_status} ${sync?.error_message}`)
  return {
    case: name,
    engine,
    items: sync.total_records,
    seconds: Math.round(seconds),
    items_per_second: Math.round(sync.total_records / seconds),
    peak_rss_mb: Math.round(peak_rss_mb),
    // The widest are shown, not promised.
    is_within_limit: peak_rss_mb > 0 && (peak_rss_mb < LIMIT_MB || run.items_text !== undefined),
  }
}

const cases: { name: string; run: AddRunOptions }[] = [
  {
    name: 'small items',
    run: { actor_id: 'ann/places', dataset: { generator: 'google-places', count: Number(values.items) } },
  },
  {
    name: `items of ${values['large-mb']} MB`,
    run: {
      actor_id: 'ann/places',
      dataset: {
        generator: 'google-places',
        count: Number(values['large-items']),
        error_share: 0,
        empty_share: 0,
        padding_bytes: Number(values['large-mb']) * 1_000_000,
      },
    },
  },
  {
    name: 'items of 9 MB, two bytes a character',
    run: { actor_id: 'ann/places', items_text: [0, 1, 2, 3, 4, 5].map(widest) },
  },
]

async function main(): Promise<void> {
  console.log(`${describeMachine()}\n`)
  for (const engine of values.engine) {
    await buildFunctions(engine as BundledEngine, ['sync-consumer'], join(directory, 'bundles', engine))
    const server = engine === 'postgres' ? await startPostgres(directory) : undefined
    try {
      for (const [index, { name, run }] of cases.entries()) {
        if (run.dataset?.count === 0) continue
        const database_url = server ? server.url('postgres') : `sqlite:${join(directory, `${index}.db`)}`
        await migrateUp(database_url)
        const figure = await measure(name, engine, database_url, run)
        figures.push(figure)
        console.log(`${name} on ${engine}: ${figure.peak_rss_mb} MB`)
      }
    } finally {
      await server?.stop()
    }
  }
}

async function tidy({ close }: SpawnedSimulator): Promise<void> {
  await close()
  await removeBenchDirectory(directory)
}

try {
  await main()
} finally {
  await tidy(simulator)
}
console.log()
printTable([
  ['case', 'engine', 'items', 'seconds', 'items/s', `peak RSS MB (limit ${LIMIT_MB})`],
  ...figures.map((row) => [row.case, row.engine, row.items, row.seconds, row.items_per_second, row.peak_rss_mb]),
])
if (values.json) console.log(JSON.stringify({ bench: 'memory', limit_mb: LIMIT_MB, figures }))
process.exitCode = figures.every(({ is_within_limit }) => is_within_limit) ? 0 : 1
