import type { Company } from '../model/company.ts'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { type CompanyName, readCompanyName } from './company-names.ts'
import { compareCompanyNames } from './compare-names.ts'
import { foldWords, toSoundCode } from './fold-text.ts'
import { hashMatchKey } from './match-keys.ts'
import type { PairScore } from './score-pair.ts'
import { CERTAIN_MIN, toCertainty } from './weights.ts'

/** Columns that tell which company it is. */
export const comparedCompanyColumns = [
  'id',
  'company_key',
  'name',
  'domain',
  'linkedin_url',
  'country',
  'city',
] as const satisfies readonly (keyof Company)[]

export type ComparedCompany = Pick<Company, (typeof comparedCompanyColumns)[number]>

/** A company as scoring reads it. */
export interface CompanyFeatures {
  company_id: number
  name: CompanyName | null
  domain: string | null
  linkedin: string | null
  country: string | null
  city: string | null
}

export function toCompanyFeatures(company: ComparedCompany): CompanyFeatures {
  const page = parseLinkedinPage(company.linkedin_url)
  const [namespace, ...rest] = company.company_key.split(':')
  const value = rest.join(':')
  return {
    company_id: company.id,
    name: readCompanyName(company.name, company.city),
    domain: company.domain ?? (namespace === 'domain' ? value : null),
    linkedin: page?.kind === 'company' ? page.slug : namespace === 'linkedin' ? value : null,
    country: joinWords(company.country),
    city: joinWords(company.city),
  }
}

const joinWords = (text: string | null): string | null => foldWords(text).join('') || null

/** Raised with every change of keys or weights: all companies are compared again. */
export const COMPANY_KEY_VERSION = 1

/** Keys of a company, ascending, none twice. Companies that share one are compared. */
export function buildCompanyMatchKeys({ name, domain, linkedin, country, city }: CompanyFeatures): number[] {
  const texts: string[] = []
  if (domain !== null) texts.push(`d:${domain}`)
  if (linkedin !== null) texts.push(`l:${linkedin}`)
  if (name !== null) {
    const sound = name.core.map(toSoundCode).sort().join(' ')
    if (city !== null) texts.push(`nc:${sound} ${city}`, `fc:${toSoundCode(name.core[0] ?? '')} ${city}`)
    if (country !== null) texts.push(`no:${sound} ${country}`)
  }
  return [...new Set(texts.map((text) => hashMatchKey(`company ${text}`)))].sort((a, b) => a - b)
}

/**
 * Bits of evidence. Website and LinkedIn page decide; a name takes a place with it, because a country has many companies of
 * one name.
 */
const START = -10
const levelBits = {
  domain: { same: 17, differs: -5 },
  linkedin: { same: 20, differs: -8 },
  company: { same: 9, close: 6, part: 3, near: -1, other_type: -6, differs: -6 },
  city: { same: 4, differs: -4 },
  country: { same: 0.5, differs: -6 },
} as const

const compareValues = (a: string | null, b: string | null): 'same' | 'differs' | undefined =>
  a === null || b === null ? undefined : a === b ? 'same' : 'differs'

/** How likely it is that two companies are one, with the level of each field. */
export function scoreCompanyPair(a: CompanyFeatures, b: CompanyFeatures): PairScore {
  const reasons: Record<string, string> = {}
  let bits: number = START
  for (const field of ['domain', 'linkedin', 'city', 'country'] as const) {
    const level = compareValues(a[field], b[field])
    if (level === undefined) continue
    reasons[field] = level
    bits += levelBits[field][level]
  }
  if (a.name !== null && b.name !== null) {
    const level = compareCompanyNames(a.name, b.name)
    reasons.company = level
    bits += levelBits.company[level]
  }
  const certainty = toCertainty(bits)
  const contradicts = ['domain', 'linkedin', 'country'].some((field) => reasons[field] === 'differs')
  const hasPage = reasons.domain === 'same' || reasons.linkedin === 'same'
  const hasName = reasons.company === 'same' || reasons.company === 'close'
  return { bits, certainty, is_certain: certainty >= CERTAIN_MIN && hasPage && hasName && !contradicts, reasons }
}
