import type { Db } from '../database/engine.ts'
import { explainPair } from '../duplicates/explain-pair.ts'
import { companyPairs, leadPairs, type PairKind, toTypedKind } from '../duplicates/pair-kinds.ts'
import { decodeCursor, encodeCursor, listFingerprint } from '../lists/cursor.ts'
import { PAGE_ROWS_DEFAULT } from '../lists/definition.ts'
import type { CompanyDuplicate, CompanyPair } from '../model/company-duplicate.ts'
import type { DuplicatePair, DuplicateStatus, LeadDuplicate } from '../model/lead-duplicate.ts'

interface ListPairsInput {
  /** 0 to 1. */
  at_least?: number | undefined
  status?: DuplicateStatus | undefined
  limit?: number | undefined
  cursor?: string | undefined
  cursor_secret: string
}

export interface ListDuplicatesInput extends ListPairsInput {
  /** Only pairs of this lead. */
  lead_id?: number | undefined
}

export interface ListCompanyDuplicatesInput extends ListPairsInput {
  /** Only pairs of this company. */
  company_id?: number | undefined
}

interface PairPage<Pair> {
  data: Pair[]
  next_cursor: string | null
}
export type DuplicatePage = PairPage<DuplicatePair>

/** Pairs of leads that may be one, the most certain first. @throws Problem invalid_cursor */
export async function listDuplicates(db: Db, { lead_id, ...input }: ListDuplicatesInput): Promise<DuplicatePage> {
  const { rows, next_cursor } = await readPairs(db, leadPairs, 'duplicates', lead_id, input)
  return { data: rows.map(toDuplicatePair), next_cursor }
}

/** Pairs of companies that may be one, the most certain first. @throws Problem invalid_cursor */
export async function listCompanyDuplicates(
  db: Db,
  { company_id, ...input }: ListCompanyDuplicatesInput,
): Promise<PairPage<CompanyPair>> {
  const { rows, next_cursor } = await readPairs(db, companyPairs, 'company-duplicates', company_id, input)
  return { data: (rows as unknown as CompanyDuplicate[]).map(toCompanyPair), next_cursor }
}

async function readPairs(
  db: Db,
  kind: PairKind,
  list: string,
  id: number | undefined,
  { status = 'open', at_least = 0, limit = PAGE_ROWS_DEFAULT, cursor, cursor_secret }: ListPairsInput,
): Promise<{ rows: LeadDuplicate[]; next_cursor: string | null }> {
  const { pairs: table, a, b } = toTypedKind(kind)
  const fingerprint = listFingerprint([list, status, at_least, id ?? null])
  let query = db.kysely
    .selectFrom(table)
    .selectAll()
    .where('duplicate_status', '=', status)
    .where('certainty', '>=', Math.ceil(at_least * 1000))
  if (id !== undefined) query = query.where(({ eb, or }) => or([eb(a, '=', id), eb(b, '=', id)]))
  if (cursor !== undefined) {
    const after = decodeCursor(cursor_secret, fingerprint, cursor).map(Number) as [number, number, number]
    query = query.where(({ eb, or, and }) =>
      or([
        eb('certainty', '<', after[0]),
        and([eb('certainty', '=', after[0]), eb(a, '>', after[1])]),
        and([eb('certainty', '=', after[0]), eb(a, '=', after[1]), eb(b, '>', after[2])]),
      ]),
    )
  }
  const found = await query
    .orderBy('certainty', 'desc')
    .orderBy(a)
    .orderBy(b)
    .limit(limit + 1)
    .execute()
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const next_cursor =
    found.length > limit && last ? encodeCursor(cursor_secret, fingerprint, [last.certainty, last[a], last[b]]) : null
  return { rows, next_cursor }
}

/** A stored pair as it is shown: certainty from 0 to 1, reasons in words. */
export const toDuplicatePair = ({ certainty, reasons, ...pair }: LeadDuplicate): DuplicatePair => ({
  ...pair,
  certainty: certainty / 1000,
  reasons: explainPair(reasons),
})

export const toCompanyPair = ({ certainty, reasons, ...pair }: CompanyDuplicate): CompanyPair => ({
  ...pair,
  certainty: certainty / 1000,
  reasons: explainPair(reasons),
})
