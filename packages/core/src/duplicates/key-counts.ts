import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { MATCH_KEY_LEADS_MAX } from './match-keys.ts'
import { SWITCHBOARD_LEADS_MIN } from './weights.ts'

const KEYS_PER_READ = 50_000

/** How many leads have a key, for all keys that enough leads have; ten bytes per key. */
export interface KeyCounts {
  count(key: number): number
  isCrowded(key: number): boolean
}

export async function readKeyCounts(db: Db): Promise<KeyCounts> {
  let size = 1024
  let keys = new Float64Array(size)
  let counts = new Uint32Array(size)
  let length = 0
  let after = -1
  for (;;) {
    const { rows } = await sql<{ match_key: number; n: number }>`select match_key, count(*) as n
      from lead_match_keys where match_key > ${after}
      group by match_key having count(*) >= ${SWITCHBOARD_LEADS_MIN}
      order by match_key limit ${KEYS_PER_READ}`.execute(db.kysely)
    for (const { match_key, n } of rows) {
      if (length === size) {
        size *= 2
        keys = copyInto(new Float64Array(size), keys)
        counts = copyInto(new Uint32Array(size), counts)
      }
      keys[length] = match_key
      counts[length] = Number(n)
      length += 1
      after = match_key
    }
    if (rows.length < KEYS_PER_READ) break
  }
  const count = (key: number): number => {
    let low = 0
    let high = length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = keys[middle] as number
      if (found === key) return counts[middle] as number
      if (found < key) low = middle + 1
      else high = middle - 1
    }
    return 0
  }
  return { count, isCrowded: (key) => count(key) > MATCH_KEY_LEADS_MAX }
}

function copyInto<Numbers extends Float64Array | Uint32Array>(target: Numbers, source: Numbers): Numbers {
  target.set(source)
  return target
}
