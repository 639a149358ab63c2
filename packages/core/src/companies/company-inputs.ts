import * as z from 'zod'
import { Company } from '../model/company.ts'

const fields = Company.pick({
  name: true,
  domain: true,
  company_type: true,
  country: true,
  city: true,
  industry: true,
  employee_count: true,
  employee_size_min: true,
  employee_size_max: true,
  description: true,
  website: true,
  linkedin_url: true,
  tags: true,
}).extend({
  domain: z
    .string()
    .regex(/^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/, 'a domain such as example.com')
    .max(255)
    .nullable(),
  website: z
    .url({ protocol: /^https?$/, error: 'an http(s) URL' })
    .max(2048)
    .nullable(),
  linkedin_url: z
    .url({ protocol: /^https?$/, error: 'an http(s) URL' })
    .max(2048)
    .nullable(),
})

/** A JSON merge patch (RFC 7396): missing fields stay, null clears a field. */
export const CompanyPatch = fields.partial().strict().meta({ id: 'CompanyPatch' })
export type CompanyPatch = z.infer<typeof CompanyPatch>

export const NewCompanyInput = fields.partial().required({ name: true }).strict().meta({ id: 'NewCompany' })
export type NewCompanyInput = z.infer<typeof NewCompanyInput>

/** Trims texts, converts empty texts to null, lowercases domains. */
export function normalizeCompanyInput<Input extends CompanyPatch>(input: Input): Input {
  const entries = Object.entries(input).map(([field, value]) => {
    if (Array.isArray(value)) return [field, [...new Set(value.map((tag: string) => tag.trim()).filter(Boolean))]]
    if (typeof value !== 'string') return [field, value]
    const trimmed = field === 'domain' ? value.trim().toLowerCase() : value.trim()
    return [field, trimmed === '' ? null : trimmed]
  })
  return Object.fromEntries(entries) as Input
}
