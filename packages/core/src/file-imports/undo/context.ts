import type { Db } from '../../database/engine.ts'

export interface UndoCounts {
  /** Leads that the import had created and that no longer exist. */
  deleted: number
  /** Leads that the import had changed and that have their former values again. */
  reverted: number
  /** Leads that were left unchanged, in whole or in part. */
  kept: number
}

export interface UndoContext {
  db: Db
  actor: string
  now: () => Date
  signal?: AbortSignal | undefined
  onProgress?: ((counts: UndoCounts) => void) | undefined
}

/** Leads per transaction: locks are short, and little is repeated after a kill. */
export const UNDO_PAGE_ROWS = 500

/** Why a lead is kept that was merged, as keeper or into one: the merge can still be undone. */
export const MERGED_SINCE = 'merged since'
