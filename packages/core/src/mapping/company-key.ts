import { hash } from 'node:crypto'
import { linkedinPage } from './normalize/linkedin.ts'
import { cutText, foldText, tidyText } from './normalize/text.ts'

const KEY_MAX = 255

/** What makes two companies the same: domain, else LinkedIn page, else name with country and city; null without any. */
export function companyKey(
  domain: string | null,
  linkedinUrl: string | null,
  name: string | null,
  country: string | null,
  city: string | null,
): string | null {
  if (domain !== null) return fit(`domain:${domain}`)
  const page = linkedinPage(linkedinUrl)
  if (page?.kind === 'company') return fit(`linkedin:${page.slug}`)
  const folded = name === null ? '' : foldText(name) || tidyText(name)
  return folded === ''
    ? null
    : fit(`name:${folded}|${country === null ? '' : foldText(country)}|${city === null ? '' : foldText(city)}`)
}

/** An identity longer than its column keeps its beginning and ends in a hash of the whole, so that it stays unique. */
export function fit(id: string): string {
  const tidy = tidyText(id)
  return tidy.length <= KEY_MAX ? tidy : `${cutText(tidy, KEY_MAX - 41)}~${digest(tidy)}`
}

export function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 40)
}
