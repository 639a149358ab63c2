import { hash } from 'node:crypto'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { foldText, toCleanLine, truncateText } from '../normalize/text.ts'

const KEY_MAX = 255

/** Returns the natural key of a company: domain, else LinkedIn page, else name with country and city, else null. */
export function buildCompanyKey(
  domain: string | null,
  linkedinUrl: string | null,
  name: string | null,
  country: string | null,
  city: string | null,
): string | null {
  if (domain !== null) return fitToColumn(`domain:${domain}`)
  const page = parseLinkedinPage(linkedinUrl)
  if (page?.kind === 'company') return fitToColumn(`linkedin:${page.slug}`)
  const folded = name === null ? '' : foldText(name) || toCleanLine(name)
  return folded === ''
    ? null
    : fitToColumn(`name:${folded}|${country === null ? '' : foldText(country)}|${city === null ? '' : foldText(city)}`)
}

/** Shortens an identity to its column: the beginning and a hash of the whole, so that it stays unique. */
export function fitToColumn(id: string): string {
  const tidy = toCleanLine(id)
  return tidy.length <= KEY_MAX ? tidy : `${truncateText(tidy, KEY_MAX - 41)}~${shortHash(tidy)}`
}

export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 40)
}
