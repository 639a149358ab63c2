import type { DatabaseErrorKind, Db } from '../database/engine.ts'

/** Errors that a concurrent writer causes, and that do not occur again once its rows are read. */
export const CONFLICT_KINDS: ReadonlySet<DatabaseErrorKind> = new Set(['unique', 'foreign_key', 'deadlock'])

export const CONFLICT_ATTEMPTS_MAX = 8

interface RetryOptions {
  attempts_max?: number
  /** Called before each retry, to discard what was read before the conflict. */
  onRetry?: (attempt: number, kind: DatabaseErrorKind) => void
}

/**
 * Retries after a write conflict or deadlock. The retry reads the other writer's rows.
 * @throws the last error after `attempts_max` attempts, and every other error at once
 */
export async function retryOnConflict<Result>(
  db: Db,
  write: () => Promise<Result>,
  { attempts_max = CONFLICT_ATTEMPTS_MAX, onRetry }: RetryOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      const kind = db.engine.classifyError(error)
      // Inside a transaction a deadlock has undone more than `write`: its outermost caller has to repeat all of it.
      const isRetryable = CONFLICT_KINDS.has(kind) && !(kind === 'deadlock' && db.isInTransaction)
      if (!isRetryable || attempt >= attempts_max) throw error
      onRetry?.(attempt, kind)
    }
  }
}
