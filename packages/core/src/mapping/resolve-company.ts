import type { MappedCompany } from '../model/mapped-item.ts'
import { buildCompanyKey } from './company-key.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, SELF } from './fields.ts'
import { toCountryName } from './normalize/country.ts'
import { type EmployeeSize, parseEmployeeSize } from './normalize/employees.ts'
import { parseLinkedinPage } from './normalize/linkedin.ts'
import { cleanTags } from './normalize/tags.ts'
import { cleanText } from './normalize/text.ts'
import { NO_LOCATION } from './resolve-location.ts'
import type { Subject } from './resolve-subject.ts'

/** Fits a MySQL TEXT column in four-byte characters. */
const DESCRIPTION_MAX = 10_000
const NO_INDUSTRY =
  /^(?:page|business|company|local business|establishment|point of interest|point_of_interest|organization|other|others|place|service establishment)$/i

/** The company row, or null where nothing names or identifies a company. A site without a name is called by its domain. */
export function resolveCompany(
  facts: Facts,
  kind: Kind,
  own: Subject,
  website: string | null,
  domain: string | null,
  linkedinUrl: string | null,
): MappedCompany | null {
  const about = kind === 'company'
  const geo =
    about || kind === 'job'
      ? own.companyGeo
      : own.companyGeo.country === null && own.companyGeo.city === null
        ? NO_LOCATION
        : own.companyGeo
  const country = geo.country === null ? null : toCountryName(geo.country)
  const page = parseLinkedinPage(linkedinUrl)
  const name = own.companyName ?? domain ?? page?.slug ?? null
  const key = buildCompanyKey(domain, linkedinUrl, own.companyName, country, geo.city)
  if (name === null || key === null) return null
  const size = resolveSize(facts)
  const text = (value: unknown) => (typeof value === 'string' ? cleanText(value, DESCRIPTION_MAX) : null)
  return {
    company_key: key,
    name,
    domain,
    company_type:
      facts.first(COMPANY, 'company_type', (value) => cleanText(value, 50)) ??
      facts.first(SELF, 'company_type', (value) => cleanText(value, 50)),
    country,
    city: geo.city,
    industry: facts.first(COMPANY, 'industry', cleanIndustry) ?? facts.first(SELF, 'industry', cleanIndustry),
    employee_count: size.count,
    employee_size_min: size.min,
    employee_size_max: size.max,
    description: facts.first(COMPANY, 'description', text) ?? (about ? facts.first(SELF, 'description', text) : null),
    website,
    linkedin_url: linkedinUrl,
    tags: cleanTags(
      [...facts.all(COMPANY, 'tags'), ...(about ? facts.all(SELF, 'tags') : [])].map((candidate) => candidate.value),
    ),
  }
}

export function cleanIndustry(value: unknown): string | null {
  const text = typeof value === 'string' ? cleanText(value.replace(/^(?:Page · |\/)/, ''), 100) : null
  return text === null || NO_INDUSTRY.test(text) ? null : text
}

/** An exact count and a range may both be stated. A bare `size` only counts as a range: it may measure anything. */
function resolveSize(facts: Facts): EmployeeSize {
  const size: EmployeeSize = { count: null, min: null, max: null }
  for (const owner of [COMPANY, SELF] as const) {
    for (const candidate of facts.all(owner, 'employees')) {
      const found = parseEmployeeSize(candidate.value)
      if (candidate.rank < 90) size.count ??= found.count
      if (size.min === null && size.max === null && (found.min !== null || found.max !== null))
        Object.assign(size, { min: found.min, max: found.max })
    }
    const min = facts.first(owner, 'employees_min', (value) => parseEmployeeSize(value).count)
    const max = facts.first(owner, 'employees_max', (value) => parseEmployeeSize(value).count)
    if (
      size.min === null &&
      size.max === null &&
      (min !== null || max !== null) &&
      (max === null || min === null || min <= max)
    )
      Object.assign(size, { min, max })
  }
  return size
}
