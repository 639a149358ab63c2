import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import { addLeadIdentities } from '../duplicates/add-lead-identities.ts'
import { insertChangeEvents } from '../events/append-event.ts'
import type { FieldValue } from '../ingest/field-hashes.ts'
import { readFieldHashes } from '../ingest/field-hashes.ts'
import {
  addRespelled,
  otherValues,
  type Respelled,
  readStates,
  rehash,
  rewriteStates,
  spelledColumns,
} from '../ingest/rehash-lead.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import { composeFullName, normalizeLeadInput } from '../leads/lead-inputs.ts'
import { leadColumnSpecs, type MergedColumn } from '../model/lead-columns.ts'
import { type ChangedFields, NORMALIZATION } from '../model/lead-event.ts'
import type { NormalizedRow, PageOptions } from './page.ts'

/** The author of changes in spelling. `updated_by` stays: no person has edited the lead. */
export const NORMALIZE_AUTHOR = 'normalize'

type SpelledColumn = (typeof spelledColumns)[number]
type Spelled = Record<SpelledColumn, FieldValue>

const selectLeads = (db: Db) =>
  db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'version', 'import_hashes', ...spelledColumns])
    .where('is_deleted', '=', false)
    .orderBy('id')

/** Normalizes a page of leads in one transaction, and returns what changes. Rows that need nothing are not locked. */
export async function normalizeLeads(
  { db, is_dry_run, now, writePosition }: PageOptions,
  ids: readonly number[],
): Promise<NormalizedRow[]> {
  const planned = await planLeads(db, await selectLeads(db).where('id', 'in', ids).execute())
  if (is_dry_run) return planned
  const due = planned.map(({ id }) => id)
  return retryOnConflict(db, () =>
    withTransaction(db, async (trx) => {
      await writePosition(trx)
      if (due.length === 0) return []
      const locked = await selectForUpdate(trx, selectLeads(trx).where('id', 'in', due))
      const leads = await planLeads(trx, locked)
      for (const lead of leads) await writeLead(trx, lead, now())
      return leads
    }),
  )
}

interface PlannedLead extends NormalizedRow {
  version: number
  import_hashes: string | null
  respelled: Respelled
  states: NonNullable<ReturnType<Awaited<ReturnType<typeof readStates>>['get']>>
}

type LeadRow = { id: number; version: number; import_hashes: string | null } & Spelled

async function planLeads(db: Db, leads: readonly LeadRow[]): Promise<PlannedLead[]> {
  const states = await readStates(
    db,
    leads.map(({ id }) => id),
  )
  const planned: PlannedLead[] = []
  for (const lead of leads) {
    const own = states.get(lead.id) ?? []
    const stored = await toStored(lead)
    const respelled: Respelled = new Map()
    for (const column of spelledColumns) addRespelled(respelled, column, lead[column], stored[column])
    for (const [column, value] of otherValues(own)) {
      const spelled = await toStored({ ...stored, [column]: value })
      if (column in spelled) addRespelled(respelled, column, value, spelled[column as SpelledColumn])
    }
    stored.full_name ??= findFullName(lead, stored)
    if (stored.full_name !== null) addRespelled(respelled, 'full_name', lead.full_name, stored.full_name)
    const changed_fields = diff(lead, stored)
    if (respelled.size === 0) continue
    const { id, version, import_hashes } = lead
    planned.push({ id, version, import_hashes, changed_fields, respelled, states: own })
  }
  return planned
}

/** The values as an import or the API stores them. One that would no longer fit its column stays. */
async function toStored(lead: Spelled): Promise<Spelled> {
  const values = Object.fromEntries(spelledColumns.map((column) => [column, lead[column]]))
  const stored = await normalizeLeadInput(values, typeof lead.country === 'string' ? lead.country : null)
  return Object.fromEntries(
    spelledColumns.map((column) => [column, fits(column, stored[column]) ? stored[column] : lead[column]]),
  ) as Spelled
}

function fits(column: SpelledColumn, value: FieldValue | undefined): value is FieldValue {
  const { length_max = Number.POSITIVE_INFINITY } = leadColumnSpecs[column]
  return [value ?? []].flat().every((text) => typeof text === 'string' && text.length <= length_max)
}

/** Of a lead whose full name nobody stated or removed. */
function findFullName(lead: LeadRow, { first_name, last_name }: Spelled): string | null {
  const isUnstated =
    lead.full_name === null &&
    (lead.import_hashes === null
      ? lead.version === 1
      : readFieldHashes(lead.import_hashes).isUntouched('full_name', null))
  return isUnstated ? composeFullName(first_name as string | null, last_name as string | null) || null : null
}

function diff(lead: Spelled, stored: Spelled): ChangedFields {
  const changed: ChangedFields = {}
  for (const column of spelledColumns) {
    const [before, after] = [lead[column], stored[column]]
    if (JSON.stringify(before) !== JSON.stringify(after))
      changed[column] = { old: before as ChangedFields[string]['old'], new: after as ChangedFields[string]['new'] }
  }
  return changed
}

async function writeLead(trx: Db, lead: PlannedLead, at: Date): Promise<void> {
  const { id, changed_fields, import_hashes, respelled, states, version } = lead
  await rewriteStates(trx, states, respelled)
  const fields = Object.entries(changed_fields)
  if (fields.length === 0) return
  const values = Object.fromEntries(fields.map(([column, { new: value }]) => [column, value]))
  await trx.kysely
    .updateTable('sales_leads')
    .set({
      ...values,
      import_hashes: import_hashes === null ? null : rehash(import_hashes, respelled),
      version: version + 1,
      updated_at: at,
    })
    .where('id', '=', id)
    .execute()
  const author = { actor: NORMALIZE_AUTHOR, event_source: 'system', at } as const
  await insertChangeEvents(
    trx,
    id,
    [{ event_type: 'updated', event_name: 'Values normalized', event_data: NORMALIZATION, changed_fields }],
    author,
  )
  const identifying: MergedColumn[] = ['email', 'additional_emails', 'full_name', 'company_name', 'street']
  if (!identifying.some((column) => column in changed_fields)) return
  const stored = await trx.kysely
    .selectFrom('sales_leads')
    .select(['id', 'external_id', 'full_name', 'company_name', 'street', 'email', 'additional_emails'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await addLeadIdentities(trx, stored, at)
}
