import type { DuplicateFeatures, EmailFeature } from './features.ts'
import type { Street } from './streets.ts'
import { editDistance, jaroWinkler } from './text-distance.ts'
import type { personWeights } from './weights.ts'

export type EmailLevel = keyof typeof personWeights.email
export type PhoneLevel = keyof typeof personWeights.phone
export type StreetLevel = keyof typeof personWeights.street
export type PlaceLevel = 'same' | 'near' | 'differs'

const SIMILAR_ADDRESS = 0.88
const SIMILAR_CITY = 0.86
const SIMILAR_WORD = 0.86
const emailRanks: readonly EmailLevel[] = ['same', 'close', 'same_local_part', 'similar', 'shared']

/** The best agreement of any two addresses. */
export function compareEmails(a: DuplicateFeatures, b: DuplicateFeatures): EmailLevel | undefined {
  if (a.emails.length === 0 || b.emails.length === 0) return undefined
  let best: EmailLevel = 'differs'
  for (const left of a.emails) {
    for (const right of b.emails) {
      const level = compareEmail(left, right, a)
      if (level !== 'differs' && (best === 'differs' || emailRanks.indexOf(level) < emailRanks.indexOf(best))) {
        best = level
      }
    }
  }
  return best
}

function compareEmail(a: EmailFeature, b: EmailFeature, person: DuplicateFeatures): EmailLevel {
  if (a.key === b.key) return a.is_shared ? 'shared' : 'same'
  if (a.is_shared || b.is_shared) return 'differs'
  if (a.local === b.local) {
    if (isNearHost(a.host, b.host)) return 'close'
    return isNamedAfter(a.local, person) ? 'differs' : 'same_local_part'
  }
  const isSameHost = a.host === b.host
  if (isSameHost && toDigits(a.local) !== toDigits(b.local)) return 'differs'
  const edits = editDistance(a.key, b.key, 3)
  // At a firm's host `a.meier` and `b.meier` are two people: one edit must not be the whole difference of names.
  if (edits <= 2 && a.local.length > 5) return 'close'
  if (isSameHost) return editDistance(a.local, b.local, 3) <= 3 && a.local.length > 7 ? 'similar' : 'differs'
  return jaroWinkler(a.key, b.key, SIMILAR_ADDRESS) > 0 ? 'similar' : 'differs'
}

const toDigits = (text: string): string => text.replace(/\D/g, '')

const isNearHost = (a: string, b: string): boolean => editDistance(a, b, 2) <= 2

/** `jane.doe@` at two hosts only repeats the name. */
function isNamedAfter(local: string, { first, last }: DuplicateFeatures): boolean {
  const isIn = (name: string | undefined): boolean => name !== undefined && name.length > 2 && local.includes(name)
  return isIn(last?.text) || (last === null && isIn(first?.text)) || isIn(last?.words[0])
}

/** The best agreement of any two numbers; undefined where one side has none that counts. */
export function comparePhones(
  a: readonly string[],
  b: readonly string[],
  countLeads: (phone: string) => number,
  limits: { ignored: number; switchboard: number },
): PhoneLevel | undefined {
  const left = a.filter((phone) => countLeads(phone) <= limits.ignored)
  const right = b.filter((phone) => countLeads(phone) <= limits.ignored)
  if (left.length === 0 || right.length === 0) return undefined
  const common = left.find((phone) => right.includes(phone))
  if (common !== undefined) return countLeads(common) >= limits.switchboard ? 'shared' : 'same'
  return left.some((phone) => right.some((other) => editDistance(phone, other, 1) === 1)) ? 'close' : 'differs'
}

export function compareStreets(a: Street | null, b: Street | null): StreetLevel | undefined {
  if (a === null || b === null) return undefined
  const [few, many] = a.words.length <= b.words.length ? [a, b] : [b, a]
  const matched = few.words.filter((word) => many.words.some((other) => isSimilar(word, other))).length
  const isSameName = (matched === few.words.length && matched * 2 > many.words.length) || isSimilar(a.text, b.text)
  const hasNumbers = a.number !== '' && b.number !== ''
  const isSameNumber = hasNumbers && a.number === b.number
  if (isSameName) {
    if (!hasNumbers) return 'no_number'
    if (isSameNumber) return 'same'
    return isCloseNumber(a.number, b.number) ? 'close_number' : 'other_number'
  }
  if (matched > 0) return hasNumbers && !isSameNumber ? 'half_other_number' : 'half'
  return isSameNumber ? 'number_only' : 'differs'
}

/** One digit off, left out or swapped. Single digits are neighbors instead. */
const isCloseNumber = (a: string, b: string): boolean => Math.max(a.length, b.length) > 1 && editDistance(a, b, 1) === 1

const isSimilar = (a: string, b: string): boolean =>
  a === b || (Math.min(a.length, b.length) > 3 && (jaroWinkler(a, b, SIMILAR_WORD) > 0 || editDistance(a, b, 1) === 1))

export function compareCities(a: string | null, b: string | null): PlaceLevel | undefined {
  if (a === null || b === null) return undefined
  if (a === b) return 'same'
  const shortest = Math.min(a.length, b.length)
  if (shortest > 3 && (a.includes(b) || b.includes(a))) return 'near'
  return shortest > 3 && (jaroWinkler(a, b, SIMILAR_CITY) > 0 || editDistance(a, b, 2) <= (shortest > 5 ? 2 : 1))
    ? 'near'
    : 'differs'
}

export function comparePostalCodes(a: string | null, b: string | null): PlaceLevel | undefined {
  if (a === null || b === null) return undefined
  if (a === b) return 'same'
  const shortest = Math.min(a.length, b.length)
  // `12345` and `12345-6789` are one place.
  if (shortest > 3 && (a.startsWith(b) || b.startsWith(a))) return 'same'
  return editDistance(a, b, 1) === 1 ? 'near' : 'differs'
}

export const compareStates = (a: string | null, b: string | null): 'same' | 'differs' | undefined =>
  a === null || b === null ? undefined : a === b ? 'same' : 'differs'
