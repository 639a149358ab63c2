import type { Db } from '../database/engine.ts'
import { Problem } from '../problem.ts'

/** @throws Problem validation_failed if the company does not exist or was deleted */
export async function assertCompany(db: Db, company_id: number | null | undefined): Promise<void> {
  if (company_id === null || company_id === undefined) return
  const company = await db.kysely
    .selectFrom('companies')
    .select('is_deleted')
    .where('id', '=', company_id)
    .executeTakeFirst()
  if (company && !company.is_deleted) return
  throw new Problem('validation_failed', 'The lead refers to a company that does not exist.', {
    errors: [{ pointer: '/company_id', detail: `Company ${company_id} does not exist.` }],
  })
}
