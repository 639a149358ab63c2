import type { MappedCompany } from '../model/mapped-item.ts'
import { hasLegalForm } from '../normalize/company-name.ts'
import { toCountryName } from '../normalize/country.ts'
import { type EmployeeSize, parseEmployeeSize } from '../normalize/employees.ts'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { memoize } from '../normalize/memoize.ts'
import { cleanTags } from '../normalize/tags.ts'
import { cleanText } from '../normalize/text.ts'
import { buildCompanyKey } from './company-key.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner, SELF } from './fields.ts'
import { isCompanyType, isOffer } from './listing.ts'
import { NO_LOCATION } from './resolve-location.ts'
import type { Subject } from './resolve-subject.ts'
import type { UnreadValues } from './unread.ts'

/** Fits a MySQL TEXT column in four-byte characters. */
const DESCRIPTION_MAX = 10_000
const NO_INDUSTRY =
  /^(?:page|business|company|local business|establishment|point of interest|point_of_interest|organization|other|others|place|service establishment)$/i

/** Returns the company row, or null if nothing names or identifies a company. A site without a name is named by its domain. */
export function resolveCompany(
  facts: Facts,
  kind: Kind,
  subject: Subject,
  website: string | null,
  domain: string | null,
  linkedinUrl: string | null,
  unread: UnreadValues | null = null,
): MappedCompany | null {
  const isSubject = kind === 'company'
  const { companyGeo } = subject
  const isUnlocated = companyGeo.country === null && companyGeo.city === null
  const geo = kind === 'person' && isUnlocated ? NO_LOCATION : companyGeo
  const country = geo.country === null ? null : toCountryName(geo.country)
  const page = parseLinkedinPage(linkedinUrl)
  const name = subject.companyName ?? domain ?? page?.slug ?? null
  const key = buildCompanyKey(domain, linkedinUrl, subject.companyName, country, geo.city)
  if (name === null || key === null) return null
  const size = resolveSize(facts, unread)
  return {
    company_key: key,
    name,
    domain,
    company_type: facts.first(COMPANY, 'company_type', cleanType) ?? facts.first(SELF, 'company_type', cleanType),
    country,
    city: geo.city,
    industry: findIndustry(facts, [COMPANY, SELF]),
    employee_count: size.count,
    employee_size_min: size.min,
    employee_size_max: size.max,
    description: resolveDescription(facts, kind, subject),
    website,
    linkedin_url: linkedinUrl,
    tags: cleanTags(
      facts
        .all(COMPANY, 'tags')
        .concat(isSubject ? facts.all(SELF, 'tags') : [])
        .map((candidate) => candidate.value),
    ),
  }
}

const cleanType = (value: unknown) => cleanText(value, 50)

/** The text of a listing or a job post describes the offer. Only an item about the company itself describes the company. */
function resolveDescription(facts: Facts, kind: Kind, subject: Subject): string | null {
  const clean = (value: unknown) => (typeof value === 'string' ? cleanText(value, DESCRIPTION_MAX) : null)
  const stated = facts.first(COMPANY, 'description', clean)
  if (stated !== null || kind !== 'company' || !subject.isItemCompany || isOffer(facts)) return stated
  return facts.first(SELF, 'description', clean)
}

/** A legal form alone is no industry: `GmbH`, `Sp. z o.o.`. */
const FORM_LENGTH_MAX = 12

/** Returns the vendor's label of the industry on one line, or null for a label that says nothing ("Business"). */
export const cleanIndustry = (value: unknown): string | null => (typeof value === 'string' ? readIndustry(value) : null)

/** Items of one run repeat a few labels, and each is read for the lead and for its company. */
const readIndustry = memoize(toIndustry, { results_max: 64, length_max: 200 })

function toIndustry(value: string): string | null {
  const text = cleanText(value.replace(/^(?:Page · |\/)|[ (]+\d{1,3} ?%\)?$/g, ''), 100)
  return text === null || NO_INDUSTRY.test(text) || (text.length <= FORM_LENGTH_MAX && hasLegalForm(`- ${text}`))
    ? null
    : text
}

/** "Roofing contractor": several words are a category, one word may be the type of the record. */
const CATEGORY = /^\p{Lu}\p{Ll}+(?: [\p{L}&-]+){1,4}$/u

/** Returns the industry that the first of these owners has, else the type of a place. */
export const findIndustry = (facts: Facts, order: readonly [Owner, Owner]): string | null =>
  facts.first(order[0], 'industry', cleanIndustry) ??
  facts.first(order[1], 'industry', cleanIndustry) ??
  (facts.has(SELF, 'place_evidence')
    ? facts.first(SELF, 'type', (value) =>
        typeof value === 'string' && CATEGORY.test(value) && !isCompanyType(value) ? cleanIndustry(value) : null,
      )
    : null)

/** Reads an exact count and a range, which may both be stated. A bare `size` only counts as a range. */
function resolveSize(facts: Facts, unread: UnreadValues | null): EmployeeSize {
  const size: EmployeeSize = { count: null, min: null, max: null }
  for (const owner of [COMPANY, SELF] as const) {
    for (const candidate of facts.all(owner, 'employees')) {
      const found = parseEmployeeSize(candidate.value)
      if (found.count === null && found.min === null && found.max === null && candidate.rank < LOOSE_SIZE_RANK)
        unread?.add('company.employees', candidate.value)
      if (candidate.rank < LOOSE_SIZE_RANK) size.count ??= found.count
      setRange(size, found.min, found.max)
    }
    const min = facts.first(owner, 'employees_min', (value) => parseEmployeeSize(value).count)
    const max = facts.first(owner, 'employees_max', (value) => parseEmployeeSize(value).count)
    if (max === null || min === null || min <= max) setRange(size, min, max)
  }
  return size
}

/** A key `size` may measure anything. */
const LOOSE_SIZE_RANK = 90

/** Sets the range unless it is set. */
function setRange(size: EmployeeSize, min: number | null, max: number | null): void {
  if (size.min === null && size.max === null && (min !== null || max !== null)) Object.assign(size, { min, max })
}
