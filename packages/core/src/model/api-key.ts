import * as z from 'zod'
import { auditColumns, Id, Timestamp } from './fields.ts'
import { lazyEnum, lazyObject } from './lazily.ts'

/** What a key may do. `admin` includes `write`, `write` includes `read`. */
export const Scope = lazyEnum(['read', 'write', 'admin'])
export type Scope = z.infer<ReturnType<typeof Scope>>

/** A row of `api_keys`. The key itself is shown once, at creation; only its SHA-256 is kept. */
export const ApiKey = lazyObject({
  id: Id,
  name: () => z.string().min(1).max(255),
  /** First characters of the key, to recognise it by. */
  key_prefix: () => z.string().max(20),
  key_hash: () => z.string().max(64),
  scopes: () => z.array(Scope()).min(1),
  expires_at: () => Timestamp().nullable(),
  revoked_at: () => Timestamp().nullable(),
  rotated_at: () => Timestamp().nullable(),
  last_used_at: () => Timestamp().nullable(),
  ...auditColumns,
})
export type ApiKey = z.infer<ReturnType<typeof ApiKey>>
