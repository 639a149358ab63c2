import { type SpawnedSimulator, spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { median } from '../measure.ts'
import { type ItemSpec, itemTexts } from './dataset.ts'
import type { BenchEngine, PreparedPage } from './engine.ts'
import { type Front, startFront } from './front.ts'
import type { BenchOptions } from './options.ts'
import { type ListenTask, type StageTask, startWorker, type TaskResult, type Worker } from './worker.ts'

/** What the sections share: a server, a simulator with a run, a consumer that is warm, and the limit's prepared pages. */
export interface Bench {
  engine: BenchEngine
  simulator: SpawnedSimulator
  front: Front
  worker: Worker
  options: BenchOptions
  items: ItemSpec
  run_id: string
  /** Of the run. */
  actor_id: string
  /** A database with the run. */
  reference: string
  prepared: PreparedPage[]
  addRun(items: ItemSpec): Promise<string>
  /**
   * All of it: from the webhooks of these runs, over HTTP, the queue and as many consumers, until the runs' syncs are
   * `completed`. `cpu_ms` is that of all consumers.
   */
  endToEnd(database_url: string, options?: EndToEndOptions): Promise<TaskResult>
  /** The sync alone, from the message on. */
  sync(database_url: string, options?: TaskOptions): Promise<TaskResult>
  stage(database_url: string, options?: StageOptions): Promise<TaskResult>
  limit(): Promise<number>
  /** Runs `work` on a fresh database, or a copy of one, and drops it. */
  onFresh<Result>(work: (database_url: string) => Promise<Result>, template?: string): Promise<Result>
  close(): Promise<void>
}

export interface EndToEndOptions {
  run_ids?: readonly string[]
  workers?: readonly Worker[]
  profile?: string
}

export interface TaskOptions {
  run_id?: string
  worker?: Worker
  profile?: string
}

interface StageOptions extends TaskOptions {
  items?: ItemSpec
  page_rows?: number
}

export async function startBench(engine: BenchEngine, options: BenchOptions): Promise<Bench> {
  const { rows, page_rows } = options
  const simulator = await spawnApifySimulator()
  const front = await startFront()
  const worker = startWorker()
  const items: ItemSpec = { seed: 7, from: 0, count: rows, total: rows }
  const apify = { url: simulator.url, token: simulator.token }

  const bench: Bench = {
    engine,
    simulator,
    front,
    worker,
    options,
    items,
    addRun: (spec) => addRun(simulator, spec),
    prepared: [],
    reference: '',
    run_id: '',
    actor_id: '',
    endToEnd: (database_url, { run_ids = [bench.run_id], workers = [worker], profile } = {}) => {
      const { endpoint, queue_url } = front.queue
      const listening = { database_url, page_rows, apify, queue: { endpoint, queue_url }, ...withProfile(profile) }
      return measureEndToEnd(front, workers, listening, run_ids)
    },
    sync: (database_url, { run_id = bench.run_id, worker: by = worker, profile } = {}) =>
      by.run({ kind: 'sync', database_url, run_id, page_rows, apify, ...withProfile(profile) }),
    stage: (database_url, stageOptions = {}) =>
      (stageOptions.worker ?? worker).run(toStageTask(bench, database_url, stageOptions)),
    limit: () =>
      bench.onFresh(async (url) => {
        await engine.copyCompanies(bench.reference, url)
        return engine.loadPrepared(url, bench.prepared)
      }),
    async onFresh(work, template) {
      const url = await engine.create(template)
      try {
        return await work(url)
      } finally {
        await engine.drop(url)
      }
    },
    async close() {
      await worker.close()
      await front.close()
      await simulator.close()
    },
  }
  bench.run_id = await bench.addRun(items)
  await prepareReference(bench)
  return bench
}

const toStageTask = (
  bench: Bench,
  database_url: string,
  { items = bench.items, run_id = 'bench', page_rows = bench.options.page_rows, profile }: StageOptions,
): StageTask => ({
  kind: 'stage',
  database_url,
  run_id,
  actor_id: bench.actor_id,
  page_rows,
  items,
  ...withProfile(profile),
})

const withProfile = (profile: string | undefined) => (profile === undefined ? {} : { profile })

/** Syncs the run once. This also lets the simulator compress its pages: Apify's work, not part of what is measured. */
async function prepareReference(bench: Bench): Promise<void> {
  const { engine, options } = bench
  bench.reference = await engine.create()
  await bench.sync(bench.reference)
  bench.actor_id = await findActorId(bench)
  bench.prepared = await engine.prepare(bench.reference, options.page_rows)
}

async function findActorId({ reference, run_id }: Bench): Promise<string> {
  const db = await openDatabase(reference, { connections_max: 1 })
  try {
    const sync = await findSync(db, run_id)
    if (!sync?.actor_id) throw new Error(`The sync of ${run_id} has no Actor`)
    return sync.actor_id
  } finally {
    await db.close()
  }
}

/** Adds a run with these items to the simulator, in requests of 1,000. Returns its id. */
async function addRun(simulator: SpawnedSimulator, spec: ItemSpec): Promise<string> {
  const texts = itemTexts(spec)
  const actor = { actor_id: 'bench/people', actor_name: 'bench/people' }
  const { id } = await simulator.control.addRun({ ...actor, items_text: texts.slice(0, 1000) })
  for (let at = 1000; at < texts.length; at += 1000) await simulator.control.appendTexts(id, texts.slice(at, at + 1000))
  return id
}

/** Lets the workers listen, posts the webhooks, and waits until the syncs of all runs are completed. */
async function measureEndToEnd(
  front: Front,
  workers: readonly Worker[],
  listening: Omit<ListenTask, 'kind'>,
  run_ids: readonly string[],
): Promise<TaskResult> {
  const ended = untilCompleted(listening.database_url, run_ids, workers)
  // Awaited below; until then a failure must not count as unhandled.
  ended.catch(() => {})
  await Promise.all(workers.map((each) => each.run({ kind: 'listen', ...listening })))
  const started = performance.now()
  await Promise.all(run_ids.map((run_id) => front.post(run_id)))
  const ms = (await ended) - started
  const results = await Promise.all(workers.map((each) => each.run({ kind: 'leave' })))
  return {
    ms,
    cpu_ms: results.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0),
    peak_rss_mb: Math.max(...results.map(({ peak_rss_mb }) => peak_rss_mb)),
  }
}

/**
 * When the last of the runs was found `completed`: checked after each message that a consumer has handled, so that
 * the database answers no other queries while it works.
 */
function untilCompleted(database_url: string, run_ids: readonly string[], workers: readonly Worker[]): Promise<number> {
  let deliveries = 0
  return new Promise((resolve, reject) => {
    const onDelivered = async (error?: string): Promise<void> => {
      const at = performance.now()
      if (error !== undefined) throw new Error(`A consumer could not deal with its message: ${error}`)
      deliveries += 1
      if (deliveries >= run_ids.length && (await areCompleted(database_url, run_ids))) resolve(at)
    }
    for (const each of workers) each.onDelivered = (error) => void onDelivered(error).catch(reject)
  })
}

async function areCompleted(database_url: string, run_ids: readonly string[]): Promise<boolean> {
  const db = await openDatabase(database_url, { connections_max: 1 })
  try {
    for (const run_id of run_ids) if ((await findSync(db, run_id))?.sync_status !== 'completed') return false
    return true
  } finally {
    await db.close()
  }
}

/**
 * Runs the ways in turn, round after round; the first round warms up and does not count. Every other round goes backwards, so
 * that none always has the disk and caches as the same other one left them.
 */
export async function inTurn<Way extends string>(
  rounds: number,
  ways: Record<Way, () => Promise<number>>,
): Promise<Record<Way, number[]>> {
  const ms = Object.fromEntries(Object.keys(ways).map((way) => [way, []])) as unknown as Record<Way, number[]>
  for (let round = 0; round <= rounds; round += 1) {
    const order = Object.keys(ways) as Way[]
    if (round % 2 === 0) order.reverse()
    for (const way of order) {
      const took = await ways[way]()
      if (round > 0) ms[way].push(took)
    }
  }
  return ms
}

/** How many times as fast as `base` a way is: the median of the rounds' own ratios. */
export const ratioOf = (base: readonly number[], way: readonly number[]): number =>
  median(way.map((took, round) => (base[round] ?? Number.NaN) / took))
