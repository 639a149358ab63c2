import type { Db } from '../database/engine.ts'
import { createTimedQuery, type RunQuery, TimeLimitError } from '../database/time-limit.ts'
import { Problem } from '../problem.ts'
import { cacheResult } from '../result-cache.ts'

/** Below the 25 s after which a request is abandoned, so that the reason is still told. */
const STATISTICS_MS_MAX = 20_000

const isTimeLimit = (error: unknown): boolean => error instanceof TimeLimitError

/**
 * Computes statistics within 20 s. Slow ones are kept, and so is the refusal: repeated requests must not occupy the
 * database. `input` identifies them.
 * @throws Problem unavailable
 */
export async function computeWithinTimeLimit<Result>(
  db: Db,
  input: readonly unknown[],
  compute: (run: RunQuery) => Promise<Result>,
  limit_ms: number = STATISTICS_MS_MAX,
): Promise<Result> {
  try {
    const read = (): Promise<Result> => compute(createTimedQuery(db, limit_ms))
    return await cacheResult(db.kysely, JSON.stringify(input), read, isTimeLimit)
  } catch (error) {
    if (!isTimeLimit(error)) throw error
    const detail = `The statistics take over ${limit_ms / 1000} s. Narrow the period by \`since\` and \`until\`, or try later.`
    throw new Problem('unavailable', detail, { cause: error, headers: { 'retry-after': '60' } })
  }
}
