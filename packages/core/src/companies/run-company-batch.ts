import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { runBatch } from '../database/run-batch.ts'
import { type BatchResponse, type BatchResult, batchOf, ExpectedVersion, RowId } from '../model/batch.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { lazily } from '../model/lazily.ts'
import { CompanyPatch, NewCompanyInput } from './company-inputs.ts'
import { createCompany } from './create-company.ts'
import { removeCompany, restoreCompany, updateCompany } from './update-company.ts'

/** One operation of a batch. */
export const CompanyOperation = lazily(() =>
  z
    .discriminatedUnion('operation', [
      z.object({ operation: z.literal('create'), company: NewCompanyInput() }).strict(),
      z
        .object({ operation: z.literal('update'), id: RowId(), version: ExpectedVersion(), patch: CompanyPatch() })
        .strict(),
      z.object({ operation: z.literal('delete'), id: RowId(), version: ExpectedVersion() }).strict(),
      z.object({ operation: z.literal('restore'), id: RowId(), version: ExpectedVersion() }).strict(),
    ])
    .meta({ id: 'CompanyOperation' }),
)
export type CompanyOperation = z.infer<ReturnType<typeof CompanyOperation>>

export const CompanyBatch = lazily(() => batchOf(CompanyOperation()))
export type CompanyBatch = z.infer<ReturnType<typeof CompanyBatch>>

/**
 * Runs up to 1,000 operations in one transaction, each in a savepoint: a failed operation is rolled back alone.
 * @throws Problem batch_failed if an operation of an atomic batch fails; then nothing changes
 */
export const runCompanyBatch = (db: Db, batch: CompanyBatch, by: ChangeAuthor): Promise<BatchResponse> =>
  runBatch(db, batch, (trx, operation) => runOperation(trx, operation, by))

async function runOperation(trx: Db, operation: CompanyOperation, by: ChangeAuthor): Promise<BatchResult> {
  switch (operation.operation) {
    case 'create': {
      const { id, version } = await createCompany(trx, operation.company, by)
      return { status: 201, id, version }
    }
    case 'update': {
      const { id, version } = await updateCompany(trx, operation.id, operation.patch, by, operation)
      return { status: 200, id, version }
    }
    case 'restore': {
      const { id, version } = await restoreCompany(trx, operation.id, by, operation)
      return { status: 200, id, version }
    }
    case 'delete': {
      await removeCompany(trx, operation.id, by, operation)
      return { status: 204, id: operation.id, version: null }
    }
  }
}
