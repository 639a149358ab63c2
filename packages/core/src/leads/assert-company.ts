import type { Db } from '../database/engine.ts'
import { Problem } from '../problem.ts'

/** @throws Problem validation_failed when there is no such company, or it was deleted */
export async function assertCompany(db: Db, company_id: number | null | undefined): Promise<void> {
  if (company_id === null || company_id === undefined) return
  const company = await db.kysely
    .selectFrom('companies')
    .select('is_deleted')
    .where('id', '=', company_id)
    .executeTakeFirst()
  if (company && !company.is_deleted) return
  throw new Problem('validation_failed', 'The lead names a company that is not there.', {
    errors: [{ pointer: '/company_id', detail: `There is no company ${company_id}.` }],
  })
}
