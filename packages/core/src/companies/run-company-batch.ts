import * as z from 'zod'
import { type Db, withTransaction } from '../database/engine.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Id } from '../model/fields.ts'
import { Problem, toProblemDocument } from '../problem.ts'
import { CompanyPatch, NewCompanyInput } from './company-inputs.ts'
import { createCompany } from './create-company.ts'
import { removeCompany, restoreCompany, updateCompany } from './update-company.ts'

export const COMPANY_OPERATIONS_MAX = 1000

const CompanyId = Id.max(2_147_483_647)
const Version = z
  .int()
  .positive()
  .max(2_147_483_647)
  .optional()
  .meta({ description: 'The expected version, as in If-Match.' })

/** One operation of a batch. */
export const CompanyOperation = z
  .discriminatedUnion('operation', [
    z.object({ operation: z.literal('create'), company: NewCompanyInput }).strict(),
    z.object({ operation: z.literal('update'), id: CompanyId, version: Version, patch: CompanyPatch }).strict(),
    z.object({ operation: z.literal('delete'), id: CompanyId, version: Version }).strict(),
    z.object({ operation: z.literal('restore'), id: CompanyId, version: Version }).strict(),
  ])
  .meta({ id: 'CompanyOperation' })
export type CompanyOperation = z.infer<typeof CompanyOperation>

export const CompanyBatch = z
  .object({
    is_atomic: z.boolean().optional().meta({
      description: 'Rolls back all operations if one fails. By default each succeeds or fails independently.',
    }),
    operations: z.array(CompanyOperation).min(1).max(COMPANY_OPERATIONS_MAX),
  })
  .strict()
export type CompanyBatch = z.infer<typeof CompanyBatch>

/** The result of one operation. Results are ordered like the operations. */
export interface CompanyBatchResult {
  status: number
  id: number | null
  version: number | null
  problem?: Record<string, unknown>
}

/**
 * Runs up to 1,000 operations in one transaction, each in a savepoint: a failed operation is rolled back alone.
 * @throws Problem batch_failed if an operation of an atomic batch fails; then nothing changes
 */
export function runCompanyBatch(
  db: Db,
  batch: CompanyBatch,
  by: ChangeAuthor,
): Promise<{ succeeded: number; failed: number; results: CompanyBatchResult[] }> {
  return withTransaction(db, async (trx) => {
    const results: CompanyBatchResult[] = []
    for (const [index, operation] of batch.operations.entries()) {
      const result = await runSafely(trx, operation, by)
      if (result.problem && batch.is_atomic) {
        const detail = String(result.problem.detail)
        throw new Problem('batch_failed', `Operation ${index} failed. Nothing was changed: ${detail}`, {
          errors: [{ pointer: `/operations/${index}`, detail }],
          extensions: { operation_index: index, problem: result.problem },
        })
      }
      results.push(result)
    }
    const failed = results.filter(({ problem }) => problem).length
    return { succeeded: results.length - failed, failed, results }
  })
}

async function runSafely(trx: Db, operation: CompanyOperation, by: ChangeAuthor): Promise<CompanyBatchResult> {
  try {
    return await runOperation(trx, operation, by)
  } catch (error) {
    const kind = error instanceof Problem ? null : trx.engine.classifyError(error)
    // Errors that are not about this operation (the database is unavailable, a deadlock) end the batch.
    if (kind !== null && kind !== 'unique' && kind !== 'foreign_key' && kind !== 'data') throw error
    const problem =
      error instanceof Problem
        ? error
        : new Problem(kind === 'data' ? 'validation_failed' : 'conflict', 'The database rejects this operation.')
    return { status: problem.status, id: null, version: null, problem: toProblemDocument(problem, null) }
  }
}

async function runOperation(trx: Db, operation: CompanyOperation, by: ChangeAuthor): Promise<CompanyBatchResult> {
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
