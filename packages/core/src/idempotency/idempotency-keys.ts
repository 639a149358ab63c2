import { randomUUID } from 'node:crypto'
import type { Db } from '../database/engine.ts'
import { Problem } from '../problem.ts'

/** A stored response. */
export interface StoredResponse {
  status: number
  headers: Record<string, string>
  body: string
}

export interface IdempotentRequest {
  api_key_id: number
  idempotency_key: string
  request_hash: string
}

/** How long a response is stored. */
export const IDEMPOTENCY_RETENTION_HOURS = 24
/** A request without a response for this long counts as failed. Longer than any function of the API may run. */
const CLAIM_TIMEOUT_MS = 60_000

/**
 * Claims a key for a request in a separate transaction, so that a second request sees immediately that the first is in
 * progress. Returns the claim, or the stored response of the earlier request.
 * @throws Problem idempotency_mismatch, idempotency_in_progress
 */
export async function claimIdempotencyKey(
  db: Db,
  request: IdempotentRequest,
  now = new Date(),
): Promise<{ claim: string } | { stored: StoredResponse }> {
  const claim = randomUUID()
  const oldest = new Date(now.getTime() - IDEMPOTENCY_RETENTION_HOURS * 3_600_000)
  await whereRequest(db.kysely.deleteFrom('idempotency_keys'), request)
    .where('created_at', '<', oldest as never)
    .execute()
  try {
    await db.kysely
      .insertInto('idempotency_keys')
      .values({ ...request, claim, locked_at: now, created_at: now })
      .execute()
    return { claim }
  } catch (error) {
    if (db.engine.classifyError(error) !== 'unique') throw error
  }
  const row = await whereRequest(db.kysely.selectFrom('idempotency_keys'), request).selectAll().executeTakeFirst()
  // Deleted between the two statements: the first request failed and released the key.
  if (!row) return claimIdempotencyKey(db, request, now)
  if (row.request_hash !== request.request_hash)
    throw new Problem('idempotency_mismatch', 'This Idempotency-Key was used with another path or body.')
  if (row.response_status !== null)
    return {
      stored: { status: row.response_status, headers: row.response_headers ?? {}, body: row.response_body ?? '' },
    }
  const locked_ms = now.getTime() - Date.parse(row.locked_at)
  if (locked_ms >= CLAIM_TIMEOUT_MS) {
    const taken = await whereRequest(db.kysely.updateTable('idempotency_keys'), request)
      .set({ claim, locked_at: now })
      .where('claim', '=', row.claim)
      .where('response_status', 'is', null)
      .executeTakeFirst()
    if (taken.numUpdatedRows === 1n) return { claim }
  }
  throw new Problem('idempotency_in_progress', 'The first request with this Idempotency-Key is still in progress.', {
    headers: { 'retry-after': '1' },
  })
}

/**
 * Stores the response in the transaction of the request's effect: both are committed, or neither.
 * @throws Problem idempotency_in_progress if another request has taken over the key
 */
export async function storeResponse(
  trx: Db,
  request: IdempotentRequest,
  claim: string,
  response: StoredResponse,
): Promise<void> {
  const stored = await whereRequest(trx.kysely.updateTable('idempotency_keys'), request)
    .set({ response_status: response.status, response_headers: response.headers, response_body: response.body })
    .where('claim', '=', claim)
    .executeTakeFirst()
  if (stored.numUpdatedRows !== 1n)
    throw new Problem('idempotency_in_progress', 'Another request with this Idempotency-Key took over.')
}

/** Releases a key after a failure, so that the request can be retried. */
export async function releaseIdempotencyKey(db: Db, request: IdempotentRequest, claim: string): Promise<void> {
  await whereRequest(db.kysely.deleteFrom('idempotency_keys'), request)
    .where('claim', '=', claim)
    .where('response_status', 'is', null)
    .execute()
}

/** Restricts a statement to the row of a request. */
function whereRequest<Statement extends { where(column: never, operator: never, value: never): Statement }>(
  statement: Statement,
  { api_key_id, idempotency_key }: IdempotentRequest,
): Statement {
  return statement
    .where('api_key_id' as never, '=' as never, api_key_id as never)
    .where('idempotency_key' as never, '=' as never, idempotency_key as never)
}
