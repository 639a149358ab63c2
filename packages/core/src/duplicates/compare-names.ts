import type { CompanyName } from './company-names.ts'
import type { NameFeature } from './features.ts'
import { areTwoGivenNames } from './similar-given-names.ts'
import { editDistance, jaroWinkler } from './text-distance.ts'
import { personWeights } from './weights.ts'

export type NameLevel = keyof typeof personWeights.last_name
/** First names that resemble each other may be two names. */
export type FirstNameLevel = keyof typeof personWeights.first_name
export type CompanyLevel = 'same' | 'close' | 'part' | 'near' | 'other_type' | 'differs'

const CLOSE_SIMILARITY = 0.93
const NEAR_SIMILARITY = 0.84

/** How two names agree. */
export function compareName(a: NameFeature, b: NameFeature): NameLevel {
  if (a.text === b.text) return 'same'
  if (a.forms.some((form) => b.forms.includes(form))) return 'short_form'
  if (a.text.length === 1 || b.text.length === 1) return a.text[0] === b.text[0] ? 'initial' : 'differs'
  const longest = Math.max(a.text.length, b.text.length)
  const edits = editDistance(a.text, b.text, 2)
  if (edits === 1 && longest > 3) return 'close'
  const similarity = jaroWinkler(a.text, b.text, NEAR_SIMILARITY)
  if (similarity >= CLOSE_SIMILARITY) return 'close'
  if (haveCommonWord(a.words, b.words)) return 'part'
  if (similarity >= NEAR_SIMILARITY || (edits === 2 && longest > 4)) return 'near'
  return a.sound === b.sound && a.sound.length > 1 ? 'near' : 'differs'
}

function haveCommonWord(a: readonly string[], b: readonly string[]): boolean {
  if (a.length < 2 && b.length < 2) return false
  return a.some((word) => word.length > 2 && b.includes(word))
}

export interface NamesComparison {
  /** Undefined where one side does not state it. */
  first: FirstNameLevel | undefined
  last: NameLevel | undefined
  is_swapped: boolean
  bits: number
}

interface Names {
  first: NameFeature | null
  last: NameFeature | null
}

const compareOptional = (a: NameFeature | null, b: NameFeature | null): NameLevel | undefined =>
  a === null || b === null ? undefined : compareName(a, b)

function compareFirst(a: NameFeature | null, b: NameFeature | null): FirstNameLevel | undefined {
  const level = compareOptional(a, b)
  if (a === null || b === null || (level !== 'close' && level !== 'near')) return level
  return areTwoGivenNames(a.text, b.text) ? 'other_name' : level
}

/** First with first and last with last, or crosswise where that agrees better. */
export function compareNames(a: Names, b: Names): NamesComparison {
  const straight = toComparison(compareFirst(a.first, b.first), compareOptional(a.last, b.last), false)
  if (straight.first === 'same' && straight.last === 'same') return straight
  const crossFirst = compareOptional(a.first, b.last)
  const crossLast = compareOptional(a.last, b.first)
  if (!agrees(crossFirst) && !agrees(crossLast)) return straight
  const crossed = toComparison(
    crossFirst === 'differs' ? 'unmatched' : crossFirst,
    crossLast === 'differs' ? 'unmatched' : crossLast,
    true,
  )
  return crossed.bits > straight.bits ? crossed : straight
}

const agrees = (level: FirstNameLevel | undefined): boolean =>
  level !== undefined && level !== 'differs' && level !== 'initial'

function toComparison(
  first: FirstNameLevel | undefined,
  last: NameLevel | undefined,
  is_swapped: boolean,
): NamesComparison {
  const bits =
    (first === undefined ? 0 : personWeights.first_name[first]) +
    (last === undefined ? 0 : personWeights.last_name[last]) +
    (is_swapped ? personWeights.names_swapped.yes : 0)
  return { first, last, is_swapped, bits }
}

const WORD_SIMILARITY = 0.9
const PREFIX_MIN = 4

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const shortest = Math.min(a.length, b.length)
  if (shortest >= PREFIX_MIN && (a.startsWith(b) || b.startsWith(a))) return true
  return shortest >= PREFIX_MIN && (jaroWinkler(a, b, WORD_SIMILARITY) > 0 || editDistance(a, b, 1) === 1)
}

/** How the names of two companies or places agree. */
export function compareCompanyNames(a: CompanyName, b: CompanyName): CompanyLevel {
  if (a.text === b.text) return 'same'
  if (a.has_type_only !== b.has_type_only) {
    const [typed, named] = a.has_type_only ? [a, b] : [b, a]
    return typed.core.every((word) => named.types.includes(word)) ? 'part' : 'differs'
  }
  const [few, many] = a.core.length <= b.core.length ? [a, b] : [b, a]
  const matched = few.core.filter((word) => many.core.some((other) => isSameWord(word, other))).length
  if (matched === few.core.length && matched === many.core.length) return compareTypes(a, b)
  if (matched === few.core.length) {
    if (haveOtherDepartments(a, b)) return 'near'
    return matched > 1 || (few.core[0] as string).length >= PREFIX_MIN ? 'close' : 'part'
  }
  if (isSameWord(few.core.join(''), many.core.join(''))) return compareTypes(a, b)
  if (matched > 0 && matched * 2 >= many.core.length) return 'part'
  return matched > 0 || jaroWinkler(a.text, b.text, NEAR_SIMILARITY) > 0 ? 'near' : 'differs'
}

const haveOtherDepartments = (a: CompanyName, b: CompanyName): boolean =>
  a.departments.some((word) => !b.departments.includes(word)) ||
  b.departments.some((word) => !a.departments.includes(word))

/** The names agree; what kind of place it is may not: cafe and dining room of one hotel are two places. */
function compareTypes(a: CompanyName, b: CompanyName): CompanyLevel {
  if (haveOtherDepartments(a, b)) return 'near'
  if (a.types.length === 0 || b.types.length === 0) return a.types.length === b.types.length ? 'same' : 'close'
  const common = a.types.filter((type) => b.types.includes(type)).length
  if (common === 0) return 'other_type'
  return common === a.types.length && common === b.types.length ? 'same' : 'close'
}
