import type { ListedLead } from '../api/queries.ts'
import { createStore } from '../api/store.ts'
import type { Patch } from './row-kinds.ts'

export const BULK_LEADS_MAX = 50_000

export interface BulkAction {
  /** "1,020 leads {verb}". */
  verb: string
  /** Read of each lead, to know what it held. */
  fields: readonly string[]
  /** Left out: the leads are deleted. */
  patchOf?: (lead: ListedLead) => Patch
}

export interface BulkFailure {
  lead: ListedLead
  detail: string
}

/** Leads that a bulk change left as they were; a dialog lists them. */
export const bulkFailures = createStore<{ failures: readonly BulkFailure[]; repeat: () => void } | null>(null)

interface Confirmation {
  count: number
  action: BulkAction
  answer: (is_confirmed: boolean) => void
}

/** A change of many that waits for a yes. */
export const confirmation = createStore<Confirmation | null>(null)
