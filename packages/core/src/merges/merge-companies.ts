import { sql } from 'kysely'
import { toMergedCompanyProblem } from '../companies/get-company.ts'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import { companyPairs } from '../duplicates/pair-kinds.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Company } from '../model/company.ts'
import { backfillColumns, companyColumns } from '../model/company-columns.ts'
import type { Json } from '../model/fields.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { Problem } from '../problem.ts'
import { decidePair, toPairIds } from './dismiss-duplicate.ts'
import { inTransaction } from './in-transaction.ts'

export interface CompanyMergeResult {
  keeper_id: number
  merged_id: number
  changed_fields: ChangedFields
  /** Leads that belong to the keeper now. */
  moved_leads: number
}

const columns = Object.keys(companyColumns) as (keyof Company)[]
const TAGS_MAX = 100

/** Columns that a merge can take from the other company. */
export const choosableCompanyFields = ['name', ...backfillColumns] as const
export type ChoosableCompanyField = (typeof choosableCompanyFields)[number]

/**
 * Merges one company into another, in one transaction. The keeper's values stay and its empty columns are filled; its
 * leads are joined; the other row stays as it is, deleted, with `merged_into_id`, so that imports that state its key reach
 * the keeper. Chosen columns have the value of the merged company.
 * @throws Problem not_found, gone, merged, validation_failed
 */
export async function mergeCompanies(
  db: Db,
  keeper_id: number,
  merged_id: number,
  by: ChangeAuthor,
  fields_from_merged: readonly ChoosableCompanyField[] = [],
): Promise<CompanyMergeResult> {
  toPairIds(companyPairs, keeper_id, merged_id)
  return inTransaction(db, async (trx) => {
    const [keeper, merged] = await lockCompanies(trx, [keeper_id, merged_id])
    for (const company of [keeper, merged]) assertMergeable(company)
    const changed_fields = combineCompanies(keeper, merged, fields_from_merged)
    await writeCompany(trx, keeper, toValues(changed_fields, 'new'), by)
    const deletion = { is_deleted: true, deleted_at: by.at, deleted_by: by.actor }
    await writeCompany(trx, merged, { ...deletion, merged_into_id: keeper_id }, by)
    // What was merged into this company before now stands behind the new keeper.
    await trx.kysely
      .updateTable('companies')
      .set({ merged_into_id: keeper_id })
      .where('merged_into_id', '=', merged_id)
      .execute()
    const lead_ids = await moveLeads(trx, await readLeadIds(trx, merged_id), merged_id, keeper_id, by)
    await trx.kysely
      .insertInto('company_merges')
      .values({
        keeper_id,
        merged_id,
        changed_fields,
        moved_lead_ids: JSON.stringify(lead_ids) as never,
        merged_at: by.at,
        merged_by: by.actor,
      })
      .execute()
    await deleteOpenPairs(trx, merged_id)
    await decidePair(trx, companyPairs, keeper_id, merged_id, 'merged', by)
    return { keeper_id, merged_id, changed_fields, moved_leads: lead_ids.length }
  })
}

/** Both companies, locked in the order of their ids. @throws Problem not_found */
export async function lockCompanies(trx: Db, ids: readonly [number, number]): Promise<[Company, Company]> {
  const query = trx.kysely.selectFrom('companies').select(columns).where('id', 'in', ids).orderBy('id')
  const rows = (await selectForUpdate(trx, query)) as Company[]
  return ids.map((id) => {
    const company = rows.find((row) => row.id === id)
    if (company === undefined) throw new Problem('not_found', `Company ${id} does not exist.`)
    return company
  }) as [Company, Company]
}

function assertMergeable({ id, merged_into_id, is_deleted }: Company): void {
  if (merged_into_id !== null) throw toMergedCompanyProblem(id, merged_into_id)
  if (is_deleted) throw new Problem('gone', `Company ${id} was deleted. POST /companies/${id}/restore restores it.`)
}

function combineCompanies(keeper: Company, merged: Company, chosen: readonly ChoosableCompanyField[]): ChangedFields {
  const changes: ChangedFields = {}
  for (const column of choosableCompanyFields) {
    const value = merged[column]
    const isTaken = keeper[column] === null || chosen.includes(column)
    if (isTaken && value !== null && value !== keeper[column]) changes[column] = { old: keeper[column], new: value }
  }
  const tags = [...new Set([...keeper.tags, ...merged.tags])].slice(0, Math.max(keeper.tags.length, TAGS_MAX))
  if (tags.length > keeper.tags.length) changes.tags = { old: keeper.tags, new: tags }
  return changes
}

export const toValues = (changes: ChangedFields, side: 'old' | 'new'): Record<string, Json> =>
  Object.fromEntries(Object.entries(changes).map(([field, change]) => [field, change[side] as Json]))

export async function writeCompany(
  trx: Db,
  company: Company,
  values: Record<string, unknown>,
  by: ChangeAuthor,
): Promise<void> {
  await trx.kysely
    .updateTable('companies')
    .set({ ...values, version: company.version + 1, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', company.id)
    .execute()
}

async function readLeadIds(trx: Db, company_id: number): Promise<number[]> {
  const query = trx.kysely.selectFrom('sales_leads').select('id').where('company_id', '=', company_id).orderBy('id')
  return (await query.execute()).map(({ id }) => id)
}

/**
 * Gives leads another company, with an event each, and returns their ids. Those that have another one by now are left
 * alone: the lock comes first, so that none gets an event of a move that a person's edit has prevented.
 */
export async function moveLeads(
  trx: Db,
  lead_ids: readonly number[],
  from: number,
  to: number,
  by: ChangeAuthor,
): Promise<number[]> {
  const moved: number[] = []
  for (const slice of chunkRows(trx, lead_ids, 12)) {
    const query = trx.kysely.selectFrom('sales_leads').select('id').where('id', 'in', slice)
    const locked = await selectForUpdate(trx, query.where('company_id', '=', from).orderBy('id'))
    const ids = locked.map(({ id }) => id)
    if (ids.length === 0) continue
    moved.push(...ids)
    const changed_fields = JSON.stringify({ company_id: { old: from, new: to } })
    await sql`insert into lead_events (lead_id, event_type, event_name, changed_fields, event_source, event_timestamp, actor,
        created_at, updated_at, created_by, updated_by)
      select id, 'updated', 'Company merged', ${changed_fields}, ${by.event_source}, ${by.at}, ${by.actor},
        ${by.at}, ${by.at}, ${by.actor}, ${by.actor}
      from sales_leads where id in (${sql.join(ids)}) order by id`.execute(trx.kysely)
    await trx.kysely
      .updateTable('sales_leads')
      .set(({ eb }) => ({
        company_id: to,
        version: eb('version', '+', 1),
        updated_at: by.at,
        updated_by: by.actor,
      }))
      .where('id', 'in', ids)
      .execute()
  }
  return moved
}

/** Pairs with a company that is gone are no candidates any more. */
async function deleteOpenPairs(trx: Db, company_id: number): Promise<void> {
  for (const column of ['company_a', 'company_b'] as const)
    await trx.kysely
      .deleteFrom('company_duplicates')
      .where(column, '=', company_id)
      .where('duplicate_status', '=', 'open')
      .execute()
}

const STRAY_LEADS_PER_BATCH = 1000

/** Moves leads that an import gave a company while it was being merged. Returns how many there were. */
export async function moveStrayLeads(db: Db, by: ChangeAuthor): Promise<number> {
  let moved = 0
  for (;;) {
    const found = await db.kysely
      .selectFrom('companies')
      .innerJoin('sales_leads', 'sales_leads.company_id', 'companies.id')
      .select(['sales_leads.id', 'companies.id as from', 'companies.merged_into_id as to'])
      .where('companies.merged_into_id', 'is not', null)
      .limit(STRAY_LEADS_PER_BATCH)
      .execute()
    for (const [from, leads] of Map.groupBy(found, (lead) => lead.from)) {
      const ids = leads.map(({ id }) => id).sort((a, b) => a - b)
      const to = leads[0]?.to as number
      moved += (await withTransaction(db, (trx) => moveLeads(trx, ids, from, to, by))).length
    }
    if (found.length < STRAY_LEADS_PER_BATCH) return moved
  }
}
