import * as z from 'zod'
import { type Db, withTransaction } from '../database/engine.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Id } from '../model/fields.ts'
import { toStoredEmail } from '../normalize/stored-text.ts'
import { Problem, toProblemDocument } from '../problem.ts'
import { findByEmail, findByExternalId } from './assert-unique-lead.ts'
import { createLead, DEFAULT_PROVIDER_NAME } from './create-lead.ts'
import { LeadPatch, NewLeadInput } from './lead-inputs.ts'
import { removeLead, restoreLead } from './remove-lead.ts'
import { updateLead } from './update-lead.ts'

export const BATCH_OPERATIONS_MAX = 1000

const LeadId = Id.max(2_147_483_647)
const Version = z
  .int()
  .positive()
  .max(2_147_483_647)
  .optional()
  .meta({ description: 'The expected version, as in If-Match.' })

/** One operation of a batch. An upsert finds its lead by external_id, or else by email. */
export const BatchOperation = z
  .discriminatedUnion('operation', [
    z.object({ operation: z.literal('create'), lead: NewLeadInput, allow_duplicate: z.boolean().optional() }).strict(),
    z.object({ operation: z.literal('upsert'), lead: NewLeadInput }).strict(),
    z
      .object({
        operation: z.literal('update'),
        id: LeadId,
        version: Version,
        patch: LeadPatch,
        allow_duplicate: z.boolean().optional(),
      })
      .strict(),
    z.object({ operation: z.literal('delete'), id: LeadId, version: Version }).strict(),
    z.object({ operation: z.literal('restore'), id: LeadId, version: Version }).strict(),
  ])
  .meta({ id: 'BatchOperation' })
export type BatchOperation = z.infer<typeof BatchOperation>

export const Batch = z
  .object({
    is_atomic: z.boolean().optional().meta({
      description: 'Rolls back all operations if one fails. By default each operation succeeds or fails independently.',
    }),
    operations: z.array(BatchOperation).min(1).max(BATCH_OPERATIONS_MAX),
  })
  .strict()
export type Batch = z.infer<typeof Batch>

/** The result of one operation. Results are ordered like the operations. */
export interface BatchResult {
  /** The status that the operation would have as a single request: 200, 201, 204 or that of the problem. */
  status: number
  id: number | null
  version: number | null
  problem?: Record<string, unknown>
}

export interface BatchResponse {
  succeeded: number
  failed: number
  results: BatchResult[]
}

/**
 * Runs up to 1,000 operations in one transaction, each in a savepoint: a failed operation is rolled back alone.
 * @throws Problem batch_failed if an operation of an atomic batch fails; then nothing changes
 */
export async function runLeadBatch(db: Db, batch: Batch, by: ChangeAuthor): Promise<BatchResponse> {
  return withTransaction(db, async (trx) => {
    const results: BatchResult[] = []
    for (const [index, operation] of batch.operations.entries()) {
      const result = await runSafely(trx, operation, by)
      if (result.problem && batch.is_atomic) {
        const detail = `Operation ${index} failed. Nothing was changed: ${String(result.problem.detail)}`
        throw new Problem('batch_failed', detail, {
          errors: [{ pointer: `/operations/${index}`, detail: String(result.problem.detail) }],
          extensions: { operation_index: index, problem: result.problem },
        })
      }
      results.push(result)
    }
    const failed = results.filter(({ problem }) => problem).length
    return { succeeded: results.length - failed, failed, results }
  })
}

async function runSafely(trx: Db, operation: BatchOperation, by: ChangeAuthor): Promise<BatchResult> {
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

/** Each operation is one nested transaction, so that an error of it leaves the batch intact. */
async function runOperation(trx: Db, operation: BatchOperation, by: ChangeAuthor): Promise<BatchResult> {
  switch (operation.operation) {
    case 'create': {
      const { id, version } = await createLead(trx, operation.lead, by, operation)
      return { status: 201, id, version }
    }
    case 'upsert':
      return withTransaction(trx, (nested) => upsertLead(nested, operation.lead, by))
    case 'update': {
      const { id, version } = await updateLead(trx, operation.id, operation.patch, by, operation)
      return { status: 200, id, version }
    }
    case 'restore': {
      const { id, version } = await restoreLead(trx, operation.id, by, operation)
      return { status: 200, id, version }
    }
    case 'delete': {
      await removeLead(trx, operation.id, by, operation)
      return { status: 204, id: operation.id, version: null }
    }
  }
}

async function upsertLead(trx: Db, lead: NewLeadInput, by: ChangeAuthor): Promise<BatchResult> {
  const known = await findLead(trx, lead)
  if (!known) {
    const { id, version } = await createLead(trx, lead, by, { allow_duplicate: true })
    return { status: 201, id, version }
  }
  const { external_id: _external_id, provider_name: _provider_name, ...patch } = lead
  const { id, version } = await updateLead(trx, known.id, patch, by, { allow_duplicate: true })
  return { status: 200, id, version }
}

async function findLead(trx: Db, lead: NewLeadInput): Promise<{ id: number } | undefined> {
  const { external_id, provider_name = DEFAULT_PROVIDER_NAME, email } = lead
  if (external_id !== undefined) return findByExternalId(trx, provider_name, external_id.normalize('NFC'))
  return email ? findByEmail(trx, toStoredEmail(email)) : undefined
}
