import type { UpdateResult } from 'kysely'
import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { endTogether, runTogether, withTransaction } from '../database/transaction.ts'
import { addLeadIdentities } from '../duplicates/add-lead-identities.ts'
import { type ChangeEvent, insertChangeEvents } from '../events/append-event.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Json } from '../model/fields.ts'
import { Problem } from '../problem.ts'
import { assertCompany } from './assert-company.ts'
import { assertUniqueEmail } from './assert-unique-lead.ts'
import { diffLead, toChangeEvents } from './diff-lead.ts'
import { composeFullName, type LeadPatch, normalizeLeadInput } from './lead-inputs.ts'
import { type LeadDetail, leadDetailColumns } from './lead-views.ts'

export interface ChangeOptions {
  /** The expected version (If-Match). The change is rejected if the lead has another one. */
  version?: number | undefined
  /** Allows an email that another lead has. */
  allow_duplicate?: boolean | undefined
  /** Stored in the event of an enrichment. */
  event_data?: Record<string, Json> | null
}

/**
 * Changes fields of a lead and writes the events of the change in one transaction. If no value differs, nothing is
 * written and the version stays.
 * @throws Problem not_found, gone, already_exists, precondition_failed, validation_failed
 */
export async function updateLead(
  db: Db,
  id: number,
  patch: LeadPatch,
  by: ChangeAuthor,
  options: ChangeOptions = {},
): Promise<LeadDetail> {
  return withTransaction(db, async (trx) => {
    const lead = await lockLead(trx, id, options.version)
    if (lead.is_deleted) throw new Problem('gone', `Lead ${id} was deleted. POST /leads/${id}/restore restores it.`)
    const changes = diffLead(lead, withFullName(lead, await normalizeLeadInput(patch, lead.country)))
    if (Object.keys(changes).length === 0) return lead
    if (changes.company_id) await assertCompany(trx, changes.company_id.new as number | null)
    const unique_email = options.allow_duplicate ? null : (changes.email?.new as string | null | undefined)
    await assertUniqueEmail(trx, unique_email, id)
    const values = Object.fromEntries(Object.entries(changes).map(([field, change]) => [field, change.new]))
    const events = toChangeEvents(changes, options.event_data)
    const has_address = changes.email !== undefined || changes.additional_emails !== undefined
    if (!has_address) return updateLeadRow(trx, lead, values, events, by, { is_last: true })
    return updateLeadRow(trx, lead, values, events, by, {
      also: [
        // Imports still state the old address: its identity stays.
        () => addLeadIdentities(trx, { ...lead, ...values }, by.at),
        () => assertUniqueEmail(trx, unique_email, id),
      ],
    })
  })
}

/** The full name follows the first and the last name, unless the patch states it. */
function withFullName(lead: LeadDetail, patch: LeadPatch): LeadPatch {
  if (patch.full_name !== undefined) return patch
  const { first_name = lead.first_name, last_name = lead.last_name } = patch
  if (first_name === lead.first_name && last_name === lead.last_name) return patch
  return { ...patch, full_name: composeFullName(first_name, last_name) || null }
}

/** Reads and locks a lead until the transaction ends. @throws Problem not_found, merged, precondition_failed */
export async function lockLead(trx: Db, id: number, version?: number): Promise<LeadDetail> {
  const select = trx.kysely.selectFrom('sales_leads').select(leadDetailColumns).where('id', '=', id)
  const [lead] = await selectForUpdate(trx, select)
  if (!lead) throw new Problem('not_found', `Lead ${id} does not exist.`)
  if (lead.merged_into_id !== null) throw toMergedProblem(id, lead.merged_into_id)
  if (version !== undefined && lead.version !== version) throw toVersionConflict(id, lead.version)
  return lead
}

export const toMergedProblem = (id: number, merged_into_id: number): Problem =>
  new Problem('merged', `Lead ${id} was merged into lead ${merged_into_id}: use that one, or undo the merge.`, {
    extensions: { merged_into_id },
    headers: { location: `/leads/${merged_into_id}` },
  })

/**
 * Writes the row with the next version, and the events. Returns the updated lead, which {@link lockLead} has locked.
 * `is_last`: the transaction ends with it. `also`: statements that are sent behind them.
 */
export async function updateLeadRow(
  trx: Db,
  lead: LeadDetail,
  values: Record<string, unknown>,
  events: readonly ChangeEvent[],
  by: ChangeAuthor,
  { is_last = false, also = [] }: { is_last?: boolean; also?: readonly (() => Promise<unknown>)[] } = {},
): Promise<LeadDetail> {
  const { actor: updated_by, at: updated_at } = by
  const version = lead.version + 1
  const write = trx.kysely
    .updateTable('sales_leads')
    .set({ ...values, version, updated_at, updated_by })
    .where('id', '=', lead.id)
    .where('version', '=', lead.version)
  const others = [...(events.length > 0 ? [() => insertChangeEvents(trx, lead.id, events, by)] : []), ...also]
  const run = is_last ? endTogether : runTogether
  const [written] = await run<[UpdateResult, ...unknown[]]>(trx, () => write.executeTakeFirst(), ...others)
  if (written.numUpdatedRows !== 1n) throw toVersionConflict(lead.id, null)
  return { ...lead, ...toJsonValues(values), version, updated_at: updated_at.toISOString(), updated_by } as LeadDetail
}

/** Converts values to their form in a response. */
const toJsonValues = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  )

function toVersionConflict(id: number, version: number | null): Problem {
  return new Problem('precondition_failed', `Lead ${id} has changed. Read it again and repeat the change.`, {
    extensions: version === null ? {} : { current_etag: `"${version}"` },
  })
}
