import * as z from 'zod'
import { Company } from '../model/company.ts'
import { type CompanyColumnsWith, companyColumns, companyColumnsWith } from '../model/company-columns.ts'

const fields = Company.pick(
  Object.fromEntries(companyColumnsWith('is_editable').map((column) => [column, true])) as Record<
    CompanyColumnsWith<'is_editable'>,
    true
  >,
).extend({
  domain: z
    .string()
    .regex(/^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/, 'a domain such as example.com')
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
})

/** A JSON merge patch (RFC 7396): missing fields stay, null clears a field. */
export const CompanyPatch = fields.partial().strict().meta({ id: 'CompanyPatch' })
export type CompanyPatch = z.infer<typeof CompanyPatch>

export const NewCompanyInput = fields.partial().required({ name: true }).strict().meta({ id: 'NewCompany' })
export type NewCompanyInput = z.infer<typeof NewCompanyInput>

const lowerCase = new Set<string>(companyColumnsWith('is_lower_case'))

/** Trims texts, converts empty texts to null, lowercases domains. */
export function normalizeCompanyInput<Input extends CompanyPatch>(input: Input): Input {
  const entries = Object.entries(input).map(([field, value]) => {
    if (Array.isArray(value))
      return [field, [...new Set(value.map((tag: string) => tag.normalize('NFC').trim()).filter(Boolean))]]
    if (typeof value !== 'string') return [field, value]
    const composed = value.normalize('NFC').trim()
    const trimmed = lowerCase.has(field) ? composed.toLowerCase() : composed
    return [field, trimmed === '' ? null : trimmed]
  })
  return Object.fromEntries(entries) as Input
}
