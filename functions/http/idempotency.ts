import { createHash } from 'node:crypto'
import type { Db } from '@leads/core/database/engine'
import { withTransaction } from '@leads/core/database/transaction'
import { claimIdempotencyKey, releaseIdempotencyKey, storeResponse } from '@leads/core/idempotency/idempotency-keys'
import { Problem } from '@leads/core/problem'
import { stringifyJson } from '@leads/core/stringify-json'
import type { Operation, OperationCall, OperationResponse } from './operation.ts'

const HTTP_ACCEPTED = 202

/**
 * Runs a POST so that repeated requests with the same Idempotency-Key take effect once. Effect and response are committed
 * together; a repeated request gets the stored response. Errors are not stored: they had no effect, and a retry may
 * succeed. A resumable operation commits by itself, and the effect of one that sends a message is not in the database:
 * their response is stored after them, and a repetition after a crash runs them again.
 */
export async function runIdempotent(
  operation: Operation,
  call: OperationCall,
  key: string,
): Promise<OperationResponse> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const detail = '1 to 255 visible ASCII characters, e.g. a UUID.'
    throw new Problem('invalid_request', 'The Idempotency-Key is invalid.', {
      errors: [{ header: 'Idempotency-Key', detail }],
    })
  }
  const { db, identity, params, query, body } = call
  const content = JSON.stringify([operation.method, operation.path, params, query, body])
  const request_hash = createHash('sha256').update(content).digest('hex')
  const request = { api_key_id: identity.api_key_id, idempotency_key: key, request_hash }
  const claimed = await claimIdempotencyKey(db, request)
  if ('stored' in claimed) {
    const { status, headers, body: stored } = claimed.stored
    return { status, body: stored, headers: { ...headers, 'idempotency-replayed': 'true' } }
  }
  const finish = async (db: Db, answer: OperationResponse): Promise<OperationResponse> => {
    const text = typeof answer.body === 'string' ? answer.body : stringifyJson(answer.body ?? null)
    const headers = { 'content-type': 'application/json', ...answer.headers }
    if (operation.is_resumable && answer.status === HTTP_ACCEPTED)
      await releaseIdempotencyKey(db, request, claimed.claim)
    else await storeResponse(db, request, claimed.claim, { status: answer.status, headers, body: text })
    return { ...answer, body: text, headers }
  }
  const idempotency_hash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  try {
    if (operation.is_resumable || operation.sends_message)
      return await finish(db, await operation.handle({ ...call, idempotency_hash }))
    return await withTransaction(db, async (trx) =>
      finish(trx, await operation.handle({ ...call, db: trx, idempotency_hash })),
    )
  } catch (error) {
    await releaseIdempotencyKey(db, request, claimed.claim)
    throw error
  }
}
