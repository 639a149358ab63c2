import * as z from 'zod'
import { Id, Timestamp } from './fields.ts'
import { lazily } from './lazily.ts'

/** A row of `idempotency_keys`: one POST and, once it is done, its answer. */
export const IdempotencyKey = lazily(() =>
  z.object({
    id: Id(),
    api_key_id: Id(),
    idempotency_key: z.string().max(255),
    /** SHA-256 of route and body: a key names one request. */
    request_hash: z.string().max(64),
    /** The process that is working on it. */
    claim: z.string().max(36),
    locked_at: Timestamp(),
    /** Null while in progress. */
    response_status: z.int().nullable(),
    response_headers: z.record(z.string(), z.string()).nullable(),
    response_body: z.string().nullable(),
    created_at: Timestamp(),
  }),
)
export type IdempotencyKey = z.infer<ReturnType<typeof IdempotencyKey>>
