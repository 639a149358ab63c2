import * as z from 'zod'
import { Id } from '../model/fields.ts'
import { lazily } from '../model/lazily.ts'
import { Lead } from '../model/lead.ts'
import { editableColumns, type LeadColumnsWith, leadColumns } from '../model/lead-columns.ts'
import { isEmail, toStoredEmail, toStoredText } from '../normalize/stored-text.ts'
import { truncateText } from '../normalize/text.ts'

const Email = lazily(() => z.string().max(255).refine(isEmail, 'an email address').meta({ format: 'idn-email' }))
const Phone = lazily(() => z.string().regex(/^[+(0-9][-0-9 ()./x]{2,49}$/, 'digits, with a + before the country code'))
const Domain = lazily(() =>
  z
    .string()
    .regex(/^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)+$/u, 'a domain such as example.com')
    .max(255),
)

const editable = lazily(() =>
  Lead().pick(
    Object.fromEntries(editableColumns.map((column) => [column, true])) as Record<LeadColumnsWith<'is_editable'>, true>,
  ),
)

/** A JSON merge patch (RFC 7396): missing fields stay, null clears a field. */
export const LeadPatch = lazily(() =>
  editable()
    .extend({
      email: Email().nullable(),
      phone: Phone().nullable(),
      additional_emails: z.array(Email()).max(leadColumns.additional_emails.entries_max),
      additional_phones: z.array(Phone()).max(leadColumns.additional_phones.entries_max),
      company_domain: Domain().nullable(),
      company_id: Id().max(2_147_483_647).nullable(),
    })
    .partial()
    .strict()
    .meta({ id: 'LeadPatch' }),
)
export type LeadPatch = z.infer<ReturnType<typeof LeadPatch>>

const noSpacesAround = /^\S(.*\S)?$/su

/** A new lead. It needs at least one field that identifies it. */
export const NewLeadInput = lazily(() =>
  LeadPatch()
    .extend({
      external_id: z
        .string()
        .max(255)
        .regex(noSpacesAround, 'no spaces before or after it')
        .optional()
        .meta({ description: 'Your own id of the lead, unique per provider.' }),
      provider_name: z
        .string()
        .max(100)
        .regex(noSpacesAround, 'no spaces before or after it')
        .optional()
        .meta({ description: 'The owner of `external_id`. Default: `api`.' }),
    })
    .refine(
      (lead) =>
        [lead.full_name, lead.first_name, lead.last_name, lead.email, lead.phone, lead.company_name].some((text) =>
          text?.trim(),
        ),
      { error: 'Set at least one of full_name, first_name, last_name, email, phone, company_name.' },
    )
    .meta({ id: 'NewLead' }),
)
export type NewLeadInput = z.infer<ReturnType<typeof NewLeadInput>>

/** Texts of several lines. */
const unchanged = new Set(['notes'])

/** Columns whose normalizers have tables of countries, phone numbers and domains: 280 KB, loaded at first use. */
const withTables = new Set(['phone', 'additional_phones', 'company_domain', 'country'])

async function toStoredValue(field: string, text: string, country: string | null): Promise<string> {
  if (unchanged.has(field)) return text.normalize('NFC')
  if (field === 'email' || field === 'additional_emails') return toStoredEmail(text)
  if (!withTables.has(field)) return toStoredText(text)
  const { toStoredCountry, toStoredDomain, toStoredPhone } = await import('../normalize/stored-forms.ts')
  if (field === 'country') return toStoredCountry(text)
  return field === 'company_domain' ? toStoredDomain(text) : toStoredPhone(text, country)
}

/**
 * Normalizes an input like an import, so that duplicates and filters find it; empty texts become null. National phone
 * numbers are of the lead's country: the given one, or else `country`.
 */
export async function normalizeLeadInput<Input extends object>(
  input: Input,
  country: string | null = null,
): Promise<Input> {
  const { country: given } = input as { country?: string | null }
  const own = given === undefined ? country : given
  const stored: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(input)) {
    const toStored = async (text: string) => (await toStoredValue(field, text, own)) || null
    if (typeof value === 'string') stored[field] = await toStored(value)
    else if (!Array.isArray(value)) stored[field] = value
    else stored[field] = [...new Set((await Promise.all(value.map(toStored))).filter((text) => text !== null))]
  }
  return stored as Input
}

/** The full name of a lead whose first or last name is given and whose full name is not. */
export function composeFullName(first_name: string | null | undefined, last_name: string | null | undefined): string {
  const fullName = [first_name, last_name].filter(Boolean).join(' ')
  return truncateText(fullName, leadColumns.full_name.length_max)
}
