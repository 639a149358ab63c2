import type { Db } from '../database/engine.ts'
import { toSpellings } from '../normalize/host-spelling.ts'
import { Problem } from '../problem.ts'

/** Finds a lead by its provider's id, deleted or not. */
export function findByExternalId(db: Db, provider_name: string, external_id: string) {
  return db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'is_deleted'])
    .where('provider_name', '=', provider_name)
    .where('external_id', '=', external_id)
    .executeTakeFirst()
}

/** Finds the oldest active lead with this email, other than `except_id`. */
export function findByEmail(db: Db, email: string, except_id = 0) {
  return db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'is_deleted'])
    .where('email', 'in', toSpellings(email))
    .where('is_deleted', '=', false)
    .where('id', '<>', except_id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** @throws Problem already_exists */
export async function assertUniqueExternalId(trx: Db, provider_name: string, external_id: string | null) {
  const existing = external_id === null ? undefined : await findByExternalId(trx, provider_name, external_id)
  if (existing) throw toExistsProblem('external_id', existing)
}

/**
 * A second check after the lead's identities are stored sees a lead that a concurrent request has created: its identity
 * makes the later request wait. Shared mailboxes such as `info@` are no identity, and only the first check holds.
 * @throws Problem already_exists
 */
export async function assertUniqueEmail(trx: Db, email: string | null | undefined, own_id?: number): Promise<void> {
  const existing = email ? await findByEmail(trx, email, own_id) : undefined
  if (existing) throw toExistsProblem('email', existing)
}

function toExistsProblem(field: 'external_id' | 'email', existing: { id: number; is_deleted: boolean }): Problem {
  const { id, is_deleted } = existing
  const advice = field === 'email' ? ' Set allow_duplicate to store it nevertheless.' : ''
  const detail = `Lead ${id}${is_deleted ? ' (deleted)' : ''} has this ${field}.${advice}`
  return new Problem('already_exists', detail, {
    errors: [{ pointer: `/${field}`, detail }],
    extensions: { existing: { id, href: `/leads/${id}`, is_deleted } },
  })
}
