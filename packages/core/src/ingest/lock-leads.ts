import type { Db } from '../database/engine.ts'
import { findById, lockById } from '../database/find-by-id.ts'
import { runTogether } from '../database/transaction.ts'
import type { Company } from '../model/company.ts'
import { crmFields, importedColumns, type LeadRow } from '../model/lead-columns.ts'
import { readFieldHashes } from './field-hashes.ts'
import type { LeadDraft } from './lead-draft.ts'
import type { Provenance } from './provenance.ts'
import { StaleLookupError } from './retry-on-conflict.ts'
import { toSourceRank } from './source-key.ts'
import { readHistories, readStoredHistories } from './source-states.ts'
import type { ExistingLead } from './statements/types.ts'

const lockedLeads = {
  table: 'sales_leads',
  key: 'id',
  columns: [
    'id',
    'import_hashes',
    'observed_at',
    'created_at',
    'actor_id',
    'provider_name',
    'is_deleted',
    'merged_into_id',
    ...importedColumns,
    ...crmFields,
  ],
} as const

type LockedLead = Pick<LeadRow, (typeof lockedLeads.columns)[number]>

/** Makes the draft of a lead. Called when its turn comes: most of a page's are then made while the server writes others. */
export type CreateDraft = () => LeadDraft

/**
 * Loads the current leads that may change and locks them until the transaction ends: a concurrent edit waits and is
 * applied to the merged row. Locks are acquired in the order of ids, before any insert. By the keys of `known`, in the
 * order of ids.
 */
export async function lockLeads(
  trx: Db,
  ids: readonly number[],
  known: ReadonlyMap<string, ExistingLead>,
  origin: Provenance,
): Promise<Map<string, CreateDraft>> {
  const keyOf = new Map([...known].map(([key, { id }]) => [id, key]))
  // What sources said is sent right behind the locks, so it is read under them.
  const [{ locked, companyKeys }, stored] = await runTogether(
    trx,
    async () => {
      const rows = await lockById<LockedLead>(trx, lockedLeads, ids)
      const company_ids = new Set(rows.flatMap(({ company_id }) => company_id ?? []))
      return { locked: rows, companyKeys: await findCompanyKeys(trx, [...company_ids]) }
    },
    () => readStoredHistories(trx, ids),
  )
  // The keeper has its items now.
  if (locked.some(({ merged_into_id }) => merged_into_id !== null)) throw new StaleLookupError()
  const rows = locked.filter(({ is_deleted }) => !is_deleted).sort((a, b) => a.id - b.id)
  const toHistory = await readHistories(trx, rows, toSourceRank(origin), stored)
  return new Map(
    rows.map((row) => [keyOf.get(row.id) as string, () => toDraft(row, companyKeys, toHistory(row))] as const),
  )
}

function toDraft(
  row: LockedLead,
  companyKeys: ReadonlyMap<number, readonly string[]>,
  history: LeadDraft['history'],
): LeadDraft {
  const { id, import_hashes, company_id, observed_at, created_at, ...columns } = row
  const {
    actor_id: _actor,
    provider_name: _provider,
    is_deleted: _deleted,
    merged_into_id: _keeper,
    ...fields
  } = columns
  const company_key = company_id === null ? null : chooseCompanyKey(companyKeys.get(company_id), import_hashes)
  return {
    id,
    stored: { ...fields, company_id },
    company_id,
    import_hashes,
    raw_data: null,
    observed_at: Date.parse(observed_at ?? created_at),
    history,
    source: null,
    changes: [],
    kept: { kept_newer: 0, kept_edited: 0 },
    isChanged: false,
    fields: { ...fields, company_key },
  }
}

/** The keys by which imports state these companies: their own first, then those of companies merged into them. */
async function findCompanyKeys(trx: Db, ids: readonly number[]): Promise<Map<number, string[]>> {
  const keys = new Map<number, string[]>()
  const columns = ['id', 'company_key', 'merged_into_id'] as const
  const find = (key: 'id' | 'merged_into_id') =>
    findById<Pick<Company, (typeof columns)[number]>>(trx, { table: 'companies', key, columns }, ids)
  const [own, merged] = await runTogether(
    trx,
    () => find('id'),
    () => find('merged_into_id'),
  )
  const add = (id: number, key: string): unknown => keys.set(id, [...(keys.get(id) ?? []), key])
  for (const { id, company_key } of own) add(id, company_key)
  for (const { merged_into_id, company_key } of merged) add(merged_into_id as number, company_key)
  return keys
}

/** The key that imports stated last of a lead's company; that of the company itself if a person chose it. */
function chooseCompanyKey(keys: readonly string[] | undefined, import_hashes: string | null): string | null {
  if (keys === undefined) return null
  if (keys.length === 1) return keys[0] ?? null
  const hashes = readFieldHashes(import_hashes)
  return keys.find((key) => hashes.isUntouched('company_key', key)) ?? keys[0] ?? null
}
