import { setTimeout as delay } from 'node:timers/promises'
import { printBars, printTable, round } from '../../measure.ts'
import { type Bench, inTurn, ratioOf } from '../bench.ts'
import { connectBench } from '../postgres.ts'
import { startWorker } from '../worker.ts'
import { type Figures, rate } from './figures.ts'

/**
 * Several consumers at once, each with its own run, from the webhooks on; their items overlap only by
 * companies.
 */
export async function measureConsumers(bench: Bench): Promise<Figures> {
  const { options, items } = bench
  const counts = [1, 2, 4]
  const workers = Array.from({ length: Math.max(...counts) }, () => startWorker())
  const runs = await Promise.all(workers.map((_, index) => bench.addRun({ ...items, seed: 100 + index })))
  const deadlocks: Record<number, number> = {}
  const together = (count: number) => () =>
    bench.onFresh(async (url) => {
      const before = await countDeadlocks(url)
      const { ms } = await bench.endToEnd(url, { run_ids: runs.slice(0, count), workers: workers.slice(0, count) })
      deadlocks[count] = (deadlocks[count] ?? 0) + (await countDeadlocks(url)) - before
      return ms
    })
  const ms = await inTurn(options.rounds, {
    limit: bench.limit,
    1: together(1),
    2: together(2),
    4: together(4),
  } as Record<string, () => Promise<number>>)
  await Promise.all(workers.map((worker) => worker.close()))
  const ofLimit = (count: number): number => ratioOf(ms.limit ?? [], ms[count] ?? []) * count
  printTable([
    ['consumers', 'items/s', 'of the limit on one connection', 'deadlocks'],
    ...counts.map((count) => [
      String(count),
      rate(options.rows * count, ms[count] ?? []),
      round(ofLimit(count)),
      deadlocks[count] ?? 0,
    ]),
  ])
  printBars(counts.map((count) => [`${count} on ${count} runs`, ofLimit(count)]))
  console.log()
  return {
    ratio_to_copy_two_consumers: round(ofLimit(2)),
    ratio_to_copy_four_consumers: round(ofLimit(4)),
    deadlocks: Object.values(deadlocks).reduce((sum, count) => sum + count, 0),
  }
}

/** A server process reports its deadlocks at the latest when it ends: waits until the consumers' ones have ended. */
async function countDeadlocks(url: string): Promise<number> {
  const sql = connectBench(url)
  try {
    for (;;) {
      const [row] = await sql`
        select deadlocks::integer, numbackends::integer as connections from pg_stat_database
        where datname = current_database()`
      if (row?.connections === 1) return row.deadlocks as number
      await delay(20)
    }
  } finally {
    await sql.end()
  }
}
