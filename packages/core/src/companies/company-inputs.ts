import * as z from 'zod'
import { Company } from '../model/company.ts'
import { type CompanyColumnsWith, companyColumns, companyColumnsWith } from '../model/company-columns.ts'
import { lazily } from '../model/lazily.ts'
import { toStoredText } from '../normalize/stored-text.ts'

const fields = lazily(() =>
  Company()
    .pick(
      Object.fromEntries(companyColumnsWith('is_editable').map((column) => [column, true])) as Record<
        CompanyColumnsWith<'is_editable'>,
        true
      >,
    )
    .extend({
      domain: z
        .string()
        .regex(/^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)+$/u, 'a domain such as example.com')
        .max(companyColumns.domain.length_max)
        .nullable(),
      website: z
        .url({ protocol: /^https?$/, error: 'an http(s) URL' })
        .max(companyColumns.website.length_max)
        .nullable(),
      linkedin_url: z
        .url({ protocol: /^https?$/, error: 'an http(s) URL' })
        .max(companyColumns.linkedin_url.length_max)
        .nullable(),
    }),
)

/** A JSON merge patch (RFC 7396): missing fields stay, null clears a field. */
export const CompanyPatch = lazily(() => fields().partial().strict().meta({ id: 'CompanyPatch' }))
export type CompanyPatch = z.infer<ReturnType<typeof CompanyPatch>>

export const NewCompanyInput = lazily(() =>
  fields().partial().required({ name: true }).strict().meta({ id: 'NewCompany' }),
)
export type NewCompanyInput = z.infer<ReturnType<typeof NewCompanyInput>>

/** Texts of several lines, and addresses of which each character counts. */
const unchanged = new Set(['description', 'website', 'linkedin_url'])

async function toStoredValue(field: string, text: string): Promise<string> {
  if (unchanged.has(field)) return text.normalize('NFC').trim()
  if (field !== 'domain' && field !== 'country') return toStoredText(text)
  const { toStoredCountry, toStoredDomain } = await import('../normalize/stored-forms.ts')
  return field === 'domain' ? toStoredDomain(text) : toStoredCountry(text)
}

/** Normalizes an input like an import; empty texts become null. */
export async function normalizeCompanyInput<Input extends CompanyPatch>(input: Input): Promise<Input> {
  const stored: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(input)) {
    if (Array.isArray(value))
      stored[field] = [...new Set(value.map((tag: string) => toStoredText(tag)).filter(Boolean))]
    else stored[field] = typeof value === 'string' ? (await toStoredValue(field, value)) || null : value
  }
  return stored as Input
}
