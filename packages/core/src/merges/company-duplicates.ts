import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/engine.ts'
import { orUpdate } from '../database/upsert.ts'
import { explainPair } from '../duplicates/explain-pair.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { PAGE_ROWS_DEFAULT } from '../lists/definition.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { CompanyDuplicate, CompanyPair } from '../model/company-duplicate.ts'
import type { DuplicateStatus } from '../model/lead-duplicate.ts'
import { Problem } from '../problem.ts'

export interface ListCompanyDuplicatesInput {
  /** 0 to 1. */
  at_least?: number | undefined
  status?: DuplicateStatus | undefined
  /** Only pairs of this company. */
  company_id?: number | undefined
  limit?: number | undefined
  cursor?: string | undefined
  cursor_secret: string
}

/** Pairs of companies that may be one, the most certain first. @throws Problem invalid_cursor */
export async function listCompanyDuplicates(
  db: Db,
  input: ListCompanyDuplicatesInput,
): Promise<{ data: CompanyPair[]; next_cursor: string | null }> {
  const { status = 'open', at_least = 0, company_id, limit = PAGE_ROWS_DEFAULT, cursor, cursor_secret } = input
  const fingerprint = listFingerprint(['company-duplicates', status, at_least, company_id ?? null])
  let query = db.kysely
    .selectFrom('company_duplicates')
    .selectAll()
    .where('duplicate_status', '=', status)
    .where('certainty', '>=', Math.ceil(at_least * 1000))
  if (company_id !== undefined)
    query = query.where(({ eb, or }) => or([eb('company_a', '=', company_id), eb('company_b', '=', company_id)]))
  if (cursor !== undefined) {
    const [certainty, a, b] = decodeCursor(cursor_secret, fingerprint, cursor).map(Number) as [number, number, number]
    query = query.where(({ eb, or, and }) =>
      or([
        eb('certainty', '<', certainty),
        and([eb('certainty', '=', certainty), eb('company_a', '>', a)]),
        and([eb('certainty', '=', certainty), eb('company_a', '=', a), eb('company_b', '>', b)]),
      ]),
    )
  }
  const rows = await query
    .orderBy('certainty', 'desc')
    .orderBy('company_a')
    .orderBy('company_b')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next_cursor =
    rows.length > limit && last
      ? encodeCursor(cursor_secret, fingerprint, [last.certainty, last.company_a, last.company_b])
      : null
  return { data: page.map(toCompanyPair), next_cursor }
}

/** A stored pair as it is shown: certainty from 0 to 1, reasons in words. */
export function toCompanyPair({ certainty, reasons, ...pair }: CompanyDuplicate): CompanyPair {
  return { ...pair, certainty: certainty / 1000, reasons: explainPair(reasons) }
}

/** The lower id first. @throws Problem validation_failed for one company named twice */
export function toCompanyIds(one: number, other: number): [number, number] {
  if (one === other) throw new Problem('validation_failed', `Name two companies: company ${one} was named twice.`)
  return one < other ? [one, other] : [other, one]
}

/**
 * Notes that two companies are not one. The pair is not listed again.
 * @throws Problem not_found, conflict for a pair that was merged
 */
export async function dismissCompanyPair(db: Db, one: number, other: number, by: ChangeAuthor): Promise<CompanyPair> {
  const [company_a, company_b] = toCompanyIds(one, other)
  return withTransaction(db, async (trx) => {
    const found = await trx.kysely.selectFrom('companies').select('id').where('id', 'in', [one, other]).execute()
    for (const id of [company_a, company_b])
      if (!found.some((company) => company.id === id)) throw new Problem('not_found', `Company ${id} does not exist.`)
    const stored = await readCompanyPair(trx, company_a, company_b)
    if (stored?.duplicate_status === 'merged')
      throw new Problem('conflict', `Companies ${company_a} and ${company_b} were merged; undo the merge first.`)
    if (stored?.duplicate_status !== 'dismissed') await decideCompanyPair(trx, company_a, company_b, 'dismissed', by)
    return toCompanyPair((await readCompanyPair(trx, company_a, company_b)) as CompanyDuplicate)
  })
}

export const readCompanyPair = (db: Db, company_a: number, company_b: number) =>
  db.kysely
    .selectFrom('company_duplicates')
    .selectAll()
    .where('company_a', '=', company_a)
    .where('company_b', '=', company_b)
    .executeTakeFirst()

/** Stores what was decided of a pair, also of one that was never listed. */
export async function decideCompanyPair(
  trx: Db,
  one: number,
  other: number,
  duplicate_status: DuplicateStatus,
  by: Pick<ChangeAuthor, 'actor' | 'at'>,
): Promise<void> {
  const [company_a, company_b] = toCompanyIds(one, other)
  const insert = trx.kysely.insertInto('company_duplicates').values({
    company_a,
    company_b,
    certainty: 0,
    is_certain: false,
    reasons: {},
    duplicate_status,
    checked_at: by.at,
    decided_at: by.at,
    decided_by: by.actor,
  })
  await orUpdate(trx, insert, ['company_a', 'company_b'], (incoming) => ({
    duplicate_status: incoming('duplicate_status'),
    decided_at: incoming('decided_at'),
    decided_by: incoming('decided_by'),
  })).execute()
}
