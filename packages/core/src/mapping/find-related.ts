import { hasCompanyWord } from '../normalize/company-name.ts'
import { cleanEmail, isRoleEmail } from '../normalize/email.ts'
import { cleanText, foldText, normalizeKey } from '../normalize/text.ts'
import { isObject, type JsonObject } from './choose-entries.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, PERSON, SELF } from './fields.ts'
import { recognizeKey } from './recognize-key.ts'
import { ASKED_KEY, ASKED_PREFIX, INSTITUTION } from './related-keys.ts'

/** Records beside the usual keys that name the lead, in items that have contact data and no name. */

export interface RelatedRecord {
  key: string
  value: JsonObject
}

const KEYS_MAX = 100

const ASKED_FIELDS = new Set<Field>([
  'first_name',
  'last_name',
  'full_name',
  'job_title',
  'linkedin',
  'domain',
  'website',
])

/** Returns the person whom a finder of addresses was asked for, or null. The address that it found must fit the name. */
export function findAskedPerson(facts: Facts, item: JsonObject): RelatedRecord | null {
  const email = facts.first(SELF, 'email', cleanEmail)
  if (email === null) return null
  const flat: JsonObject = {}
  let prefix = ''
  let keys = 0
  for (const key in item) {
    keys += 1
    if (keys > KEYS_MAX) break
    const { split, related } = recognizeKey(key)
    if (related !== true) continue
    const value = item[key]
    if (isObject(value)) {
      const asked = ASKED_KEY.test(normalizeKey(key.slice(0, 60))) ? toAskedPerson(value, email) : null
      if (asked !== null) return { key, value: asked }
      continue
    }
    if (split === undefined || !ASKED_PREFIX.test(split.prefix)) continue
    prefix ||= split.prefix
    flat[split.rest] ??= value
  }
  const asked = toAskedPerson(flat, email)
  return asked === null ? null : { key: prefix, value: asked }
}

function toAskedPerson(asked: JsonObject, email: string): JsonObject | null {
  const person: JsonObject = {}
  for (const key of Object.keys(asked).slice(0, KEYS_MAX)) {
    const value = asked[key]
    const name = typeof value === 'string' && value.length <= 200 ? toAskedKey(key) : null
    if (name !== null) person[name] ??= value
  }
  const name = [person.full_name, person.first_name, person.last_name].filter((part) => part !== undefined).join(' ')
  return isMailboxOf(name, email) ? person : null
}

/** The key under which the mapping reads what was asked; null for all that does not describe the person. */
function toAskedKey(key: string): string | null {
  const { owner, field } = recognizeKey(key)
  if (owner === COMPANY) return field === 'name' ? 'company_name' : null
  if (owner === PERSON || field === null) return null
  if (field === 'name') return 'full_name'
  if (!ASKED_FIELDS.has(field)) return null
  return field === 'linkedin' ? 'linkedin_url' : field
}

/** True if the mailbox contains a word of the name. */
export function isMailboxOf(name: string, email: string): boolean {
  const local = foldText(email.slice(0, email.indexOf('@')))
  return foldText(name.slice(0, 200))
    .split(' ')
    .some((word) => word.length > 2 && local.includes(word))
}

const REACHABLE: readonly Field[] = ['email', 'phone', 'website', 'address', 'street', 'city', 'postal_code']

/** Returns the institution that a record without another name is about, or null: next to a person it is where they studied. */
export function findInstitution(facts: Facts, item: JsonObject): RelatedRecord | null {
  if ((['name', 'full_name', 'first_name', 'last_name', 'title'] as const).some((field) => facts.has(SELF, field)))
    return null
  // `school` itself is a sign of a person.
  const isPerson = facts.count(SELF, 'person_evidence') > (Object.hasOwn(item, 'school') ? 1 : 0)
  if (isPerson || facts.has(COMPANY, 'name') || facts.has(SELF, 'job_title')) return null
  const value: JsonObject = {}
  let prefix = ''
  let keys = 0
  for (const key in item) {
    keys += 1
    if (keys > KEYS_MAX) break
    const { split, related } = recognizeKey(key)
    if (related !== true) continue
    const first = split?.prefix ?? normalizeKey(key.slice(0, 40))
    if (!INSTITUTION.test(first) || (prefix !== '' && first !== prefix) || isObject(item[key])) continue
    prefix = first
    value[split?.rest ?? 'name'] ??= item[key]
  }
  if (typeof value.name !== 'string') return null
  const isReachable = REACHABLE.some((field) => facts.has(SELF, field)) || Object.keys(value).length > 1
  return isReachable ? { key: prefix, value } : null
}

/** `lena@voss-events.de` of "Lena Voss": the mailbox bears the given name, and the domain does not. */
export function isNamedMailbox(name: string, email: string | null): boolean {
  const words = foldText(name).split(' ')
  const [given = ''] = words
  if (email === null || given.length < 3 || words.length < 2 || words.length > 3 || hasCompanyWord(name)) return false
  const at = email.indexOf('@')
  return email.slice(0, at).split(/[._-]/).includes(given) && !email.slice(at).includes(given) && !isRoleEmail(email)
}

const TWO_OR_THREE_WORDS = /^\s*\S{3,30}(?: \S{1,30}){1,2}\s*$/

/**
 * An organizer or seller whose mailbox bears the given name is a person. What the item is called is what they organize
 * or sell, and its place is no company of theirs.
 */
export function promoteNamedMailbox(facts: Facts): void {
  if (facts.has(PERSON, 'full_name') || facts.has(PERSON, 'first_name')) return
  if ((['name', 'full_name', 'first_name', 'last_name'] as const).some((field) => facts.has(SELF, field))) return
  const [best] = facts.all(COMPANY, 'name')
  if (best === undefined || typeof best.value !== 'string' || !TWO_OR_THREE_WORDS.test(best.value)) return
  const name = cleanText(best.value, 100)
  const email = facts.first(COMPANY, 'email', cleanEmail) ?? facts.first(SELF, 'email', cleanEmail)
  if (name === null || !isNamedMailbox(name, email)) return
  facts.clear(COMPANY, 'name')
  facts.add(PERSON, 'full_name', name, best.rank)
  if (facts.has(SELF, 'title')) facts.add(SELF, 'post_evidence', true, 10)
}
