import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { isOneOf, sliceIds } from '../database/find-by-id.ts'
import { orIgnore } from '../database/upsert.ts'
import { MATCH_KEY_LEADS_MAX } from './match-keys.ts'

export interface LeadKeys {
  lead_id: number
  keys: readonly number[]
}

/** Stores the keys of leads in place of those that they had. `lead_ids` are all leads, also those without keys now. */
export async function replaceMatchKeys(
  trx: Db,
  lead_ids: readonly number[],
  leads: readonly LeadKeys[],
): Promise<void> {
  for (const slice of sliceIds(trx, lead_ids)) {
    await trx.kysely
      .deleteFrom('lead_match_keys')
      .where(isOneOf(trx, 'lead_id', slice))
      .execute()
  }
  const rows = leads
    .flatMap(({ lead_id, keys }) => keys.map((match_key) => ({ match_key, lead_id })))
    .sort((a, b) => a.match_key - b.match_key || a.lead_id - b.lead_id)
  if (rows.length === 0) return
  if (trx.engine.has_optimization_fence) {
    await sql`insert into lead_match_keys (match_key, lead_id)
      select * from unnest(
        string_to_array(${rows.map(({ match_key }) => match_key).join(',')}::text, ',')::bigint[],
        string_to_array(${rows.map(({ lead_id }) => lead_id).join(',')}::text, ',')::integer[]
      ) on conflict do nothing`.execute(trx.kysely)
    return
  }
  for (const chunk of chunkRows(trx, rows, 2)) {
    const insert = trx.kysely.insertInto('lead_match_keys').values([...chunk])
    await orIgnore(trx, insert, ['match_key', 'lead_id']).execute()
  }
}

export interface KeyMembers {
  /** Key → leads that have it; keys of too many leads are left out. */
  members: Map<number, number[]>
  /** Key → how many leads have it, for keys of which that matters. */
  counts: Map<number, number>
}

/** Beyond this, the count of a key changes nothing any more. */
const COUNTED_LEADS_MAX = 640

/** Who has these keys: at most one lead more than the limit is read per key. */
export async function findKeyMembers(db: Db, keys: readonly number[]): Promise<KeyMembers> {
  const members = new Map<number, number[]>()
  for (const { match_key, lead_id } of await readMembers(db, keys)) {
    const leads = members.get(match_key)
    if (leads) leads.push(lead_id)
    else members.set(match_key, [lead_id])
  }
  const counts = new Map<number, number>()
  const crowded: number[] = []
  for (const [key, leads] of members) {
    if (leads.length > MATCH_KEY_LEADS_MAX) crowded.push(key)
    else counts.set(key, leads.length)
  }
  for (const key of crowded) members.delete(key)
  for (const [key, count] of await countMembers(db, crowded)) counts.set(key, count)
  return { members, counts }
}

interface MemberRow {
  match_key: number
  lead_id: number
}

async function readMembers(db: Db, keys: readonly number[]): Promise<MemberRow[]> {
  const limit = MATCH_KEY_LEADS_MAX + 1
  if (db.engine.has_optimization_fence) {
    const { rows } = await sql<MemberRow>`select found.*
      from unnest(string_to_array(${keys.join(',')}::text, ',')::bigint[]) as wanted(key)
      cross join lateral (
        select match_key, lead_id from lead_match_keys where match_key = wanted.key limit ${limit}
      ) as found`.execute(db.kysely)
    return rows
  }
  const found: MemberRow[] = []
  for (const chunk of chunkRows(db, keys, 1)) {
    const { rows } = await sql<MemberRow>`select match_key, lead_id from (
        select match_key, lead_id, row_number() over (partition by match_key order by lead_id) as nth
        from lead_match_keys where match_key in (${sql.join(chunk)})
      ) as ranked where nth <= ${limit}`.execute(db.kysely)
    found.push(...rows)
  }
  return found
}

async function countMembers(db: Db, keys: readonly number[]): Promise<Map<number, number>> {
  if (keys.length === 0) return new Map()
  if (db.engine.has_optimization_fence) {
    const { rows } = await sql<{ key: number; n: number }>`select wanted.key, counted.n
      from unnest(string_to_array(${keys.join(',')}::text, ',')::bigint[]) as wanted(key)
      cross join lateral (
        select count(*) as n from (
          select 1 from lead_match_keys where match_key = wanted.key limit ${COUNTED_LEADS_MAX}
        ) as members
      ) as counted`.execute(db.kysely)
    return new Map(rows.map(({ key, n }) => [Number(key), Number(n)]))
  }
  const counts = new Map<number, number>()
  for (const key of keys) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from (
        select 1 from lead_match_keys where match_key = ${key} limit ${COUNTED_LEADS_MAX}
      ) as counted`.execute(db.kysely)
    counts.set(key, Number(rows[0]?.n ?? 0))
  }
  return counts
}
