import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import type { ImportItem } from '../ingest/apply-items.ts'
import { type CrmFields, toComparableText } from '../ingest/field-hashes.ts'
import type { ImportedColumns } from '../ingest/statements/types.ts'
import { crmFields, importedColumns } from '../model/lead-columns.ts'
import { isSpreadsheetFormOf } from './cells/repair-cell.ts'
import { cleanNotes, type UnreadableCell } from './crm-fields.ts'
import type { ImportRow } from './prepare-row.ts'

/** Provider of leads whose first source is a file. */
export const FILE_PROVIDER_NAME = 'import'

export type LeadRow = Extract<ImportRow, { item: ImportItem }>

/** The rows of a page, ready to be written. */
export interface ResolvedRows {
  /** Items by the provider of their leads. */
  by_provider: Map<string, ImportItem[]>
  /** Rows of an export without new values: their leads do not change, and no sighting is recorded. */
  unchanged: number
  /** Cells of an export that a spreadsheet has rewritten: they change nothing. */
  rewritten: UnreadableCell[]
}

/**
 * Finds the leads of rows. A row with the identity of an existing lead joins that lead, regardless of its provider. Only a new
 * identity becomes a lead of provider `import`.
 */
export async function resolveRows(db: Db, rows: readonly LeadRow[]): Promise<ResolvedRows> {
  const providers = await findProviders(
    db,
    rows.filter(({ provider_name }) => provider_name === null).map(({ item }) => item.lead.external_id),
  )
  const ownLeads = await findExportedLeads(
    db,
    rows.filter(({ is_export, item }) => is_export || mayLackDigits(item)),
  )
  const manualLeads = await findManualLeads(db, rows)
  const by_provider = new Map<string, ImportItem[]>()
  const rewritten: UnreadableCell[] = []
  let unchanged = 0
  for (const row of rows) {
    const provider = row.provider_name ?? providers.get(row.item.lead.external_id) ?? FILE_PROVIDER_NAME
    const known = ownLeads.get(toLeadKey(provider, row.item.lead.external_id))
    const item = row.is_export
      ? dropUnchangedValues(row.item, known, rewritten)
      : withLostDigits(row.item, known, rewritten)
    if (
      item === null ||
      (row.manual_key !== null && manualLeads.get(row.manual_key.id) === row.manual_key.created_at)
    ) {
      unchanged += 1
      continue
    }
    const items = by_provider.get(provider)
    if (items) items.push(item)
    else by_provider.set(provider, [item])
  }
  return { by_provider, unchanged, rewritten }
}

const toLeadKey = (provider_name: string, external_id: string): string => `${provider_name}\u0000${external_id}`

async function findProviders(db: Db, external_ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await findByKey<{ id: number; external_id: string; provider_name: string | null }>(
    db,
    { table: 'sales_leads', key: 'external_id', columns: ['id', 'external_id', 'provider_name'] },
    [...new Set(external_ids)],
  )
  const found = new Map<string, string>()
  // If several providers have the identity, the oldest lead wins.
  for (const { external_id, provider_name } of rows.sort((a, b) => a.id - b.id))
    if (provider_name !== null && !found.has(external_id)) found.set(external_id, provider_name)
  return found
}

type KnownFields = ImportedColumns & CrmFields
type OwnLead = KnownFields & { external_id: string; provider_name: string | null }

async function findExportedLeads(db: Db, rows: readonly LeadRow[]): Promise<Map<string, KnownFields>> {
  const leads = await findByKey<OwnLead>(
    db,
    {
      table: 'sales_leads',
      key: 'external_id',
      columns: ['provider_name', 'external_id', ...importedColumns, ...crmFields],
    },
    [...new Set(rows.map(({ item }) => item.lead.external_id))],
  )
  const found = new Map<string, KnownFields>()
  for (const { provider_name, external_id, ...fields } of leads)
    if (provider_name !== null) found.set(toLeadKey(provider_name, external_id), fields)
  return found
}

/**
 * Returns an exported row without the values that its lead already has, or null if nothing is left. A value that only
 * comes back must not count as imported: an edit that was exported and imported again would lose its protection.
 */
function dropUnchangedValues(
  item: ImportItem,
  known: KnownFields | undefined,
  rewritten: UnreadableCell[],
): ImportItem | null {
  if (known === undefined) return item
  const lead = { ...item.lead }
  restoreNumbers(lead, known, rewritten)
  let isNews = false
  const drop = (field: 'email' | 'phone', flag: 'email_verified' | 'phone_verified') => {
    // A flag qualifies an address, therefore a changed flag keeps its address.
    if (toComparableText(lead[field]) !== '' && toComparableText(lead[flag]) !== toComparableText(known[flag]))
      return false
    return toComparableText(lead[field]) === toComparableText(known[field])
  }
  for (const field of importedColumns) {
    if (field === 'company_id' || field === 'email_verified' || field === 'phone_verified') continue
    const isSame =
      field === 'email'
        ? drop('email', 'email_verified')
        : field === 'phone'
          ? drop('phone', 'phone_verified')
          : toComparableText(lead[field]) === toComparableText(known[field])
    if (isSame) lead[field] = (Array.isArray(lead[field]) ? [] : null) as never
    else if (toComparableText(lead[field]) !== '') isNews = true
  }
  const crm_fields = dropUnchangedCrmFields(item.crm_fields, known)
  return isNews || crm_fields ? { ...item, lead, company: null, crm_fields } : null
}

/** Gives values back that a spreadsheet has rewritten: `1067` for `01067`, `491715550123` for `+491715550123`. */
function restoreNumbers(lead: ImportItem['lead'], known: KnownFields, rewritten: UnreadableCell[]): void {
  for (const field of ['phone', 'postal_code'] as const) {
    const [written, original] = [lead[field], known[field]]
    if (written === null || original === null || written === original) continue
    if (!isSpreadsheetFormOf(written, original)) continue
    rewritten.push({ header: field, value: written })
    lead[field] = original
  }
  const [phones, originals] = [lead.additional_phones, known.additional_phones ?? []]
  const isSame =
    phones.length === originals.length &&
    phones.every((phone, index) => phone === originals[index] || isSpreadsheetFormOf(phone, originals[index] ?? ''))
  if (isSame) lead.additional_phones = [...originals]
}

/** True for numbers that may have lost a leading zero or plus: only these rows cost a query. */
function mayLackDigits({ lead: { postal_code, phone } }: ImportItem): boolean {
  return (postal_code !== null && /^\d{1,4}$/.test(postal_code)) || (phone !== null && /^[1-9]\d{6,}$/.test(phone))
}

/** A row of any file whose numbers differ from those of its lead only by what a spreadsheet drops changes none of them. */
function withLostDigits(item: ImportItem, known: KnownFields | undefined, rewritten: UnreadableCell[]): ImportItem {
  if (known === undefined || !mayLackDigits(item)) return item
  const lead = { ...item.lead }
  restoreNumbers(lead, known, rewritten)
  return { ...item, lead }
}

function dropUnchangedCrmFields(crm_fields: CrmFields | undefined, known: CrmFields): CrmFields | undefined {
  if (!crm_fields) return undefined
  const news: CrmFields = { ...crm_fields }
  if (news.lead_status === known.lead_status) news.lead_status = null
  if (news.lead_score === known.lead_score) news.lead_score = null
  if (news.notes !== null && withLineFeeds(news.notes) === withLineFeeds(cleanNotes(known.notes ?? '')))
    news.notes = null
  return crmFields.every((field) => news[field] === null) ? undefined : news
}

/** Spreadsheets write one kind of line end for all. */
const withLineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n')

/** Returns the creation times of manual leads by id; the time tells them apart from leads of another database. */
async function findManualLeads(db: Db, rows: readonly LeadRow[]): Promise<Map<number, string>> {
  const ids = rows.flatMap(({ manual_key }) => manual_key?.id ?? [])
  const found = new Map<number, string>()
  for (const slice of chunkRows(db, ids, 1)) {
    const leads = await db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'created_at'])
      .where('id', 'in', slice)
      .where('external_id', 'is', null)
      .execute()
    for (const { id, created_at } of leads) found.set(id, created_at)
  }
  return found
}
