import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { runBatch } from '../database/run-batch.ts'
import { withTransaction } from '../database/transaction.ts'
import { type BatchResponse, type BatchResult, batchOf, ExpectedVersion, RowId } from '../model/batch.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { lazily } from '../model/lazily.ts'
import { toStoredEmail } from '../normalize/stored-text.ts'
import { findByEmail, findByExternalId } from './assert-unique-lead.ts'
import { createLead, DEFAULT_PROVIDER_NAME } from './create-lead.ts'
import { LeadPatch, NewLeadInput } from './lead-inputs.ts'
import { removeLead, restoreLead } from './remove-lead.ts'
import { updateLead } from './update-lead.ts'

/** One operation of a batch. An upsert finds its lead by external_id, or else by email. */
export const BatchOperation = lazily(() =>
  z
    .discriminatedUnion('operation', [
      z
        .object({ operation: z.literal('create'), lead: NewLeadInput(), allow_duplicate: z.boolean().optional() })
        .strict(),
      z
        .object({ operation: z.literal('upsert'), lead: NewLeadInput(), allow_duplicate: z.boolean().optional() })
        .strict(),
      z
        .object({
          operation: z.literal('update'),
          id: RowId(),
          version: ExpectedVersion(),
          patch: LeadPatch(),
          allow_duplicate: z.boolean().optional(),
        })
        .strict(),
      z.object({ operation: z.literal('delete'), id: RowId(), version: ExpectedVersion() }).strict(),
      z.object({ operation: z.literal('restore'), id: RowId(), version: ExpectedVersion() }).strict(),
    ])
    .meta({ id: 'BatchOperation' }),
)
export type BatchOperation = z.infer<ReturnType<typeof BatchOperation>>

export const Batch = lazily(() => batchOf(BatchOperation()))
export type Batch = z.infer<ReturnType<typeof Batch>>

/**
 * Runs up to 1,000 operations in one transaction, each in a savepoint: a failed operation is rolled back alone.
 * @throws Problem batch_failed if an operation of an atomic batch fails; then nothing changes
 */
export const runLeadBatch = (db: Db, batch: Batch, by: ChangeAuthor): Promise<BatchResponse> =>
  runBatch(db, batch, (trx, operation) => runOperation(trx, operation, by))

/** Each operation is one nested transaction, so that an error of it leaves the batch intact. */
async function runOperation(trx: Db, operation: BatchOperation, by: ChangeAuthor): Promise<BatchResult> {
  switch (operation.operation) {
    case 'create': {
      const { id, version } = await createLead(trx, operation.lead, by, operation)
      return { status: 201, id, version }
    }
    case 'upsert':
      return withTransaction(trx, (nested) => upsertLead(nested, operation, by))
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

async function upsertLead(
  trx: Db,
  { lead, allow_duplicate }: Extract<BatchOperation, { operation: 'upsert' }>,
  by: ChangeAuthor,
): Promise<BatchResult> {
  const known = await findLead(trx, lead)
  if (!known) {
    const { id, version } = await createLead(trx, lead, by, { allow_duplicate })
    return { status: 201, id, version }
  }
  const { external_id: _external_id, provider_name: _provider_name, ...patch } = lead
  const { id, version } = await updateLead(trx, known.id, patch, by, { allow_duplicate })
  return { status: 200, id, version }
}

async function findLead(trx: Db, lead: NewLeadInput): Promise<{ id: number } | undefined> {
  const { external_id, provider_name = DEFAULT_PROVIDER_NAME, email } = lead
  if (external_id !== undefined) return findByExternalId(trx, provider_name, external_id.normalize('NFC'))
  return email ? findByEmail(trx, toStoredEmail(email)) : undefined
}
