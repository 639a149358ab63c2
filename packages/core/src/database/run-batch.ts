import type { BatchResponse, BatchResult } from '../model/batch.ts'
import { Problem, toProblemDocument } from '../problem.ts'
import type { Db } from './engine.ts'
import { withTransaction } from './transaction.ts'

/**
 * Runs the operations of a batch in one transaction. `run` runs one of them in a savepoint, so that a failed operation
 * is rolled back alone.
 * @throws Problem batch_failed if an operation of an atomic batch fails; then nothing changes
 */
export function runBatch<Operation>(
  db: Db,
  { operations, is_atomic }: { operations: readonly Operation[]; is_atomic?: boolean | undefined },
  run: (trx: Db, operation: Operation) => Promise<BatchResult>,
): Promise<BatchResponse> {
  return withTransaction(db, async (trx) => {
    const results: BatchResult[] = []
    for (const [index, operation] of operations.entries()) {
      const result = await runSafely(trx, () => run(trx, operation))
      if (result.problem && is_atomic) {
        const detail = `Operation ${index} failed. Nothing was changed: ${String(result.problem.detail)}`
        throw new Problem('batch_failed', detail, {
          errors: [{ pointer: `/operations/${index}`, detail: String(result.problem.detail) }],
          extensions: { operation_index: index, problem: result.problem },
        })
      }
      results.push(result)
    }
    const failed = results.filter(({ problem }) => problem).length
    return { succeeded: results.length - failed, failed, results }
  })
}

async function runSafely(trx: Db, run: () => Promise<BatchResult>): Promise<BatchResult> {
  try {
    return await run()
  } catch (error) {
    const kind = error instanceof Problem ? null : trx.engine.classifyError(error)
    // Errors that are not about this operation (the database is unavailable, a deadlock) end the batch.
    if (kind !== null && kind !== 'unique' && kind !== 'foreign_key' && kind !== 'data') throw error
    const problem =
      error instanceof Problem
        ? error
        : new Problem(kind === 'data' ? 'validation_failed' : 'conflict', 'The database rejects this operation.')
    return { status: problem.status, id: null, version: null, problem: toProblemDocument(problem, null) }
  }
}
