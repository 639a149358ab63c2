import type { DuplicateFeatures, NameFeature } from './features.ts'
import { toSoundCode } from './fold-text.ts'
import type { Street } from './streets.ts'

/** Raised with every change of folding or keys: keys of another version are computed again. */
export const MATCH_KEY_VERSION = 2
/**
 * A key of more leads is left out: the limit is the only bound on the cost of a pass. With 50 as with 25 all pairs of an
 * invented 100,000 are found, and 931,000 or 386,000 are compared for it; with 16 some are missed.
 */
export const MATCH_KEY_LEADS_MAX = 32
const KEYS_PER_LEAD_MAX = 24

/** 52 bits of a hash: exact as a JavaScript number. A collision costs one comparison. */
export function hashMatchKey(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return (high & 0xfffff) * 0x1_0000_0000 + (low >>> 0)
}

export const phoneKey = (phone: string): number => hashMatchKey(`t:${phone}`)
export const fullNameKey = (first: NameFeature, last: NameFeature): number =>
  hashMatchKey(`n:${first.sound < last.sound ? `${first.sound} ${last.sound}` : `${last.sound} ${first.sound}`}`)

/** Keys whose counts a score depends on. */
export function countedKeys({ phones, first, last }: DuplicateFeatures): number[] {
  const numbers = phones.map(phoneKey)
  return first === null || last === null ? numbers : [...numbers, fullNameKey(first, last)]
}

/** Keys of a lead, ascending, none twice. Leads that share one are compared. */
export function buildMatchKeys(lead: DuplicateFeatures): number[] {
  const texts: string[] = []
  const numbers = lead.phones.map(phoneKey)
  for (const { key, local, host, is_shared } of lead.emails) {
    texts.push(`e:${key}`)
    if (is_shared) continue
    texts.push(`ep:${local.slice(0, 6)} ${host.slice(0, 4)}`)
    if (local.length > 3 && !(lead.last !== null && local.includes(lead.last.text))) texts.push(`el:${local}`)
  }
  texts.push(...lead.linkedin, ...lead.google)
  if (lead.kind === 'person') addPersonKeys(lead, texts, numbers)
  else addCompanyKeys(lead, texts)
  for (const text of texts) numbers.push(hashMatchKey(`${lead.kind[0]}${text}`))
  return [...new Set(numbers)].sort((a, b) => a - b).slice(0, KEYS_PER_LEAD_MAX)
}

function addPersonKeys(lead: DuplicateFeatures, texts: string[], numbers: number[]): void {
  const { first, last, postal_code, city, street, domain } = lead
  if (first !== null && last !== null) numbers.push(fullNameKey(first, last))
  for (const name of [first, last]) {
    if (name === null) continue
    if (postal_code !== null) texts.push(`np:${name.sound} ${postal_code}`)
    if (city !== null) texts.push(`nc:${name.sound} ${city.slice(0, 8)}`)
  }
  if (last !== null && domain !== null) texts.push(`nd:${last.sound} ${domain}`)
  addStreetKeys(lead, texts)
  if (postal_code === null) return
  if (street !== null) texts.push(`ps:${postal_code} ${toStreetStart(street)}`)
  if (first !== null && last !== null) texts.push(`ip:${toInitials(first, last)} ${postal_code}`)
}

const STREET_START_LETTERS = 4

/** The beginning survives what follows: a street type that is joined, broken or spelled otherwise. */
const toStreetStart = ({ text }: Street): string => text.slice(0, STREET_START_LETTERS)

const toInitials = (first: NameFeature, last: NameFeature): string => {
  const [a = '', b = ''] = [first.text[0] ?? '', last.text[0] ?? ''].sort()
  return a + b
}

function addStreetKeys({ street }: DuplicateFeatures, texts: string[]): void {
  if (street !== null && street.number !== '') texts.push(`s:${street.number} ${toStreetStart(street)}`)
}

function addCompanyKeys(lead: DuplicateFeatures, texts: string[]): void {
  const { company, city, postal_code, domain } = lead
  if (company !== null) {
    const sounds = company.core.slice(0, 3).map(toSoundCode)
    const place = (city ?? '').slice(0, 4)
    for (const [index, sound] of sounds.entries()) {
      if (sounds.length === 1) texts.push(`c:${sound} ${place}`)
      for (const other of sounds.slice(index + 1)) {
        texts.push(`c:${sound < other ? `${sound} ${other}` : `${other} ${sound}`} ${place}`)
      }
    }
  }
  addStreetKeys(lead, texts)
  if (domain !== null && (postal_code ?? city) !== null) texts.push(`dp:${domain} ${postal_code ?? city}`)
}
