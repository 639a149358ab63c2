import type { ListedLead } from '../api/queries.ts'
import { createStore } from '../api/store.ts'
import type { Patch } from './row-kinds.ts'

export const BULK_LEADS_MAX = 50_000

/** A change that the service makes by itself: the same for each lead. */
export interface JobAction {
  job_type: 'update' | 'delete'
  patch?: Patch
}

export interface BulkAction {
  /** "1,020 leads {verb}". */
  verb: string
  /** Read of each lead, to know what it held. */
  fields: readonly string[]
  /** Left out: the leads are deleted. */
  patchOf?: (lead: ListedLead) => Patch
  /** How the service makes the change where there are too many leads for the browser. */
  job?: JobAction
}

export interface BulkFailure {
  lead: ListedLead
  detail: string
}

export interface BulkFailures {
  failures: readonly BulkFailure[]
  /** How many there are, if not all are listed. */
  count?: number
  repeat?: () => void
}

/** Leads that a bulk change left as they were; a dialog lists them. */
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
