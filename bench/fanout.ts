import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { startLocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { sql } from 'kysely'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { startLatencyProxy } from './latency-proxy.ts'
import { countByKind, sampleLockWaits, toWaitPercent } from './lock-waits.ts'
import { describeMachine } from './machine.ts'
import { printTable, round } from './measure.ts'
import { createDatabase, queueRun, WEBHOOK_SECRET, waitForCompletion } from './queued-runs.ts'
import { readOptions } from './read-options.ts'

/**
 * How fast one run is read by several consumers, on the local stack with PostgreSQL: Apify answers a page in a second, and
 * the database is a millisecond away, as in a region. From the webhook to completion, settling excluded.
 */

const values = readOptions(import.meta.filename, {
  items: { type: 'string', default: '240000' },
  'range-items': { type: 'string', default: '10000' },
  /** A number of consumers; repeated for several. */
  consumers: { type: 'string', multiple: true, default: ['1', '2', '4', '8'] },
  /** Milliseconds of a page at Apify. */
  page: { type: 'string', default: '1000' },
  /** Milliseconds of a round trip to the database, in addition to loopback's. */
  network: { type: 'string', default: '1' },
  /** With `--no-durable` the server does not wait for the disk. */
  durable: { type: 'boolean', default: true },
  json: { type: 'boolean', default: false },
})

const counts = values.consumers.map((text) => {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new Error(`--consumers ${text}: a whole number from 1 to 1,000. Repeat the option for several.`)
  return count
})

const TIMEOUT_MS = 1_800_000
const WARM_ITEMS = 10_000
const TICKS_PER_SECOND = 100

const directory = await makeBenchDirectory()
const server = await startPostgres(directory, { durable: values.durable })
const proxy = await startLatencyProxy(server.port, Number(values.network))
const simulator = await spawnApifySimulator()

const parts = ['server', 'consumers', 'apify', 'bench'] as const
type Part = (typeof parts)[number]

/**
 * Processor seconds so far of PostgreSQL, of the simulator, of the consumers' processes, and of this process (gateway,
 * queue and the proxy). Processes that have ended count with the one that started them.
 */
function readCpuSeconds(): Record<Part, number> {
  const postmaster = Number.parseInt(readFileSync(join(directory, 'postgres', 'postmaster.pid'), 'utf8'), 10)
  const seconds = { server: 0, apify: 0, consumers: 0, bench: 0 }
  const parents = new Map<number, number>()
  const ticks = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      parents.set(Number(name), fields[1] as number)
      const own = fields.slice(11, 13).reduce((sum, value) => sum + value, 0)
      const ended = fields.slice(13, 15).reduce((sum, value) => sum + value, 0)
      ticks.set(Number(name), Number(name) === process.pid ? own : own + ended)
    } catch {
      // It has ended since, and its parent has its time.
    }
  }
  const partOf = (pid: number): Part | null => {
    if (pid === postmaster) return 'server'
    if (pid === simulator.pid) return 'apify'
    if (pid === process.pid) return 'bench'
    const parent = parents.get(pid)
    if (parent === undefined) return null
    const part = partOf(parent)
    return part === 'bench' ? 'consumers' : part
  }
  for (const [pid, value] of ticks) {
    const part = partOf(pid)
    if (part) seconds[part] += value / TICKS_PER_SECOND
  }
  return seconds
}

async function countLeads(db: Database): Promise<number> {
  const { leads } = await db.kysely
    .selectFrom('sales_leads')
    .select(({ fn }) => fn.countAll().as('leads'))
    .executeTakeFirstOrThrow()
  return Number(leads)
}

async function countDeadlocks(db: Database): Promise<number> {
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db.kysely)
  return rows[0]?.deadlocks ?? 0
}

async function measure(consumers: number) {
  const database_url = await createDatabase(server)
  const through_proxy = new URL(database_url)
  through_proxy.port = String(proxy.port)
  const stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url: through_proxy.href,
    api_key: 'fanout-bench-api-key',
    webhook_secret: WEBHOOK_SECRET,
    env: {
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      SYNC_SETTLE_SECONDS: '0',
      SYNC_RANGE_ITEMS: consumers === 1 ? '0' : values['range-items'],
      LOG_LEVEL: 'ERROR',
    },
    // Half of them take long runs.
    consumers_max: 2 * consumers,
  })
  // One, so that the samples can leave it out.
  const db = await openDatabase(database_url, { connections_max: 1 })
  try {
    // Starts the processes of all consumers, and compiles their code.
    const warm = { count: Math.max(WARM_ITEMS, 2 * consumers * Number(values['range-items'])), seed: 1 }
    await waitForCompletion(db, await queueRun(stack, simulator, warm), TIMEOUT_MS)
    await simulator.control.addFault({ path: '/v2/datasets/*/items', fault: { latency_ms: Number(values.page) } })
    const items = Number(values.items)
    const deadlocks_before = await countDeadlocks(db)
    const leads_before = await countLeads(db)
    const cpu_before = readCpuSeconds()
    const stopSampling = sampleLockWaits(db)
    const started = performance.now()
    const run_id = await queueRun(stack, simulator, { count: items, seed: 2, duplicate_share: 0.02 })
    await waitForCompletion(db, run_id, TIMEOUT_MS)
    const seconds = (performance.now() - started) / 1000
    const cpu_after = readCpuSeconds()
    const spent = (part: Part): number => cpu_after[part] - cpu_before[part]
    const waits = await stopSampling()
    const sync = await findSync(db, run_id)
    return {
      consumers,
      seconds: round(seconds, 1),
      items_per_s: Math.round(items / seconds),
      server_us_per_item: Math.round((spent('server') * 1e6) / items),
      consumers_us_per_item: Math.round((spent('consumers') * 1e6) / items),
      /** Cores that each part kept busy. */
      cores: Object.fromEntries(parts.map((part) => [part, round(spent(part) / seconds)])) as Record<Part, number>,
      deadlocks: (await countDeadlocks(db)) - deadlocks_before,
      samples: waits.samples,
      running: waits.running,
      lock_wait_percent: round(toWaitPercent(waits)),
      /** Statements that waited, by the kind of lock, and by kind and table or index. */
      waits: countByKind(waits),
      waits_by_relation: Object.fromEntries([...waits.waiting].sort(([, a], [, b]) => b - a)),
      lost: items - (sync?.total_records ?? 0),
      doubled: (await countLeads(db)) - leads_before - (sync?.synced_records ?? 0),
    }
  } finally {
    await simulator.control.clearFaults()
    await db.close()
    await stack.close()
  }
}

const figures: (Awaited<ReturnType<typeof measure>> & { factor: number })[] = []
try {
  for (const consumers of counts) {
    const figure = await measure(consumers)
    figures.push({ ...figure, factor: round((figures[0]?.seconds ?? figure.seconds) / figure.seconds) })
    process.stderr.write(`${JSON.stringify(figures.at(-1))}\n`)
  }
} finally {
  await simulator.close()
  await proxy.close()
  await server.stop()
  await removeBenchDirectory(directory)
}

if (values.json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), figures })}\n`)
else {
  console.log(describeMachine())
  printTable([
    [
      'consumers',
      'seconds',
      'factor',
      'items/s',
      'server us/item',
      'consumers us/item',
      'samples',
      'statements running',
      'waiting for locks, %',
      'of these',
      'deadlocks',
      'lost',
      'doubled',
      ...parts.map((part) => `cores: ${part}`),
    ],
    ...figures.map((figure) => [
      String(figure.consumers),
      figure.seconds,
      figure.factor,
      figure.items_per_s,
      figure.server_us_per_item,
      figure.consumers_us_per_item,
      figure.samples,
      figure.running,
      figure.lock_wait_percent,
      Object.entries(figure.waits)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', '),
      figure.deadlocks,
      figure.lost,
      figure.doubled,
      ...parts.map((part) => figure.cores[part]),
    ]),
  ])
}
