import type { Database } from '@leads/core/database/engine'
import { withTransaction } from '@leads/core/database/transaction'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { applyItems, findExistingRows } from '@leads/core/ingest/apply-items'
import { backfillIdentities } from '@leads/core/ingest/backfill-identities'
import type { Provenance } from '@leads/core/ingest/provenance'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { mergeCompanies } from '@leads/core/merges/merge-companies'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'

/**
 * What merges leads and companies and finds duplicates, as works that a fault test interrupts, with the state that each
 * of them changes.
 */
const map = createMapper()
const at = new Date('2026-05-01T09:00:00.000Z')
export const by = { actor: 'tester', event_source: 'api', at } as const
const origin: Provenance = {
  source: 'import',
  source_name: null,
  provider_name: 'import',
  actor_id: null,
  actor_name: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: 'batch1',
  scrape_params: null,
  actor: 'sync',
  at,
}

/** Two leads of one person, and the company of each. */
export interface MergePair {
  leads: [number, number]
  companies: [number, number]
}

/** Maps and imports items as a file does. */
export async function ingest(db: Database, items: readonly Record<string, unknown>[]): Promise<void> {
  const prepared = items.map((item) => {
    const mapped = map(item)
    if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
    return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(item) }
  })
  const rows = await findExistingRows(db, prepared, origin)
  await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
}

let count = 0

/** Two leads of one person, each with an address and a company. */
export async function seedPair(db: Database): Promise<MergePair> {
  count += 1
  const person = { firstName: 'Mirela', lastName: `Stoica${'abcdefghij'[count % 10]}${count}` }
  const site = `stoica-${count}`
  await ingest(db, [
    { ...person, email: `mirela${count}@post.example`, companyName: 'Stoica', companyWebsite: `https://${site}.ro` },
    { ...person, email: `ms${count}@neu.example`, phone: '+40 21 555 0101', companyWebsite: `https://${site}.com` },
  ])
  const rows = await db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'company_id'])
    .where('email', 'in', [`mirela${count}@post.example`, `ms${count}@neu.example`])
    .orderBy('email')
    .execute()
  const [one, other] = rows
  if (!one?.company_id || !other?.company_id) throw new Error('Both leads need a company.')
  return { leads: [one.id, other.id], companies: [one.company_id, other.company_id] }
}

/** What a merge touches, with the leads and companies of a pair as `a` and `b`. */
export async function readState(db: Database, { leads, companies }: MergePair): Promise<string> {
  const leadName = (id: number | null) => (id === null ? null : 'ab'[leads.indexOf(id)])
  const companyName = (id: number | null) => (id === null ? null : 'ab'[companies.indexOf(id)])
  const rows = await db.kysely.selectFrom('sales_leads').selectAll().where('id', 'in', leads).orderBy('id').execute()
  const identities = await db.kysely
    .selectFrom('lead_identities')
    .select(['identity', 'lead_id'])
    .where('lead_id', 'in', leads)
    .execute()
  const merges = await db.kysely.selectFrom('lead_merges').select('undone_at').where('keeper_id', 'in', leads).execute()
  const events = await db.kysely
    .selectFrom('lead_events')
    .select(['lead_id', 'event_type'])
    .where('lead_id', 'in', leads)
    .orderBy('id')
    .execute()
  const states = await db.kysely
    .selectFrom('lead_source_states')
    .select(['lead_id', 'source_key'])
    .where('lead_id', 'in', leads)
    .execute()
  const pairs = await db.kysely
    .selectFrom('lead_duplicates')
    .select('duplicate_status')
    .where('lead_a', 'in', leads)
    .execute()
  const firms = await db.kysely.selectFrom('companies').selectAll().where('id', 'in', companies).orderBy('id').execute()
  return JSON.stringify({
    leads: rows.map((lead) => [
      lead.is_deleted,
      leadName(lead.merged_into_id),
      lead.phone,
      lead.additional_emails.length,
      companyName(lead.company_id),
      lead.version,
    ]),
    identities: identities.map(({ lead_id }) => leadName(lead_id)).sort(),
    merges: merges.map(({ undone_at }) => undone_at !== null),
    events: events.map(({ lead_id, event_type }) => [leadName(lead_id), event_type]).sort(),
    states: states.map(({ lead_id }) => leadName(lead_id)).sort(),
    pairs,
    companies: firms.map((firm) => [firm.is_deleted, companyName(firm.merged_into_id), firm.version]),
  })
}

export const mergeWorks: Record<
  string,
  {
    prepare?: (db: Database, pair: MergePair) => Promise<unknown>
    run: (db: Database, pair: MergePair) => Promise<unknown>
  }
> = {
  merge: { run: (db, { leads }) => mergeLeads(db, leads[0], leads[1], by) },
  'merge undone': {
    prepare: (db, { leads }) => mergeLeads(db, leads[0], leads[1], by),
    run: (db, { leads }) => unmergeLead(db, leads[1], by),
  },
  'merge of companies': { run: (db, { companies }) => mergeCompanies(db, companies[0], companies[1], by) },
  'merge of companies undone': {
    prepare: (db, { companies }) => mergeCompanies(db, companies[0], companies[1], by),
    run: (db, { companies }) => unmergeCompany(db, companies[1], by),
  },
}

/** What a pass finds. */
export async function readFound(db: Database) {
  const pairs = await db.kysely
    .selectFrom('lead_duplicates')
    .select(['lead_a', 'lead_b', 'certainty', 'duplicate_status'])
    .orderBy('lead_a')
    .orderBy('lead_b')
    .execute()
  const identities = await db.kysely
    .selectFrom('lead_identities')
    .select(['identity', 'lead_id'])
    .orderBy('identity')
    .execute()
  return { pairs, identities }
}

const now = () => new Date()

type PassTable = 'lead_duplicates' | 'lead_match_keys' | 'lead_identities'

export const passes: Record<string, { reset: readonly PassTable[]; run: (db: Database) => Promise<unknown> }> = {
  'pass over changed leads': {
    reset: ['lead_duplicates', 'lead_match_keys'],
    run: (db) => findDuplicates({ db, log: noopLog, now }),
  },
  'full pass': {
    reset: ['lead_duplicates', 'lead_match_keys'],
    run: (db) => findAllDuplicates({ db, log: noopLog, now }),
  },
  'backfill of identities': { reset: ['lead_identities'], run: (db) => backfillIdentities({ db, now }) },
}

/** Empties what the pass fills, so that it begins at the beginning. */
export async function resetPass(db: Database, reset: readonly PassTable[]): Promise<void> {
  for (const table of [...reset, 'task_states'] as const) await db.kysely.deleteFrom(table).execute()
}
