import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { readTaskState } from '../database/task-state.ts'
import { MATCH_KEY_VERSION } from './match-keys.ts'

/** Where the pass over changed leads continues, in the order of (updated_at, id). */
export interface ChangedPosition {
  updated_at: string
  id: number
}

/** Positions of another version of keys are void: all leads are read again. */
export const CHANGED_STATE = `duplicates:changed:${MATCH_KEY_VERSION}`
const BEGINNING: ChangedPosition = { updated_at: '1970-01-01T00:00:00.000Z', id: 0 }

/**
 * Writers stamp their rows before they commit. The last half minute is therefore read again by the next pass, and
 * nothing younger than the oldest open write is taken as done.
 */
const SETTLE_MS = 30_000

export const readChangedPosition = async (db: Db): Promise<ChangedPosition> =>
  ((await readTaskState(db, CHANGED_STATE)) as ChangedPosition | undefined) ?? BEGINNING

/** What may be stored as done when everything up to `reached` was read. */
export async function toSettledPosition(db: Db, reached: ChangedPosition, now: Date): Promise<ChangedPosition> {
  const oldest = await db.engine.findOldestWriteStart(db)
  const settled_ms = Math.min(now.getTime(), oldest?.getTime() ?? Number.POSITIVE_INFINITY) - SETTLE_MS
  const settled = new Date(settled_ms).toISOString()
  return reached.updated_at < settled ? reached : { updated_at: settled, id: 0 }
}

export interface ChangedLead {
  id: number
  updated_at: string
}

/** The next leads that changed, deleted ones too. */
export async function readChangedLeads(db: Db, after: ChangedPosition, limit: number): Promise<ChangedLead[]> {
  const time = new Date(after.updated_at)
  const seek = db.engine.has_row_comparison
    ? sql<boolean>`(updated_at, id) > (${time}, ${after.id})`
    : sql<boolean>`(updated_at >= ${time} and (updated_at > ${time} or id > ${after.id}))`
  return db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'updated_at'])
    .where(seek)
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}
