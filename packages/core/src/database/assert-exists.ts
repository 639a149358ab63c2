import { Problem } from '../problem.ts'
import type { Db } from './engine.ts'

/** @throws Problem not_found if no lead has this id; a deleted lead passes */
export async function assertLead(db: Db, id: number): Promise<void> {
  const lead = await db.kysely.selectFrom('sales_leads').select('id').where('id', '=', id).executeTakeFirst()
  if (!lead) throw new Problem('not_found', `Lead ${id} does not exist.`)
}
