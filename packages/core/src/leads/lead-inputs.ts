import * as z from 'zod'
import { Id } from '../model/fields.ts'
import { Lead } from '../model/lead.ts'
import { editableColumns, type LeadColumnsWith, leadColumns, leadColumnsWith } from '../model/lead-columns.ts'

const Email = z.email({ error: 'an email address' }).max(255)
const Phone = z.string().regex(/^[+0-9][-0-9 ()./x]{2,49}$/, 'digits, with a + before the country code')
const Domain = z
  .string()
  .regex(/^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/, 'a domain such as example.com')
  .max(255)

const editable = Lead.pick(
  Object.fromEntries(editableColumns.map((column) => [column, true])) as Record<LeadColumnsWith<'is_editable'>, true>,
)

/** A JSON merge patch (RFC 7396): missing fields stay, null clears a field. */
export const LeadPatch = editable
  .extend({
    email: Email.nullable(),
    phone: Phone.nullable(),
    additional_emails: z.array(Email).max(leadColumns.additional_emails.entries_max),
    additional_phones: z.array(Phone).max(leadColumns.additional_phones.entries_max),
    company_domain: Domain.nullable(),
    company_id: Id.max(2_147_483_647).nullable(),
  })
  .partial()
  .strict()
  .meta({ id: 'LeadPatch' })
export type LeadPatch = z.infer<typeof LeadPatch>

const noSpacesAround = /^\S(.*\S)?$/su

/** A new lead. It needs at least one field that identifies it. */
export const NewLeadInput = LeadPatch.extend({
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
  .meta({ id: 'NewLead' })
export type NewLeadInput = z.infer<typeof NewLeadInput>

/** Columns that are stored and compared in lower case. */
const lowerCase = new Set<string>(leadColumnsWith('is_lower_case'))

/**
 * Normalizes an input for storage: trims texts, converts empty texts to null, and lowercases emails and domains. Imports
 * store the same form, so that duplicates can be found by comparison.
 */
export function normalizeLeadInput<Input extends object>(input: Input): Input {
  const tidy = (field: string, text: string): string | null => {
    const trimmed = text.normalize('NFC').trim()
    return trimmed === '' ? null : lowerCase.has(field) ? trimmed.toLowerCase() : trimmed
  }
  const entries = Object.entries(input).map(([field, value]) => {
    if (typeof value === 'string')
      return [field, field === 'notes' ? value.normalize('NFC') || null : tidy(field, value)]
    if (!Array.isArray(value)) return [field, value]
    return [field, [...new Set(value.map((text: string) => tidy(field, text)).filter((text) => text !== null))]]
  })
  return Object.fromEntries(entries) as Input
}
