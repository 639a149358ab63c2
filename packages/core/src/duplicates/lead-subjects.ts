import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { findById, isOneOf, sliceIds } from '../database/find-by-id.ts'
import { createFeatureMemo, type DuplicateFeatures, type DuplicateSubject, toFeatures } from './features.ts'

export const SUBJECT_COLUMNS = [
  'id',
  'full_name',
  'first_name',
  'last_name',
  'email',
  'additional_emails',
  'phone',
  'additional_phones',
  'company_name',
  'company_domain',
  'street',
  'city',
  'state',
  'postal_code',
  'external_id',
] as const

type SubjectRow = Omit<DuplicateSubject, 'identities'> & { external_id: string | null }

/** Features of these leads, as far as they exist and are not deleted, in no order. */
export async function readFeatures(
  db: Db,
  ids: readonly number[],
  memo = createFeatureMemo(),
): Promise<DuplicateFeatures[]> {
  if (ids.length === 0) return []
  const [rows, identities] = await Promise.all([readRows(db, ids), readIdentities(db, ids)])
  return rows.map(({ external_id, ...row }) => {
    const stored = identities.get(row.id) ?? []
    return toFeatures({ ...row, identities: external_id === null ? stored : [external_id, ...stored] }, memo)
  })
}

async function readRows(db: Db, ids: readonly number[]): Promise<SubjectRow[]> {
  const columns = [...SUBJECT_COLUMNS, 'is_deleted'] as const
  const rows = await findById<SubjectRow & { is_deleted: boolean }>(
    db,
    { table: 'sales_leads', key: 'id', columns },
    ids,
  )
  return rows.filter(({ is_deleted }) => !is_deleted)
}

/** Identities that scoring compares: LinkedIn pages and places at Google. */
async function readIdentities(db: Db, ids: readonly number[]): Promise<Map<number, string[]>> {
  const rows: { identity: string; lead_id: number }[] = []
  const isCompared = sql<boolean>`(identity like 'linkedin%' or identity like 'google_cid:%')`
  if (db.engine.has_optimization_fence) {
    const found = await sql<{ identity: string; lead_id: number }>`select found.*
      from unnest(string_to_array(${ids.join(',')}::text, ',')::integer[]) as wanted(id)
      cross join lateral (
        select identity, lead_id from lead_identities where lead_id = wanted.id and ${isCompared} offset 0
      ) as found`.execute(db.kysely)
    rows.push(...found.rows)
  } else {
    for (const slice of sliceIds(db, ids)) {
      const found = await db.kysely
        .selectFrom('lead_identities')
        .select(['identity', 'lead_id'])
        .where(isOneOf(db, 'lead_id', slice))
        .where(isCompared)
        .execute()
      rows.push(...found)
    }
  }
  const byLead = new Map<number, string[]>()
  for (const { identity, lead_id } of rows) byLead.set(lead_id, [...(byLead.get(lead_id) ?? []), identity])
  return byLead
}
