import { toRegistrableDomain } from '../normalize/domain.ts'
import { toMemberNumber } from '../normalize/linkedin.ts'
import type { PersonName } from '../normalize/name.ts'
import { foldText } from '../normalize/text.ts'
import { cleanUrl, decodeUriPart, getHost, getPath } from '../normalize/url.ts'
import type { Facts } from './facts.ts'
import { type Field, SELF } from './fields.ts'

/** Keys of the item itself, not of something inside it. */
const OWN_RANK_MAX = 14
const PAGES_MAX = 5
const NAME_LETTERS_MIN = 2

const memberFields: readonly Field[] = ['member_id', 'id', 'linkedin_slug', 'linkedin']
const pageFields: readonly Field[] = ['network_page', 'facebook', 'instagram', 'social', 'url']

/**
 * Identities of a person besides the one that the lead is known by: their number at LinkedIn, and pages on networks. A
 * page counts only if its address has both parts of the name: that of the company or of a colleague does not.
 */
export function findPersonIdentities(facts: Facts, pageUrl: string | null, name: PersonName): string[] {
  const identities = new Set<string>()
  const numbers = findMemberNumbers(facts)
  // Two numbers are those of two people.
  if (numbers.size === 1) for (const number of numbers) identities.add(`linkedin_member:${number}`)
  const parts = [name.first, name.last].map(toLetters)
  if (parts.some((part) => part.length < NAME_LETTERS_MIN)) return [...identities]
  for (const value of [pageUrl, ...select(facts, pageFields)]) {
    const page = toPersonPage(value, parts)
    if (page !== null && identities.size < PAGES_MAX) identities.add(page)
  }
  return [...identities]
}

function findMemberNumbers(facts: Facts): Set<string> {
  const numbers = new Set<string>()
  for (const value of select(facts, memberFields)) addMemberNumber(numbers, value)
  // A link may lead anywhere.
  for (const url of select(facts, ['url']))
    if (typeof url === 'string' && url.includes('linkedin.')) addMemberNumber(numbers, url)
  return numbers
}

function addMemberNumber(numbers: Set<string>, value: unknown): void {
  const number = toMemberNumber(value)
  if (number !== null) numbers.add(number)
}

function select(facts: Facts, fields: readonly Field[]): unknown[] {
  const values: unknown[] = []
  for (const field of fields)
    for (const { value, rank } of facts.all(SELF, field)) if (rank <= OWN_RANK_MAX) values.push(value)
  return values
}

const toLetters = (text: string | null): string => foldText(text ?? '').replace(/[^\p{L}]/gu, '')

const networks: Record<string, string> = {
  'facebook.com': 'facebook',
  'fb.com': 'facebook',
  'instagram.com': 'instagram',
  'tiktok.com': 'tiktok',
  'twitter.com': 'x',
  'x.com': 'x',
}

function toPersonPage(value: unknown, name: readonly string[]): string | null {
  const url = cleanUrl(value)
  const host = url === null ? null : getHost(url)
  const domain = host === null ? null : toRegistrableDomain(host)
  if (url === null || domain === null) return null
  const [first = '', second = ''] = decodeUriPart(getPath(url)).toLowerCase().split('/')
  const isXing = domain === 'xing.com' && first === 'profile'
  const network = networks[domain]
  if (!isXing && network === undefined) return null
  const letters = toLetters(isXing ? second : first)
  if (!name.every((part) => letters.includes(part))) return null
  return isXing ? `xing:profile/${second}` : `${network}:${first}`
}
