import type { Db } from '../database/engine.ts'
import { insertReturning } from '../database/insert-returning.ts'
import { runTogether, withTransaction } from '../database/transaction.ts'
import { addLeadIdentities } from '../duplicates/add-lead-identities.ts'
import { type IdentifiedLead, toStrongIdentities } from '../duplicates/strong-identities.ts'
import { findBuried, toNamedAddresses, toProviderIdentity } from '../duplicates/tombstones.ts'
import { insertChangeEvents } from '../events/append-event.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Problem } from '../problem.ts'
import { assertCompany } from './assert-company.ts'
import { assertUniqueEmail, assertUniqueExternalId } from './assert-unique-lead.ts'
import { composeFullName, type NewLeadInput, normalizeLeadInput } from './lead-inputs.ts'
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
  const { provider_name = DEFAULT_PROVIDER_NAME, ...given } = input
  const external_id = input.external_id?.normalize('NFC') ?? null
  const fields = await normalizeLeadInput(given)
  fields.full_name ||= composeFullName(fields.first_name, fields.last_name) || null
  return withTransaction(db, async (trx) => {
    const unique_email = options.allow_duplicate ? null : fields.email
    await runTogether(
      trx,
      () => assertUniqueExternalId(trx, provider_name, external_id),
      () => assertUniqueEmail(trx, unique_email),
      () => assertNotBuried(trx, provider_name, external_id, fields),
      () => assertCompany(trx, fields.company_id),
    )
    const audit = { created_at: by.at, updated_at: by.at, created_by: by.actor, updated_by: by.actor }
    const row = { ...fields, source: 'api', provider_name, external_id, ...audit } as const
    const lead: LeadDetail = await insertReturning(trx, 'sales_leads', row, leadDetailColumns)
    const source = { source_type: 'api', source_name: by.actor, provider_name, external_id, ...audit } as const
    const created = {
      event_type: 'created',
      event_name: 'Lead created',
      new_status: fields.lead_status ?? 'new',
    } as const
    await runTogether(
      trx,
      () =>
        trx.kysely
          .insertInto('lead_sources')
          .values({ lead_id: lead.id, ...source })
          .execute(),
      () => insertChangeEvents(trx, lead.id, [created], by),
      () => addLeadIdentities(trx, lead, by.at),
      // Behind the identities, which wait for those of others.
      () => assertUniqueEmail(trx, unique_email, lead.id),
    )
    return lead
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
  const own =
    external_id === null ? [] : [toProviderIdentity(provider_name, external_id, lead.full_name ?? lead.company_name)]
  const identities = toStrongIdentities(lead)
  const named = toNamedAddresses(identities, lead.full_name)
  const [buried] = await findBuried(trx, () => [...own, ...identities, ...named])
  if (buried === undefined) return
  throw new Problem(
    'conflict',
    `This lead was deleted permanently (${buried}). An administrator can allow it again: \`leads db lift-tombstone "${buried}"\`.`,
  )
}
