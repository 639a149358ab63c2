import { type RawBuilder, sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findById, isOneOf, sliceIds } from '../database/find-by-id.ts'
import { orIgnore } from '../database/upsert.ts'
import { MATCH_KEY_LEADS_MAX } from './match-keys.ts'

export interface LeadKeys {
  lead_id: number
  keys: readonly number[]
}

/**
 * Stores the keys of leads in place of those that they had. `lead_ids` are all leads, also those without keys now. Most
 * changes of a lead leave its keys as they are: these cost a read only.
 */
export async function replaceMatchKeys(
  trx: Db,
  lead_ids: readonly number[],
  leads: readonly LeadKeys[],
): Promise<void> {
  const stored = await readKeysOf(trx, lead_ids)
  const wanted = new Map(leads.map(({ lead_id, keys }) => [lead_id, keys]))
  const outdated = lead_ids.filter((id) => !isSameSet(stored.get(id) ?? NO_KEYS, wanted.get(id) ?? []))
  for (const slice of sliceIds(
    trx,
    outdated.filter((id) => stored.has(id)),
  )) {
    await trx.kysely
      .deleteFrom('lead_match_keys')
      .where(isOneOf(trx, 'lead_id', slice))
      .execute()
  }
  await insertKeys(
    trx,
    outdated.map((lead_id) => ({ lead_id, keys: wanted.get(lead_id) ?? [] })),
  )
}

const NO_KEYS: ReadonlySet<number> = new Set()

const isSameSet = (stored: ReadonlySet<number>, keys: readonly number[]): boolean =>
  stored.size === keys.length && keys.every((key) => stored.has(key))

async function readKeysOf(trx: Db, lead_ids: readonly number[]): Promise<Map<number, Set<number>>> {
  const stored = new Map<number, Set<number>>()
  const find = { table: 'lead_match_keys', key: 'lead_id', columns: ['lead_id', 'match_key'] } as const
  for (const { lead_id, match_key } of await findById<MemberRow>(trx, find, lead_ids)) {
    const keys = stored.get(lead_id)
    if (keys) keys.add(match_key)
    else stored.set(lead_id, new Set([match_key]))
  }
  return stored
}

async function insertKeys(trx: Db, leads: readonly LeadKeys[]): Promise<void> {
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

/** Beyond this, the count of a key changes nothing any more. */
const COUNTED_LEADS_MAX = 640

/** Key → leads that have it; keys of too many leads are left out. */
export async function findKeyMembers(db: Db, keys: readonly number[]): Promise<Map<number, number[]>> {
  const members = new Map<number, number[]>()
  for (const { match_key, lead_ids } of await readMembers(db, keys))
    if (lead_ids.length <= MATCH_KEY_LEADS_MAX) members.set(match_key, lead_ids)
  return members
}

interface Members {
  match_key: number
  lead_ids: number[]
}

/** Each key as a row `wanted`, whose value is one look-up for a sub-query; null where an engine has no such lists. */
function toWantedKeys(db: Db, keys: readonly number[]): RawBuilder<unknown> | null {
  if (db.engine.has_optimization_fence)
    return sql`unnest(string_to_array(${keys.join(',')}::text, ',')::bigint[]) as wanted(value)`
  return db.engine.has_json_lists ? sql`json_each(${JSON.stringify(keys)}) as wanted` : null
}

/** One row per key: a page of leads has 7,000 keys with 25,000 members. */
async function readMembers(db: Db, keys: readonly number[]): Promise<Members[]> {
  const limit = MATCH_KEY_LEADS_MAX + 1
  const wanted = toWantedKeys(db, keys)
  if (wanted !== null) {
    const ids = db.engine.has_json_lists ? sql`group_concat(lead_id)` : sql`string_agg(lead_id::text, ',')`
    const { rows } = await sql<{ match_key: number; lead_ids: string | null }>`select wanted.value as match_key, (
        select ${ids} from (
          select lead_id from lead_match_keys where match_key = wanted.value limit ${limit}
        ) as members
      ) as lead_ids from ${wanted}`.execute(db.kysely)
    return rows.flatMap(({ match_key, lead_ids }) =>
      lead_ids === null ? [] : [{ match_key, lead_ids: lead_ids.split(',').map(Number) }],
    )
  }
  const found = new Map<number, Members>()
  for (const chunk of chunkRows(db, keys, 1)) {
    const { rows } = await sql<MemberRow>`select match_key, lead_id from (
        select match_key, lead_id, row_number() over (partition by match_key order by lead_id) as nth
        from lead_match_keys where match_key in (${sql.join(chunk)})
      ) as ranked where nth <= ${limit}`.execute(db.kysely)
    for (const { match_key, lead_id } of rows) {
      const members = found.get(match_key)
      if (members) members.lead_ids.push(lead_id)
      else found.set(match_key, { match_key, lead_ids: [lead_id] })
    }
  }
  return [...found.values()]
}

interface MemberRow {
  match_key: number
  lead_id: number
}

/** Key → how many leads have it, for keys whose count matters to a score. */
export async function countKeyMembers(db: Db, keys: readonly number[]): Promise<Map<number, number>> {
  if (keys.length === 0) return new Map()
  const wanted = toWantedKeys(db, keys)
  if (wanted !== null) {
    const { rows } = await sql<{ key: number; n: number }>`select wanted.value as key, (
        select count(*) from (
          select 1 from lead_match_keys where match_key = wanted.value limit ${COUNTED_LEADS_MAX}
        ) as members
      ) as n from ${wanted}`.execute(db.kysely)
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
