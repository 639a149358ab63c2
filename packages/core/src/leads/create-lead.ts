import { type Db, withTransaction } from '../database/engine.ts'
import { insertReturningId } from '../database/insert-returning-id.ts'
import { addLeadIdentities } from '../duplicates/add-lead-identities.ts'
import { type IdentifiedLead, toStrongIdentities } from '../duplicates/strong-identities.ts'
import { findBuried, toProviderIdentity } from '../duplicates/tombstones.ts'
import { insertChangeEvents } from '../events/append-event.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Problem } from '../problem.ts'
import { assertCompany } from './assert-company.ts'
import { type NewLeadInput, normalizeLeadInput } from './lead-inputs.ts'
import { type LeadDetail, leadDetailColumns } from './lead-views.ts'

/** Provider of leads that are created without one. */
export const DEFAULT_PROVIDER_NAME = 'api'

/**
 * Creates a lead, its source and its `created` event. `allow_duplicate` allows a second lead with the same email.
 * @throws Problem already_exists with `existing` if a lead has this external_id or email; validation_failed
 */
export async function createLead(
  db: Db,
  input: NewLeadInput,
  by: ChangeAuthor,
  options: { allow_duplicate?: boolean | undefined } = {},
): Promise<LeadDetail> {
  const { external_id = null, provider_name = DEFAULT_PROVIDER_NAME, ...given } = input
  const fields = normalizeLeadInput(given)
  return withTransaction(db, async (trx) => {
    await assertNoDuplicate(trx, {
      provider_name,
      external_id,
      email: options.allow_duplicate ? null : (fields.email ?? null),
    })
    await assertNotBuried(trx, provider_name, external_id, fields)
    await assertCompany(trx, fields.company_id)
    const audit = { created_at: by.at, updated_at: by.at, created_by: by.actor, updated_by: by.actor }
    const id = await insertReturningId(trx, 'sales_leads', {
      ...fields,
      source: 'api',
      provider_name,
      external_id,
      ...audit,
    })
    await trx.kysely
      .insertInto('lead_sources')
      .values({ lead_id: id, source_type: 'api', source_name: by.actor, provider_name, external_id, ...audit })
      .execute()
    const created = {
      event_type: 'created',
      event_name: 'Lead created',
      new_status: fields.lead_status ?? 'new',
    } as const
    await insertChangeEvents(trx, id, [created], by)
    await addLeadIdentities(trx, id, by.at)
    return trx.kysely.selectFrom('sales_leads').select(leadDetailColumns).where('id', '=', id).executeTakeFirstOrThrow()
  })
}

/** @throws Problem conflict for a person who was deleted permanently */
async function assertNotBuried(
  trx: Db,
  provider_name: string,
  external_id: string | null,
  fields: { [Field in keyof IdentifiedLead]?: IdentifiedLead[Field] | undefined },
): Promise<void> {
  const lead: IdentifiedLead = {
    external_id,
    full_name: fields.full_name ?? null,
    company_name: fields.company_name ?? null,
    street: fields.street ?? null,
    email: fields.email ?? null,
    additional_emails: fields.additional_emails ?? [],
  }
  const own = external_id === null ? [] : [toProviderIdentity(provider_name, external_id)]
  const [buried] = await findBuried(trx, [...own, ...toStrongIdentities(lead)])
  if (buried === undefined) return
  throw new Problem(
    'conflict',
    `This lead was deleted permanently (${buried}). An administrator can allow it again: \`leads db lift-tombstone "${buried}"\`.`,
  )
}

/** Finds a lead by its provider's id, deleted or not. */
export function findByExternalId(db: Db, provider_name: string, external_id: string) {
  return db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'is_deleted'])
    .where('provider_name', '=', provider_name)
    .where('external_id', '=', external_id)
    .executeTakeFirst()
}

/** Finds the oldest active lead with this email. */
export function findByEmail(db: Db, email: string) {
  return db.kysely
    .selectFrom('sales_leads')
    .select(['id', 'is_deleted'])
    .where('email', '=', email)
    .where('is_deleted', '=', false)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

async function assertNoDuplicate(
  trx: Db,
  { provider_name, external_id, email }: { provider_name: string; external_id: string | null; email: string | null },
): Promise<void> {
  const same_id = external_id === null ? undefined : await findByExternalId(trx, provider_name, external_id)
  if (same_id) throw alreadyExists('external_id', same_id)
  const same_email = email === null ? undefined : await findByEmail(trx, email)
  if (same_email) throw alreadyExists('email', same_email)
}

function alreadyExists(field: 'external_id' | 'email', existing: { id: number; is_deleted: boolean }): Problem {
  const { id, is_deleted } = existing
  const advice = field === 'email' ? ' Use ?allow_duplicate=true to create a second one.' : ''
  const detail = `Lead ${id}${is_deleted ? ' (deleted)' : ''} has this ${field}.${advice}`
  return new Problem('already_exists', detail, {
    errors: [{ pointer: `/${field}`, detail }],
    extensions: { existing: { id, href: `/leads/${id}`, is_deleted } },
  })
}
