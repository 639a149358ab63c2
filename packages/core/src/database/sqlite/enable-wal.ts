import type { DatabaseSync } from 'node:sqlite'

/** SQLITE_BUSY in the low byte, regardless of the reason in the others: https://www.sqlite.org/rescode.html#busy */
export const isBusy = (error: unknown): boolean => (((error as { errcode?: number }).errcode ?? 0) & 0xff) === 5

const LOCK_TIMEOUT_MS = 10_000
const RETRY_AFTER_MS = 20

/**
 * Puts a file into WAL mode, in which readers and the one writer don't wait for each other. The change needs the file
 * for itself, and SQLite's own time-out does not cover it: of 40 processes that opened five by five a new file, one
 * failed with "database is locked". Once the mode is set, this waits for nothing.
 */
export function enableWal(database: DatabaseSync): void {
  const give_up_at = Date.now() + LOCK_TIMEOUT_MS
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!isBusy(error) || Date.now() > give_up_at) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER_MS)
    }
  }
}
