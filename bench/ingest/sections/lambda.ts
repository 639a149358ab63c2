import { functionManifest } from '@leads/functions/runtime/manifest'
import { median, printTable, round } from '../../measure.ts'
import type { Bench } from '../bench.ts'
import { deployedFlags, startWorker, type TaskResult } from '../worker.ts'
import type { Figures } from './figures.ts'

/** Lambda gives processor time in proportion to memory: one whole core at so many MB. */
const MB_A_CORE = 1769
const MEMORY_MB = [512, 1024, MB_A_CORE]
/** arm64 in us-east-1, as in docs/deploy.md. */
const DOLLARS_A_GB_SECOND = 0.0000133334
const LEADS = 100_000
/** Less than this much slower than the fastest is not worth paying for. */
const SLOWER = 1.1

/**
 * What importing 100,000 leads costs on Lambda, by memory size. The processors of this machine cannot be cut to a share,
 * so the time there is computed, not measured: as long as it takes here with a whole core, or as long as the share needs
 * for the processor time that was measured here, the larger of the two. That is the least: it takes for granted that all of
 * the consumer's work is done while the database works, and a core there for as fast as one here.
 */
export async function measureLambda(bench: Bench): Promise<Figures> {
  const { options } = bench
  const worker = startWorker(deployedFlags)
  const results: TaskResult[] = []
  for (let turn = 0; turn <= options.rounds; turn += 1) {
    const result = await bench.onFresh((url) => bench.endToEnd(url, { workers: [worker] }))
    if (turn > 0) results.push(result)
  }
  await worker.close()
  const scale = LEADS / options.rows / 1000
  const wall_s = median(results.map(({ ms }) => ms)) * scale
  const cpu_s = median(results.map(({ cpu_ms }) => cpu_ms)) * scale
  const sizes = MEMORY_MB.map((memory_mb) => {
    const seconds = Math.max(wall_s, cpu_s / Math.min(1, memory_mb / MB_A_CORE))
    return { memory_mb, seconds, dollars: seconds * (memory_mb / 1024) * DOLLARS_A_GB_SECOND }
  })
  const fastest = Math.min(...sizes.map(({ seconds }) => seconds))
  const { memory_mb: recommended = MB_A_CORE } = sizes.find(({ seconds }) => seconds <= fastest * SLOWER) ?? {}
  const { memory_mb: deployed } = functionManifest['sync-consumer']

  console.log(
    `100,000 leads with ${deployedFlags.join(' ')}: ${wall_s.toFixed(1)} s here, ${cpu_s.toFixed(1)} s of processor time`,
  )
  printTable([
    ['memory', 'of a core', 'computed seconds (minimum)', 'GB-seconds', 'dollars'],
    ...sizes.map(({ memory_mb, seconds, dollars }) => [
      `${memory_mb} MB`,
      round(memory_mb / MB_A_CORE),
      seconds.toFixed(1),
      round((seconds * memory_mb) / 1024, 1),
      dollars.toFixed(6),
    ]),
  ])
  const isDeployed = recommended === deployed ? 'as deployed' : `deployed: ${deployed} MB`
  console.log(
    `Recommended: ${recommended} MB (${isDeployed}), the least that takes no more than ${SLOWER} × the fastest\n`,
  )
  return {
    lambda_memory_mb_recommended: recommended,
    lambda_memory_mb_deployed: deployed,
    lambda_cpu_s_per_100k: round(cpu_s, 1),
    lambda_by_memory: Object.fromEntries(
      sizes.map(({ memory_mb, seconds, dollars }) => [
        memory_mb,
        { seconds_at_least: round(seconds, 1), dollars: round(dollars, 6) },
      ]),
    ),
  }
}
