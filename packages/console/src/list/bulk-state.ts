import { createStore } from '../api/store.ts'
import type { EditableRow, Patch, RowKind } from './row-kinds.ts'

export const BULK_ROWS_MAX = 50_000

/** A change that the service makes by itself: the same for each lead. */
export interface JobAction {
  job_type: 'update' | 'delete'
  patch?: Patch
}

export interface BulkAction {
  kind: RowKind
  /** "1,020 leads {verb}". */
  verb: string
  /** Read of each row, to know what it held. */
  fields: readonly string[]
  /** Left out: the rows are deleted, or restored. */
  patchOf?: (row: BulkRow) => Patch
  is_restore?: boolean
  /** How the service makes the change where there are too many rows for the browser. */
  job?: JobAction
}

export type BulkRow = EditableRow & Record<string, unknown>

export interface BulkFailure {
  row: BulkRow
  detail: string
}

export interface BulkFailures {
  kind: RowKind
  failures: readonly BulkFailure[]
  /** How many there are, if not all are listed. */
  count?: number
  repeat?: () => void
}

/** Rows that a bulk change left as they were; a dialog lists them. */
export const bulkFailures = createStore<BulkFailures | null>(null)

interface Confirmation {
  count: number
  action: BulkAction
  /** Too many to be put back. */
  is_final?: boolean
  answer: (is_confirmed: boolean) => void
}

/** A change of many that waits for a yes. */
export const confirmation = createStore<Confirmation | null>(null)
