import { Problem } from '../problem.ts'
import type { Db } from './engine.ts'

/** @throws Problem not_found if no lead has this id; gone if it was deleted and `include_deleted` is false */
export async function assertLead(db: Db, id: number, options: { include_deleted?: boolean } = {}): Promise<void> {
  const { include_deleted = true } = options
  const lead = await db.kysely.selectFrom('sales_leads').select('is_deleted').where('id', '=', id).executeTakeFirst()
  if (!lead) throw new Problem('not_found', `Lead ${id} does not exist.`)
  if (lead.is_deleted && !include_deleted) throw new Problem('gone', `Lead ${id} was deleted.`)
}

/** Reads what belongs to a lead while it is checked that the lead exists: one round trip where connections pipeline. */
export async function readOfLead<Result>(
  db: Db,
  id: number,
  options: { include_deleted?: boolean },
  read: () => Promise<Result>,
): Promise<Result> {
  const result = read()
  // The check comes first: if both fail, its problem is the answer.
  result.catch(() => {})
  await assertLead(db, id, options)
  return result
}
