import { isPrivacyEmail, isRoleEmail, toEmailKey } from '../normalize/email.ts'
import { toReadableEmail } from '../normalize/host-spelling.ts'
import { toMemberNumber } from '../normalize/linkedin.ts'
import { type CompanyName, readCompanyName } from './company-names.ts'
import { foldText, foldWords, toSoundCode } from './fold-text.ts'
import { toFormalName, toFullForms } from './given-names.ts'
import { readStreet, type Street } from './streets.ts'
import { TextMemo } from './text-memo.ts'

/** A lead as scoring reads it. */
export interface DuplicateSubject {
  id: number
  full_name: string | null
  first_name: string | null
  last_name: string | null
  email: string | null
  additional_emails: readonly string[]
  phone: string | null
  additional_phones: readonly string[]
  company_name: string | null
  company_domain: string | null
  street: string | null
  city: string | null
  state: string | null
  postal_code: string | null
  /** Identities of the lead, as `lead_identities` stores them. */
  identities: readonly string[]
}

/** Of whom nothing is known. */
export const EMPTY_SUBJECT: DuplicateSubject = {
  id: 0,
  full_name: null,
  first_name: null,
  last_name: null,
  email: null,
  additional_emails: [],
  phone: null,
  additional_phones: [],
  company_name: null,
  company_domain: null,
  street: null,
  city: null,
  state: null,
  postal_code: null,
  identities: [],
}

/** A first or last name, of one or more words. */
export interface NameFeature {
  text: string
  words: readonly string[]
  /** Full forms that a given name may be short for. */
  forms: readonly string[]
  sound: string
}

export interface EmailFeature {
  /** Two spellings of one mailbox are equal here. */
  key: string
  local: string
  host: string
  /** A mailbox of a function, not of a person. */
  is_shared: boolean
}

/** What is compared of a lead, normalized once. */
export interface DuplicateFeatures {
  lead_id: number
  kind: 'person' | 'company'
  first: NameFeature | null
  last: NameFeature | null
  emails: readonly EmailFeature[]
  /** Last nine digits of each number. */
  phones: readonly string[]
  /** LinkedIn pages, of which a person who renamed theirs has two, and numbers of members. */
  linkedin: readonly string[]
  /** Identities of the place at Google. */
  google: readonly string[]
  company: CompanyName | null
  domain: string | null
  street: Street | null
  city: string | null
  state: string | null
  postal_code: string | null
}

/** Shared by all leads without a value, as most are. */
const NONE: readonly never[] = []
const PHONE_DIGITS = 9
const PHONE_DIGITS_MIN = 6
const VALUES_COMPARED_MAX = 6

/** What leads have in common, for a call that reads many of them: they share the values, which also spares memory. */
export interface FeatureMemo {
  names: TextMemo<NameFeature | null>
  joined: TextMemo<string | null>
  employers: TextMemo<CompanyName | null>
}

export const createFeatureMemo = (): FeatureMemo => ({
  names: new TextMemo(readName),
  joined: new TextMemo(joinWords),
  employers: new TextMemo(readEmployer),
})

const withoutMemo = {
  names: { get: readName },
  joined: { get: joinWords },
  employers: { get: readEmployer },
}

type Readers = FeatureMemo | typeof withoutMemo

export function toFeatures(lead: DuplicateSubject, memo: Readers = withoutMemo): DuplicateFeatures {
  const { first, last } = readNames(lead, memo)
  const isPerson = first !== null || last !== null || lead.company_name === null
  const { joined, employers } = memo
  return {
    lead_id: lead.id,
    kind: isPerson ? 'person' : 'company',
    first,
    last,
    emails: readEmails(lead),
    phones: readPhones(lead),
    linkedin: toLinkedinForms(selectIdentities(lead.identities, 'linkedin')),
    google: selectIdentities(lead.identities, 'google_cid:'),
    company: isPerson ? mapText(lead.company_name, employers) : readCompanyName(lead.company_name, lead.city),
    domain: lead.company_domain,
    street: readStreet(lead.street),
    city: mapText(lead.city, joined),
    state: mapText(lead.state, joined),
    postal_code: mapText(lead.postal_code, joined),
  }
}

function selectIdentities(identities: readonly string[], prefix: string): readonly string[] {
  const found = identities.filter((identity) => identity.startsWith(prefix))
  return found.length === 0 ? NONE : found
}

/** A member's id in each of its spellings is the member's number. */
function toLinkedinForms(identities: readonly string[]): readonly string[] {
  const numbers = identities.map(toMemberNumber)
  if (numbers.every((number) => number === null)) return identities
  return [...new Set(identities.map((one, at) => (numbers[at] === null ? one : `linkedin_member:${numbers[at]}`)))]
}

const mapText = <Value>(text: string | null, reader: { get(text: string): Value | null }): Value | null =>
  text === null ? null : reader.get(text)

function readEmployer(name: string): CompanyName | null {
  return readCompanyName(name, null)
}

function joinWords(text: string): string | null {
  const joined = foldWords(text).join('')
  return joined === '' ? null : joined
}

function readNames(
  { first_name, last_name, full_name }: DuplicateSubject,
  { names }: Readers,
): { first: NameFeature | null; last: NameFeature | null } {
  const first = mapText(first_name, names)
  const last = mapText(last_name, names)
  if (first !== null || last !== null) return { first, last }
  // Names outside Latin script have no parts: the first word counts as the given name.
  const words = foldWords(full_name)
  return { first: toNameFeature(words.slice(0, 1)), last: toNameFeature(words.slice(1)) }
}

function readName(name: string): NameFeature | null {
  return toNameFeature(foldWords(name))
}

function toNameFeature(words: readonly string[]): NameFeature | null {
  if (words.length === 0) return null
  const text = words.join('')
  const [head = text] = words
  const forms = toFullForms(text).length > 0 ? toFullForms(text) : toFullForms(head)
  return { text, words, forms, sound: toSoundCode(toFormalName(text)) }
}

function readEmails({ email, additional_emails }: DuplicateSubject): readonly EmailFeature[] {
  if (email === null && additional_emails.length === 0) return NONE
  const addresses = email === null ? additional_emails : [email, ...additional_emails]
  return addresses.slice(0, VALUES_COMPARED_MAX).map((address) => {
    const key = toEmailKey(foldText(toReadableEmail(address)))
    const at = key.lastIndexOf('@')
    const local = key.slice(0, at)
    return {
      key,
      local,
      host: key.slice(at + 1),
      is_shared: isRoleEmail(address) || isPrivacyEmail(address),
    }
  })
}

function readPhones({ phone, additional_phones }: DuplicateSubject): readonly string[] {
  if (phone === null && additional_phones.length === 0) return NONE
  const numbers = phone === null ? additional_phones : [phone, ...additional_phones]
  return [...new Set(numbers.slice(0, VALUES_COMPARED_MAX).map(toPhoneKey))].filter((digits) => digits !== '')
}

function toPhoneKey(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return digits.length < PHONE_DIGITS_MIN ? '' : digits.slice(-PHONE_DIGITS)
}
