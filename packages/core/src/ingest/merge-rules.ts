import type { Provenance } from './provenance.ts'

/**
 * The rules for rows that an import finds already there. PostgreSQL's statements look rows up themselves, so they need
 * the rules as SQL. Each rule is here in both forms, and a test compares them. A new rule needs both.
 */

interface KnownLead {
  run_id: string | null
  import_hashes: string | null
  is_deleted: boolean
}

/** An item changes its lead if merging is on, the lead is not deleted, and the item differs from the last import. */
export const changesLead = (lead: KnownLead, import_hashes: string, isMergeEnabled: boolean): boolean =>
  isMergeEnabled && !lead.is_deleted && lead.import_hashes !== import_hashes

/** False, not null, where there is no lead. */
export const changesLeadSql = (lead: string, import_hashes: string, is_merge_enabled: string): string =>
  `coalesce(${is_merge_enabled} and not ${lead}.is_deleted and ${lead}.import_hashes is distinct from ${import_hashes}, false)`

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
