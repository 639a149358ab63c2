import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import { readTaskState, writeTaskState } from '../database/task-state.ts'
import { withTransaction } from '../database/transaction.ts'
import { orIgnore } from '../database/upsert.ts'
import { type ChangedPosition, toSettledPosition } from './changed-leads.ts'
import {
  buildCompanyMatchKeys,
  COMPANY_KEY_VERSION,
  type CompanyFeatures,
  type ComparedCompany,
  comparedCompanyColumns,
  scoreCompanyPair,
  toCompanyFeatures,
} from './compare-companies.ts'
import type { FindDuplicatesOptions } from './find-duplicates.ts'
import { MATCH_KEY_LEADS_MAX } from './match-keys.ts'
import { companyPairs } from './pair-kinds.ts'
import { deleteStalePairs, type FoundPair, upsertPairs } from './pair-rows.ts'
import { LISTED_CERTAINTY_MIN } from './weights.ts'

export interface FindCompanyDuplicatesResult {
  companies_read: number
  /** Pairs that are more likely than not one company. */
  company_pairs_found: number
  is_finished: boolean
}

const COMPANIES_PER_PAGE = 1000
const CHANGED_STATE = `company-duplicates:changed:${COMPANY_KEY_VERSION}`
const BEGINNING: ChangedPosition = { updated_at: '1970-01-01T00:00:00.000Z', id: 0 }

export interface FindCompanyDuplicatesOptions extends Pick<FindDuplicatesOptions, 'db' | 'log' | 'now' | 'isStopped'> {
  /** Compares all companies, not only those that changed. */
  is_all?: boolean
}

/**
 * Compares each company that changed since the last call with the companies that share a match key, and lists the pairs
 * that may be one. Page by page; a stop at any moment loses nothing.
 */
export async function findCompanyDuplicates(
  options: FindCompanyDuplicatesOptions,
): Promise<FindCompanyDuplicatesResult> {
  const { db, now, isStopped } = options
  const result: FindCompanyDuplicatesResult = { companies_read: 0, company_pairs_found: 0, is_finished: true }
  const stored = options.is_all ? undefined : await readTaskState(db, CHANGED_STATE)
  let position = (stored as ChangedPosition | undefined) ?? BEGINNING
  for (;;) {
    if (isStopped?.()) return { ...result, is_finished: false }
    const companies = await readChangedCompanies(db, position)
    const last = companies.at(-1)
    if (last === undefined) break
    position = { updated_at: last.updated_at, id: last.id }
    result.company_pairs_found += await checkPage(db, companies, now(), position)
    result.companies_read += companies.length
    if (companies.length < COMPANIES_PER_PAGE) break
  }
  if (result.companies_read > 0) options.log.info('Duplicate companies checked', { ...result })
  return result
}

interface ChangedCompany extends ComparedCompany {
  updated_at: string
  is_deleted: boolean
}

/** The next companies that changed, deleted ones too. */
async function readChangedCompanies(db: Db, after: ChangedPosition): Promise<ChangedCompany[]> {
  const time = new Date(after.updated_at)
  const seek = db.engine.has_row_comparison
    ? sql<boolean>`(updated_at, id) > (${time}, ${after.id})`
    : sql<boolean>`(updated_at >= ${time} and (updated_at > ${time} or id > ${after.id}))`
  return db.kysely
    .selectFrom('companies')
    .select([...comparedCompanyColumns, 'updated_at', 'is_deleted'])
    .where(seek)
    .orderBy('updated_at')
    .orderBy('id')
    .limit(COMPANIES_PER_PAGE)
    .execute()
}

async function checkPage(
  db: Db,
  companies: readonly ChangedCompany[],
  checked_at: Date,
  position: ChangedPosition,
): Promise<number> {
  const ids = companies.map(({ id }) => id)
  const changed = companies.filter(({ is_deleted }) => !is_deleted).map(toCompanyFeatures)
  const keys = new Map(changed.map((company) => [company.company_id, buildCompanyMatchKeys(company)]))
  await withTransaction(db, (trx) => replaceKeys(trx, ids, keys))
  const pairs = await scorePartners(db, changed, keys)
  const settled = await toSettledPosition(db, position, checked_at)
  await withTransaction(db, async (trx) => {
    await upsertPairs(trx, companyPairs, pairs, checked_at)
    await deleteStalePairs(trx, companyPairs, ids, checked_at)
    await writeTaskState(trx, CHANGED_STATE, { ...settled }, checked_at)
  })
  return pairs.length
}

async function replaceKeys(
  trx: Db,
  ids: readonly number[],
  keys: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  for (const chunk of chunkRows(trx, ids, 1))
    await trx.kysely.deleteFrom('company_match_keys').where('company_id', 'in', chunk).execute()
  const rows = [...keys].flatMap(([company_id, own]) => own.map((match_key) => ({ match_key, company_id })))
  rows.sort((a, b) => a.match_key - b.match_key || a.company_id - b.company_id)
  for (const chunk of chunkRows(trx, rows, 2)) {
    const insert = trx.kysely.insertInto('company_match_keys').values([...chunk])
    await orIgnore(trx, insert, ['match_key', 'company_id']).execute()
  }
}

/** Scores each changed company with every company that shares a key with it. */
async function scorePartners(
  db: Db,
  changed: readonly CompanyFeatures[],
  keys: ReadonlyMap<number, readonly number[]>,
): Promise<FoundPair[]> {
  const members = await findMembers(db, [...new Set([...keys.values()].flat())])
  const known = new Map(changed.map((company) => [company.company_id, company]))
  const missing = [...new Set([...members.values()].flat())].filter((id) => !known.has(id))
  for (const company of await readFeatures(db, missing)) known.set(company.company_id, company)
  const pairs = new Map<string, FoundPair>()
  for (const company of changed) {
    for (const other_id of (keys.get(company.company_id) ?? []).flatMap((key) => members.get(key) ?? [])) {
      const other = known.get(other_id)
      if (other === undefined || other_id === company.company_id) continue
      const [a, b] = company.company_id < other_id ? [company, other] : [other, company]
      const pair = `${a.company_id} ${b.company_id}`
      if (pairs.has(pair)) continue
      const score = scoreCompanyPair(a, b)
      if (score.certainty >= LISTED_CERTAINTY_MIN) pairs.set(pair, { a: a.company_id, b: b.company_id, score })
    }
  }
  return [...pairs.values()]
}

async function readFeatures(db: Db, ids: readonly number[]): Promise<CompanyFeatures[]> {
  const columns = [...comparedCompanyColumns, 'is_deleted'] as const
  const rows = await findById<ComparedCompany & { is_deleted: boolean }>(
    db,
    { table: 'companies', key: 'id', columns },
    ids,
  )
  return rows.filter(({ is_deleted }) => !is_deleted).map(toCompanyFeatures)
}

/** Key → companies that have it. A key of too many companies is left out: a common name tells nothing. */
async function findMembers(db: Db, keys: readonly number[]): Promise<Map<number, number[]>> {
  const members = new Map<number, number[]>()
  for (const chunk of chunkRows(db, keys, 1)) {
    const { rows } = await sql<{ match_key: number; company_id: number }>`select match_key, company_id from (
        select match_key, company_id, row_number() over (partition by match_key order by company_id) as nth
        from company_match_keys where match_key in (${sql.join(chunk)})
      ) as ranked where nth <= ${MATCH_KEY_LEADS_MAX + 1}`.execute(db.kysely)
    for (const { match_key, company_id } of rows) {
      const key = Number(match_key)
      members.set(key, [...(members.get(key) ?? []), company_id])
    }
  }
  for (const [key, companies] of members) if (companies.length > MATCH_KEY_LEADS_MAX) members.delete(key)
  return members
}
