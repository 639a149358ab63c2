import type { ApiKeyIdentity } from '@leads/core/api-keys/authenticate'
import type { ReadReplica } from '@leads/core/database/read-replica'
import { Problem } from '@leads/core/problem'
import type { Operation, OperationCall, OperationResponse } from './operation.ts'

/** What a replica answered. */
export interface ReplicaRead {
  answer: OperationResponse
  /** Whether the answer contains everything that the key has written. */
  covers(identity: ApiKeyIdentity): boolean
}

/**
 * Reads from the replica. Undefined if it is not current enough for the key, fails, or lacks what was asked for: then the
 * primary answers. A client gets the newest state with `Cache-Control: no-cache`.
 */
export async function readFromReplica(
  operation: Operation,
  call: OperationCall,
  replica: ReadReplica | undefined,
): Promise<ReplicaRead | undefined> {
  if (!replica || /\bno-cache\b/i.test(call.headers['cache-control'] ?? '')) return undefined
  const db = await replica.findCurrent(call.identity.written_until ?? null)
  if (!db) return undefined
  // As of before the read: what the replica gets during it is not in the answer.
  const { seen_at } = replica
  try {
    const answer = await operation.handle({ ...call, db })
    return { answer, covers: ({ written_until = null }) => written_until === null || seen_at > written_until }
  } catch (error) {
    if (!(error instanceof Problem)) replica.reportFailure()
    else if (error.code !== 'not_found') throw error
    return undefined
  }
}
