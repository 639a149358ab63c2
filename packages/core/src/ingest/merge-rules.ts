import type { Provenance } from './provenance.ts'
import type { ExistingLead } from './statements/types.ts'

/**
 * The rules for rows that an import finds already there. PostgreSQL's statements look rows up themselves, so they need
 * the rules as SQL. Each rule is here in both forms, and a test compares them. A new rule needs both.
 */

type KnownLead = Pick<ExistingLead, 'run_id' | 'import_hashes' | 'is_deleted' | 'source_states'>

/** An item as the rules see it. */
interface SeenItem {
  import_hashes: string
  /** Milliseconds. */
  observed_at: number
}

/**
 * An item says what its source said before, and not earlier. Where all items of a lead said the same, the lead's own
 * hashes tell. Of a stored item that is mapped again the source is not known: null.
 */
function isSaidBefore(lead: KnownLead, item: SeenItem, source_key: string | null): boolean {
  if (!lead.source_states) return lead.import_hashes === item.import_hashes
  return lead.source_states.some(
    (state) =>
      state.import_hashes === item.import_hashes &&
      (source_key === null || (state.source_key === source_key && Date.parse(state.observed_at) <= item.observed_at)),
  )
}

/** An item may change its lead if merging is on, the lead is not deleted, and its source did not say the same before. */
export const changesLead = (
  lead: KnownLead,
  item: SeenItem,
  source_key: string | null,
  isMergeEnabled: boolean,
): boolean => isMergeEnabled && !lead.is_deleted && !isSaidBefore(lead, item, source_key)

/** False, not null, where there is no lead; then the states are not asked. `bool_and` of no rows is null. */
export const changesLeadSql = (
  lead: string,
  item: { import_hashes: string; observed_at: string },
  source_key: string,
  is_merge_enabled: string,
): string =>
  `case when ${lead}.is_deleted or ${lead}.id is null then false else ${is_merge_enabled} and coalesce((
      select bool_and(not (s.source_key = ${source_key} and s.import_hashes = ${item.import_hashes} and s.observed_at <= ${item.observed_at}))
      from lead_source_states as s where s.lead_id = ${lead}.id
    ), ${lead}.import_hashes is distinct from ${item.import_hashes}) end`

/** A lead was seen again unless it is deleted. The run that created a lead is its source, not a sighting. */
export const isNewSighting = (
  { run_id, is_deleted }: Pick<KnownLead, 'run_id' | 'is_deleted'>,
  origin: Pick<Provenance, 'run_id'>,
): boolean => !is_deleted && (run_id === null || run_id !== origin.run_id)

/** `run_id` is never null here: only runs are written by a statement that looks leads up. */
export const isNewSightingSql = (lead: string, run_id: string): string =>
  `not ${lead}.is_deleted and ${lead}.run_id is distinct from ${run_id}`

interface KnownCompany {
  created_by: string | null
  updated_by: string | null
  is_deleted: boolean
}

/** An import backfills a company only while no one has edited or deleted it. */
export const isBackfillable = ({ created_by, updated_by, is_deleted }: KnownCompany): boolean =>
  updated_by === created_by && !is_deleted

export const isBackfillableSql = (company: string): string =>
  `${company}.updated_by is not distinct from ${company}.created_by and not ${company}.is_deleted`
