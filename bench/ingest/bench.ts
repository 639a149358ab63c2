import { type SpawnedSimulator, spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { median } from '../measure.ts'
import { type ItemSpec, itemTexts } from './dataset.ts'
import type { BenchEngine, PreparedPage } from './engine.ts'
import type { BenchOptions } from './options.ts'
import { startWorker, type TaskResult, type Worker } from './worker.ts'

/** What the sections share: a server, a simulator with a run, a consumer that is warm, and the limit's prepared pages. */
export interface Bench {
  engine: BenchEngine
  simulator: SpawnedSimulator
  worker: Worker
  options: BenchOptions
  items: ItemSpec
  run_id: string
  /** A database that holds the run. */
  reference: string
  prepared: PreparedPage[]
  addRun(items: ItemSpec): Promise<string>
  sync(database_url: string, run_id?: string, worker?: Worker): Promise<TaskResult>
  stage(database_url: string, items?: ItemSpec, run_id?: string): Promise<TaskResult>
  limit(): Promise<number>
  /** Runs `work` on a fresh database, or a copy of one, and drops it. */
  onFresh<Result>(work: (database_url: string) => Promise<Result>, template?: string): Promise<Result>
  close(): Promise<void>
}

export async function startBench(engine: BenchEngine, options: BenchOptions): Promise<Bench> {
  const { rows, page_rows } = options
  const simulator = await spawnApifySimulator()
  const worker = startWorker(options.is_profiled ? ['--cpu-prof', '--cpu-prof-dir=bench-profile'] : [])
  const items: ItemSpec = { seed: 7, from: 0, count: rows, total: rows }
  const actor = { actor_id: 'bench/people', actor_name: 'bench/people' }

  const addRun = async (spec: ItemSpec): Promise<string> => {
    const texts = itemTexts(spec)
    const { id } = await simulator.control.addRun({ ...actor, items_text: texts.slice(0, 1000) })
    for (let at = 1000; at < texts.length; at += 1000)
      await simulator.control.appendTexts(id, texts.slice(at, at + 1000))
    return id
  }
  const apify = { url: simulator.url, token: simulator.token }
  const sync: Bench['sync'] = (database_url, run_id = bench.run_id, by = worker) =>
    by.run({ kind: 'sync', database_url, run_id, page_rows, apify })

  const bench: Bench = {
    ...{ engine, simulator, worker, options, items, addRun, sync, prepared: [], reference: '', run_id: '' },
    stage: (database_url, spec = items, run_id = 'bench') =>
      worker.run({ kind: 'stage', database_url, run_id, page_rows, items: spec }),
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
      await simulator.close()
    },
  }
  bench.run_id = await addRun(items)
  bench.reference = await engine.create()
  // Also lets the simulator compress its pages, which is Apify's work and not part of what is measured.
  await sync(bench.reference)
  bench.prepared = await engine.prepare(bench.reference, page_rows)
  return bench
}

/** Runs the ways in turn, round after round; the first round warms up and does not count. */
export async function inTurn<Way extends string>(
  rounds: number,
  ways: Record<Way, () => Promise<number>>,
): Promise<Record<Way, number[]>> {
  const ms = Object.fromEntries(Object.keys(ways).map((way) => [way, []])) as unknown as Record<Way, number[]>
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of Object.keys(ways) as Way[]) {
      const took = await ways[way]()
      if (round > 0) ms[way].push(took)
    }
  }
  return ms
}

/** How many times as fast as `base` a way is: the median of the rounds' own ratios. */
export const ratioOf = (base: readonly number[], way: readonly number[]): number =>
  median(way.map((took, round) => (base[round] ?? Number.NaN) / took))
