import { sql } from 'kysely'
import type { Db } from '../../database/engine.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { Json } from '../../model/fields.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import type { UndoContext } from './context.ts'

const COMPANY_ROWS = 500

/** Deletes companies that the import created and no lead uses, and empties the columns that it backfilled. */
export async function undoCompanies({ db, now, signal }: UndoContext, batch: ImportBatch): Promise<void> {
  const { import_batch_id } = batch
  for (;;) {
    signal?.throwIfAborted()
    const rows = await db.kysely
      .selectFrom('import_companies')
      .select(['company_key', 'filled_columns'])
      .where('import_batch_id', '=', import_batch_id)
      .orderBy('company_key')
      .limit(COMPANY_ROWS)
      .execute()
    if (rows.length === 0) return
    await withTransaction(db, async (trx) => {
      const created = rows.filter(({ filled_columns }) => filled_columns === null)
      await deleteCompanies(
        trx,
        created.map(({ company_key }) => company_key),
        batch,
      )
      for (const { company_key, filled_columns } of rows)
        if (filled_columns !== null) await emptyFilled(trx, company_key, filled_columns, now())
      await trx.kysely
        .deleteFrom('import_companies')
        .where('import_batch_id', '=', import_batch_id)
        .where(
          'company_key',
          'in',
          rows.map(({ company_key }) => company_key),
        )
        .execute()
    })
  }
}

/** Keeps companies that a user has edited or merged since, and those that have leads. */
async function deleteCompanies(trx: Db, company_keys: readonly string[], batch: ImportBatch): Promise<void> {
  if (company_keys.length === 0) return
  await trx.kysely
    .deleteFrom('companies')
    .where('company_key', 'in', company_keys)
    .where('created_at', '>=', sql<string>`${new Date(batch.created_at)}`)
    .whereRef('updated_by', '=', 'created_by')
    .where('is_deleted', '=', false)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('companies as merged').select('merged.id').whereRef('merged.merged_into_id', '=', 'companies.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sales_leads').select('sales_leads.id').whereRef('sales_leads.company_id', '=', 'companies.id'),
        ),
      ),
    )
    .execute()
}

/** Empties a column only if it still has the file's value and no user has edited the company. */
async function emptyFilled(trx: Db, company_key: string, filled: Record<string, Json>, at: Date): Promise<void> {
  const company = await trx.kysely
    .selectFrom('companies')
    .selectAll()
    .where('company_key', '=', company_key)
    .executeTakeFirst()
  if (!company || company.updated_by !== company.created_by) return
  const values = Object.fromEntries(
    Object.entries(filled)
      .filter(([column, value]) => company[column as keyof typeof company] === value)
      .map(([column]) => [column, null]),
  )
  if (Object.keys(values).length === 0) return
  await trx.kysely
    .updateTable('companies')
    .set({ ...values, version: sql<number>`version + 1`, updated_at: at })
    .where('id', '=', company.id)
    .execute()
}
