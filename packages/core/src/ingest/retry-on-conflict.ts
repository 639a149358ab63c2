import type { DatabaseErrorKind, Db } from '../database/engine.ts'

/** Errors that a concurrent writer causes, and that do not occur again once its rows are read. */
export const CONFLICT_KINDS: ReadonlySet<DatabaseErrorKind> = new Set(['unique', 'foreign_key', 'deadlock'])

export const CONFLICT_ATTEMPTS_MAX = 8

/** A lead that was looked up was merged, or its merge undone, before its rows were locked. A retry looks up again. */
export class StaleLookupError extends Error {
  constructor() {
    super('A lead was merged, or its merge was undone, while the page was read: look up again.')
    this.name = 'StaleLookupError'
  }
}

interface RetryOptions {
  attempts_max?: number
  /** Called before each retry, to discard what was read before the conflict. */
  onRetry?: (attempt: number, kind: DatabaseErrorKind | 'stale_lookup') => void
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
      const kind = error instanceof StaleLookupError ? 'stale_lookup' : db.engine.classifyError(error)
      // Inside a transaction a deadlock has undone more than `write`: its outermost caller has to repeat all of it.
      const isRetryable =
        kind === 'stale_lookup' || (CONFLICT_KINDS.has(kind) && !(kind === 'deadlock' && db.isInTransaction))
      if (!isRetryable || attempt >= attempts_max) throw error
      onRetry?.(attempt, kind)
    }
  }
}
