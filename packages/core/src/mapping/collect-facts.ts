import { isCompanyName } from '../normalize/company-name.ts'
import { cleanEmail } from '../normalize/email.ts'
import { findSiteHost } from '../normalize/hosts.ts'
import { isTitledPerson, parsePersonName } from '../normalize/name.ts'
import { normalizeKey, splitWords } from '../normalize/text.ts'
import { isPageUrl } from '../normalize/url.ts'
import {
  chooseLocation,
  choosePosition,
  findPresentValue,
  isObject,
  type JsonObject,
  parseTypedParts,
  toRecordOfPairs,
} from './choose-entries.ts'
import { Facts, type FactTrace } from './facts.ts'
import { COMPANY, type Context, type Field, type Meaning, type Owner, PERSON, PLACE_FIELDS, SELF } from './fields.ts'
import { findAskedPerson, findInstitution, isMailboxOf, promoteNamedMailbox } from './find-related.ts'
import { cleanPlaceId } from './identify-item.ts'
import { recognizeKey, recognizePersonKey } from './recognize-key.ts'
import { AUTHOR_KEY, AUTHOR_PREFIX } from './related-keys.ts'

const DEPTH_MAX = 6
const VISITED_MAX = 3_000
const ELEMENTS_MAX = 25
/** How much less a list of labels and values counts than keys. */
const PAIRS_PENALTY = 3
/** How much less the values of an object of unknown meaning count. */
const WEAK_RANK = 40

/** The current object: whose it is, how its keys are read, and how much less its values count. */
interface WalkState {
  owner: Owner
  context: Context
  penalty: number
  depth: number
}

export interface CollectOptions {
  /** Top-level keys that a preset marks as being about something else. */
  skip?: ReadonlySet<string> | null
  /** Reads unknown `<noun>Id` and `<noun>Url` keys by their ending. Only items of Actors are read this way. */
  guess?: boolean
  trace?: FactTrace | null
}

/** In an object of unknown meaning, only values that explain themselves are read. */
const SELF_EXPLANATORY_FIELDS = new Set<Field>([
  'email',
  'personal_email',
  'phone',
  'website',
  'linkedin',
  'linkedin_slug',
  'postal_code',
  'place_id',
  'industry',
  'employees',
])
const ADDRESS_FIELDS = new Set<Field>([...PLACE_FIELDS, 'text', 'phone', 'email'])
const NAME_FIELDS = new Set<Field>(['first_name', 'last_name', 'full_name', 'name'])
const POSITION_FIELDS = new Set<Field>([
  'title',
  'job_title',
  'name',
  'linkedin',
  'website',
  'domain',
  'industry',
  'employees',
])
/** Fields of a position that describe the employer. */
const EMPLOYER_FIELDS = new Set<Field>(['name', 'industry', 'employees', 'website', 'domain'])
const CONTACT_FIELDS = new Set<Field>([
  ...SELF_EXPLANATORY_FIELDS,
  'full_name',
  'name',
  'first_name',
  'last_name',
  'job_title',
  'email_status',
  'facebook',
  'instagram',
  'address',
  'city',
  'state',
  'country',
  'country_code',
  'social',
])
/** Keys of objects that wrap one plain value. `current` is the present value of a changed field. */
const VALUE_KEYS: readonly string[] = [
  'value',
  'text',
  'name',
  'label',
  'number',
  'email',
  'address',
  'url',
  'href',
  'link',
  'current',
  'title',
  'displayName',
  'localized',
  'default',
  'sanitized_number',
  'en',
  'formatted',
  'handle',
  'raw',
  'full',
]
/** Keys that say what a wrapped phone number is for. */
const PURPOSE_KEYS: readonly string[] = ['type', 'title', 'label', 'kind', 'name', 'description']

/** Reads an item into facts. */
export function collectFacts(item: JsonObject, options: CollectOptions = {}): Facts {
  const facts = new Facts(options.trace ?? null, item)
  facts.isGuessing = options.guess === true
  const root: WalkState = { owner: SELF, context: 'open', penalty: 0, depth: 0 }
  walkObject(facts, item, root, options.skip ?? null)
  openAuthor(facts, item, root)
  if (facts.isGuessing && facts.hasRelated) openRelated(facts, item, root)
  openWrapper(facts, item, root, options.skip ?? null)
  const isNamed = hasName(facts) || facts.has(SELF, 'title')
  if (facts.isGuessing && (!isNamed || !hasContactOrPlace(facts))) walkPrefixed(facts, item, root)
  if (facts.isGuessing) {
    guessSubjectName(facts, item)
    promoteNamedMailbox(facts)
  }
  return facts
}

/** Nouns whose name is not that of the record. */
const NO_SUBJECT =
  /^(?:service|treatment|course|domain|class|subject|procedure|skill|degree|program|programme|position|school|display|sheet|table|column|field|keyword|tag|topic|segment|host|project|property|building|team|league|game|book|song|film|movie|recipe|template|form|page|site|server|bucket|repo|package|module|function|variable|bank|plan|tour|room|dish|given|middle|maiden|nick|short|long|alt|sort|new|old)$/
const SUBJECT_NAMES: readonly Field[] = ['name', 'full_name', 'first_name', 'last_name', 'title']
const OWN_PLACES: readonly Field[] = ['address', 'street', 'city', 'location']

/**
 * `{campgroundName, phone}`: the name under a noun that no dictionary has, if the item has contact data and no name. Next
 * to a person it must stand first, and the item must state a place.
 */
function guessSubjectName(facts: Facts, item: JsonObject): void {
  if (SUBJECT_NAMES.some((field) => facts.has(SELF, field)) || facts.has(COMPANY, 'name')) return
  if (!hasContactOrPlace(facts)) return
  const hasPerson = facts.has(PERSON, 'full_name') || facts.has(PERSON, 'first_name')
  if (hasPerson && !OWN_PLACES.some((field) => facts.has(SELF, field))) return
  for (const key of firstKeys(item, WRAPPER_KEYS_MAX)) {
    const { owner, field, guess, split } = recognizeKey(key)
    if (owner === PERSON && field !== null) return
    const value = item[key]
    if (guess !== 'name' || typeof value !== 'string' || split === undefined || NO_SUBJECT.test(split.prefix)) continue
    facts.trace?.enter(key)
    facts.add(SELF, 'name', value, GUESS_RANK)
    facts.trace?.leave()
    return
  }
}

/** What names the lead of an item with contact data counts less than everything that the item states itself. */
const RELATED_PENALTY = 10

/** Opens what a finder was asked, or the school that an item is about, if the item has no name of its own. */
function openRelated(facts: Facts, item: JsonObject, root: WalkState): void {
  if (facts.visited > VISITED_MAX) return
  const related = (hasName(facts) ? null : findAskedPerson(facts, item)) ?? findInstitution(facts, item)
  if (related === null) return
  facts.trace?.enter(related.key)
  walkObject(facts, related.value, descend(root, 'open', SELF, RELATED_PENALTY), null)
  facts.trace?.leave()
}

/** Keys with one beginning from which on it is a prefix. */
const PREFIXED_KEYS_MIN = 3
/** Keys from this rank on are read by a part of them only. */
const LOOSE_RANK = 20

/**
 * `{rest_name, rest_phone, rest_address}`: reads keys of unknown meaning without the first word that at least three of
 * them share.
 */
function walkPrefixed(facts: Facts, item: JsonObject, state: WalkState): void {
  let groups: Map<string, JsonObject> | null = null
  let keys = 0
  for (const key in item) {
    keys += 1
    if (keys > WRAPPER_KEYS_MAX) break
    if (!Object.hasOwn(item, key)) continue
    const { field, context, rank, split } = recognizeKey(key)
    if (split === undefined || (field !== null && rank < LOOSE_RANK) || context === 'deny') continue
    groups ??= new Map()
    const group: JsonObject = groups.get(split.prefix) ?? {}
    group[split.rest] ??= item[key]
    groups.set(split.prefix, group)
  }
  if (groups === null) return
  for (const [prefix, group] of groups) {
    const { names, others } = countLeadFields(group)
    if (Object.keys(group).length < PREFIXED_KEYS_MIN || names + others < 2) continue
    facts.trace?.enter(prefix)
    walkObject(facts, group, descend(state, 'open', state.owner, 8), null)
    facts.trace?.leave()
    return
  }
}

function walkObject(facts: Facts, object: JsonObject, state: WalkState, skip: ReadonlySet<string> | null): void {
  const trace = facts.trace
  for (const key of Object.keys(object)) {
    facts.visited += 1
    if (facts.visited > VISITED_MAX) return
    const value = object[key]
    if (value === null || value === undefined || value === '') continue
    const meaning = recognizeInside(key, object, state)
    if (skip?.has(key)) {
      facts.hasAuthorKey ||= state.depth === 0 && meaning.author === true
      continue
    }
    if (state.depth === 0) noteKey(facts, meaning)
    if (meaning.context === 'deny' && meaning.field === null) continue
    trace?.enter(key)
    walkValue(facts, key, value, meaning, state)
    trace?.leave()
  }
}

/** A key that means something in some records only. In a person's: `{given, family}`, `{label: "Ann Lee", pos: "CEO"}`. */
function recognizeInside(key: string, object: JsonObject, state: WalkState): Meaning {
  const meaning = recognizeKey(key)
  if (meaning.personal !== true) return meaning
  if (key === 'code') return state.context === 'address' && isCodeLike(object.code) ? PLACE_CODE : meaning
  const isPerson = state.context === 'person' || state.context === 'name' || hasGivenAndFamily(object)
  if (!isPerson) return meaning
  return (key === 'label' && isLabelledPerson(object) ? LABELLED_NAME : recognizePersonKey(key)) ?? meaning
}

/** `{city, code: "08001"}`: in a place's record digits are its postal code. */
const PLACE_CODE: Meaning = { owner: SELF, field: 'postal_code', rank: 30, context: null }

const isCodeLike = (value: unknown): boolean => typeof value === 'string' && /^\d{2}[\d -]{2,7}$/.test(value)

const hasGivenAndFamily = (object: JsonObject): boolean =>
  typeof object.given === 'string' && typeof object.family === 'string'

const LABELLED_NAME: Meaning = { owner: SELF, field: 'full_name', rank: 30, context: null }

/** The label of an entry of a team is a name if the entry has a position and the label the form of a name. */
function isLabelledPerson({ label, ...others }: JsonObject): boolean {
  if (typeof label !== 'string' || label.length > TITLED_LENGTH_MAX || isCompanyName(label)) return false
  const hasPosition = firstKeys(others, WRAPPER_KEYS_MAX).some(
    (key) => (recognizeKey(key).field ?? recognizePersonKey(key)?.field) === 'job_title',
  )
  return hasPosition && parsePersonName(label).last !== null
}

function noteKey(facts: Facts, { crawl, related, author }: Meaning): void {
  if (author === true) facts.hasAuthorKey = true
  if (crawl === true) facts.crawlKeys += 1
  if (related === true) facts.hasRelated = true
}

function walkValue(facts: Facts, key: string, value: NonNullable<unknown>, meaning: Meaning, state: WalkState): void {
  if (typeof value === 'object') walkNested(facts, key, value, meaning, state)
  else if (meaning.field !== null) addPlainValue(facts, meaning, value, state)
  else if (meaning.guess !== undefined && facts.isGuessing) addGuess(facts, key, meaning.guess, value, state)
  else if (typeof value === 'string') addUnknownText(facts, value, state)
}

/** Adds a plain value under a known key. */
function addPlainValue(facts: Facts, meaning: Meaning, value: unknown, state: WalkState): void {
  const { owner, field, rank } = meaning
  if (field === null) return
  if (meaning.dependsOnForm === true) addValueByForm(facts, meaning, field, value, state)
  else addFact(facts, owner, field, rank, value, state)
  if (meaning.also !== undefined) addFact(facts, SELF, meaning.also, rank, value, state)
}

function addValueByForm(facts: Facts, meaning: Meaning, field: Field, value: unknown, state: WalkState): void {
  if (field === 'house_number' && hasPhoneDigits(String(value))) {
    // `number`, `numero`: a telephone's.
    if (typeof value === 'string') addByValue(facts, value, state)
    return
  }
  if (typeof value !== 'string') {
    addFact(facts, meaning.owner, field, meaning.rank, value, state)
    return
  }
  if (isContactKey(meaning) && addContactText(facts, value, state)) return
  const [owner, target] = retarget(meaning, field, value)
  addFact(facts, owner, target, meaning.rank, value, state)
}

/** Names of roles tell by their form whether a person or a company has the role, and some ids are places of Google. */
function retarget(meaning: Meaning, field: Field, value: string): readonly [Owner, Field] {
  if (meaning.either === true && isTitledPerson(value)) return [PERSON, 'full_name']
  if (isContactKey(meaning) && isCompanyName(value)) return [COMPANY, 'name']
  if (field === 'id' && meaning.owner === SELF && value.startsWith('ChIJ') && cleanPlaceId(value) !== null)
    return [SELF, 'place_id']
  // `pageName: "Sunrise Yoga"` is no handle.
  if (field === 'slug' && /\p{L} \p{L}/u.test(value)) return [meaning.owner, 'name']
  return [meaning.owner, field]
}

const isContactKey = (meaning: Meaning) => meaning.owner === PERSON && meaning.field === 'full_name'

/** Reads `contact: "Tel. 030 …"`: how to reach a person instead of a name. Returns false for a name. */
function addContactText(facts: Facts, value: string, state: WalkState): boolean {
  const hasEmail = value.includes('@')
  const hasPhone = value.length <= 600 && hasPhoneDigits(value)
  if (hasEmail) addFact(facts, SELF, /\s/.test(value.trim()) ? 'text' : 'email', 20, value, state)
  if (hasPhone) addFact(facts, SELF, 'phone', 20, value, state)
  return hasEmail || hasPhone
}

const PHONE_DIGITS_MIN = 6

/** Returns true for a text with as many digits as a phone number has at least. */
function hasPhoneDigits(text: string): boolean {
  let count = 0
  for (let index = 0; index < text.length && count < PHONE_DIGITS_MIN; index += 1) {
    const code = text.charCodeAt(index)
    if (code > 47 && code < 58) count += 1
  }
  return count >= PHONE_DIGITS_MIN
}

type Guess = NonNullable<Meaning['guess']>

/** Adds an unknown `<noun>Id`, `<noun>Url` or `<noun>Name` of the subject. It counts less than every known key. */
function addGuess(facts: Facts, key: string, guess: Guess, value: unknown, state: WalkState): void {
  if (state.context !== 'open' || state.owner === PERSON) return
  if (guess === 'name' || guess === 'person') {
    // `lecturer_name: "Prof. Dr. Ann Lee"`: only the title tells that it is a person's.
    const isPerson = typeof value === 'string' && (isTitledPerson(value) || (guess === 'person' && isPlainName(value)))
    if (isPerson) addFact(facts, PERSON, 'full_name', GUESS_RANK, value, state)
    return
  }
  if (guess === 'url') {
    if (!isPageUrl(value)) return
    facts.sourceHost ??= findSiteHost(splitWords(key).slice(0, -1).join(''))
    addFact(facts, SELF, 'url', GUESS_RANK, value, state)
    return
  }
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && ID_LIKE.test(text)) addFact(facts, SELF, 'id', GUESS_RANK, text, state)
}

/** "Sigrid Aasen": two or three words in capitals, none of which is a company's. */
const isPlainName = (value: string): boolean =>
  /^\p{Lu}[\p{L}.'’-]*(?: \p{L}[\p{L}.'’-]*){0,2} \p{Lu}[\p{L}.'’-]+$/u.test(value) &&
  value.length <= TITLED_LENGTH_MAX &&
  !isCompanyName(value) &&
  parsePersonName(value).last !== null

const GUESS_RANK = 40
/** At least five characters with a digit, or a long word: positions and flags are no ids. */
const ID_LIKE = /^(?=.*\d)[\w.-]{5,64}$|^[a-z0-9-]{8,64}$/i

/** Adds a value for a field, as far as the context of the current object admits it. */
function addFact(facts: Facts, owner: Owner, field: Field, rank: number, value: unknown, state: WalkState): void {
  if (state.context === 'open' && state.owner === SELF && owner === SELF) {
    // Most facts: nothing to check, nothing to inherit.
    facts.add(SELF, field, value, rank + state.penalty)
    return
  }
  const admitted = admitField(owner, field, state)
  if (admitted === null) return
  const whose = inheritOwner(admitOwner(owner, field, state.context), state)
  // In a company's object, a title or full name is the company's name.
  const target = whose === COMPANY && (admitted === 'full_name' || admitted === 'title') ? 'name' : admitted
  const isLoose = state.context === 'address' && (field === 'phone' || field === 'email') && whose === SELF
  facts.add(whose, target, value, rank + state.penalty + (isLoose ? 20 : 0))
}

/** Returns the field that a value fills in the current context, or null if the context does not admit it. */
function admitField(owner: Owner, field: Field, state: WalkState): Field | null {
  switch (state.context) {
    case 'weak':
      return SELF_EXPLANATORY_FIELDS.has(field) || isNamedRole(owner, field, state) ? field : null
    case 'address':
      return ADDRESS_FIELDS.has(field) ? rename(field, 'text', 'address') : null
    case 'name':
      return NAME_FIELDS.has(field) ? rename(field, 'name', 'full_name') : null
    case 'position':
      return admitPositionField(owner, field)
    case 'contact':
      if (owner !== SELF) return field
      return CONTACT_FIELDS.has(field) ? rename(field, 'name', 'full_name') : null
    case 'person':
      if (owner === SELF && field === 'name') return 'full_name'
      return rename(field, 'title', 'job_title')
    default:
      return field
  }
}

function admitPositionField(owner: Owner, field: Field): Field | null {
  if (owner === COMPANY) return field === 'description' ? null : field
  if (!POSITION_FIELDS.has(field)) return null
  return owner === SELF ? rename(field, 'title', 'job_title') : field
}

const rename = (field: Field, from: Field, to: Field): Field => (field === from ? to : field)

/** `agentName` and `companyName` say whose they are, even in an object of unknown meaning. */
function isNamedRole(owner: Owner, field: Field, state: WalkState): boolean {
  if (state.depth > 2) return false
  return (owner === PERSON && field === 'full_name') || (owner === COMPANY && field === 'name')
}

function admitOwner(owner: Owner, field: Field, context: Context): Owner {
  if (owner !== SELF) return owner
  if (context === 'person' || (context === 'contact' && field === 'name')) return PERSON
  return context === 'position' && EMPLOYER_FIELDS.has(field) ? COMPANY : SELF
}

const inheritOwner = (owner: Owner, state: WalkState): Owner => (owner === SELF ? state.owner : owner)

/** Reads an object or a list. */
function walkNested(facts: Facts, key: string, value: object, meaning: Meaning, state: WalkState): void {
  if (state.depth >= DEPTH_MAX) return
  const present = findPresentValue(value)
  if (present !== null) {
    walkValue(facts, key, present, meaning, { ...state, depth: state.depth + 1 })
    return
  }
  if (meaning.field === 'employees' && meaning.context === null && isSize(value))
    addFact(facts, meaning.owner, 'employees', meaning.rank, value, state)
  else if (Array.isArray(value)) walkList(facts, value, meaning, state)
  else if (isObject(value)) walkNestedObject(facts, key, value, meaning, state)
}

function walkNestedObject(facts: Facts, key: string, value: JsonObject, meaning: Meaning, state: WalkState): void {
  if (meaning.context !== null) {
    // `primary_organization: {value: "…"}`: a wrapped name instead of a record.
    const isName = meaning.owner !== SELF && meaning.field !== null && isWrapped(value)
    if (!isName || !addInnerValue(facts, value, meaning, state)) walkContext(facts, value, meaning, state)
    return
  }
  if (addNestedValue(facts, value, meaning, state)) return
  if (meaning.field === 'name' || meaning.field === 'full_name')
    walkObject(facts, value, descend(state, 'name', state.owner, 0), null)
  else if (state.owner !== PERSON && isPersonUnder(facts, key, meaning, value))
    walkObject(facts, value, descend(state, 'person', PERSON, 20), null)
  else if (state.context !== 'address' && key.length <= 80)
    walkObject(facts, value, descend(state, 'weak', state.owner, WEAK_RANK), null)
}

/** `correspondingAuthor`, `principalInvestigator`: as a plain value nobody to contact. */
const WRITER_KEY = /(?:author|editor|investigator|inventor|applicant|researcher|lecturer)$/i

/** `{brand, franchisee: {fullName, cell}}`, `{title, feedOwner: {name, email}}`: a person under a key of their role. */
function isPersonUnder(facts: Facts, key: string, { guess }: Meaning, value: JsonObject): boolean {
  const isRole = facts.isGuessing && (guess === 'person' || WRITER_KEY.test(key))
  if (isRole && !isCompanyObject(value) && isReachablePerson(value, true)) return true
  return isReachablePerson(value) && namesOnlyCompany(facts.root)
}

/** A record with a person's name and an address or number. `isPlain`: a plain `name` is one. */
function isReachablePerson(value: JsonObject, isPlain = false): boolean {
  const fields = new Set(firstKeys(value, WRAPPER_KEYS_MAX).map((key) => recognizeKey(key).field))
  const isNamed =
    fields.has('full_name') || (fields.has('first_name') && fields.has('last_name')) || (isPlain && fields.has('name'))
  return isNamed && (fields.has('email') || fields.has('phone'))
}

/** Without the name of a company the record is the subject itself, which `openWrapper` opens. */
function namesOnlyCompany(item: JsonObject): boolean {
  const hasCompany = firstKeys(item, WRAPPER_KEYS_MAX).some((key) => {
    const { owner, field } = recognizeKey(key)
    return owner === COMPANY && field === 'name' && typeof item[key] === 'string'
  })
  return hasCompany && !namesPerson(item)
}

const isWrapped = (value: JsonObject): boolean =>
  (typeof value.value === 'string' || typeof value.current === 'string') && !Object.hasOwn(value, 'name')

/** Adds an object under the key of a plain value. Returns false if its keys are still to be read. */
function addNestedValue(facts: Facts, value: JsonObject, meaning: Meaning, state: WalkState): boolean {
  const { field } = meaning
  if (field === 'personal_profile') {
    facts.add(SELF, 'personal_profile', true, 10)
    return true
  }
  // `identifier: {permalink, value: "Acme"}`: the name, with its page's path.
  if (field === 'id' && typeof value.value === 'string' && typeof value.permalink === 'string') {
    addFact(facts, meaning.owner, 'name', meaning.rank, value.value, state)
    addFact(facts, meaning.owner, 'id', meaning.rank, value.uuid ?? value.permalink, state)
    return true
  }
  // Tags as an object are a record with its own keys.
  if (field === null || field === 'tags') return false
  if (field === 'email_status') {
    addFact(facts, SELF, field, meaning.rank, value.status ?? value.result ?? value.state ?? value.value, state)
    return true
  }
  if (addInnerValue(facts, value, meaning, state)) return true
  if (field === 'name' || field === 'full_name') return false
  addFact(facts, meaning.owner, field, meaning.rank, value, state)
  return field.endsWith('evidence')
}

/** An object or a list of up to two plain values may state a size. */
function isSize(value: object): boolean {
  if (!Array.isArray(value)) return true
  return value.length <= 2 && value.every((entry) => typeof entry === 'number' || typeof entry === 'string')
}

function descend(state: WalkState, context: Context, owner: Owner, penalty: number): WalkState {
  return { owner, context, penalty: state.penalty + penalty, depth: state.depth + 1 }
}

/** Reads `{value: …}`, `{text: …}` and the like. Returns false if the object wraps no plain value. */
function addInnerValue(facts: Facts, value: JsonObject, meaning: Meaning, state: WalkState): boolean {
  if (meaning.field === null) return false
  if (meaning.field === 'phone') return addInnerPhone(facts, value, meaning, state)
  for (const key of VALUE_KEYS) {
    const inner = Object.hasOwn(value, key) ? value[key] : undefined
    if (typeof inner === 'string' ? inner === '' : typeof inner !== 'number') continue
    addFact(facts, meaning.owner, meaning.field, meaning.rank + 1, inner, state)
    // The first address of a list is usually the chosen one. The status of another must not be taken for its own.
    const isFirst = meaning.field === 'email' && Number.isInteger(meaning.rank)
    if (isFirst) addFact(facts, meaning.owner, 'email_status', 20, value.status ?? value.verified, state)
    return true
  }
  return false
}

/** Reads `{title: "Reception", number: "…"}`. A fax number is not a phone number. */
function addInnerPhone(facts: Facts, value: JsonObject, meaning: Meaning, state: WalkState): boolean {
  for (const key of PURPOSE_KEYS) {
    const purpose = Object.hasOwn(value, key) ? value[key] : undefined
    const purposes = Array.isArray(purpose) ? purpose.slice(0, 5) : [purpose]
    // Objects are not turned into text: one with a key `toString` cannot be.
    if (purposes.some((text) => typeof text === 'string' && /fax/i.test(text.slice(0, 60)))) return true
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue
    const inner = value[key]
    if (typeof inner !== 'string' && typeof inner !== 'number') continue
    if (PHONE_KEY.test(key) && /\d{3}/.test(String(inner).slice(0, 60))) {
      addFact(facts, meaning.owner, 'phone', meaning.rank + 1, inner, state)
      return true
    }
  }
  return false
}

const PHONE_KEY =
  /^(?:value|text|number|phone|raw|full|formatted|sanitized.?number|international|national|tel|display|default|label|title|uri|url|href|link|.*(?:number|phone|nummer|numero))$/i

/** Reads an object whose key names its content. */
function walkContext(facts: Facts, value: JsonObject, meaning: Meaning, state: WalkState): void {
  const next = enterContext(facts, value, meaning, state)
  if (next !== null) walkObject(facts, value, next, null)
}

function enterContext(facts: Facts, value: JsonObject, meaning: Meaning, state: WalkState): WalkState | null {
  switch (meaning.context) {
    case 'open':
      return descend(state, state.context, state.owner, 2)
    case 'company':
      if (state.owner === SELF && isPersonObject(value)) return descend(state, 'person', PERSON, 5)
      // Inside a person's record it is the person's company.
      return descend(state, 'open', COMPANY, penalizeCompany(meaning, state))
    case 'person':
      // The head of a person's employer is another person.
      if (state.owner === COMPANY)
        return meaning.point === true || !namesPerson(facts.root) ? descend(state, 'person', PERSON, 15) : null
      return isCompanyObject(value) ? descend(state, 'open', COMPANY, 5) : descend(state, 'person', PERSON, 5)
    case 'contact':
    case 'people':
      return descend(state, 'contact', state.owner, 3)
    case 'address':
    case 'locations':
      // A second form of a location inside it (`parsed`) counts a little less than the location's own keys.
      return descend(
        state,
        'address',
        state.owner === SELF ? meaning.owner : state.owner,
        state.context === 'address' ? 4 : 1,
      )
    case 'position':
    case 'positions':
      return descend(state, 'position', SELF, 10)
    case 'social':
      return descend(state, 'social', state.owner, 5)
    default:
      return null
  }
}

/** Whether an item, or a record in it, has a name beside that of its company. */
function namesPerson(item: JsonObject, depth = 0): boolean {
  for (const key of firstKeys(item, WRAPPER_KEYS_MAX)) {
    const { owner, field, context } = recognizeKey(key)
    const isNested = context === 'open' || context === 'person'
    const value = item[key]
    if (isObject(value)) {
      if (isNested && depth < 2 && namesPerson(value, depth + 1)) return true
    } else if (owner !== COMPANY && field !== null && NAME_FIELDS.has(field)) return true
  }
  return false
}

/** The company of a person's record counts less than the item's own, and a venue less than who invites to it. */
function penalizeCompany(meaning: Meaning, state: WalkState): number {
  const isPersons = state.owner === PERSON && state.context !== 'position'
  return (isPersons ? 4 : 1) + (meaning.rank > LOOSE_RANK ? 5 : 0)
}

/** A seller or provider with a given and a family name, or with its own company, is a person. */
function isPersonObject(value: JsonObject): boolean {
  let parts = 0
  let hasName = false
  let hasCompany = false
  for (const key in value) {
    if (value[key] === null || value[key] === '') continue
    const { owner, field, context } = recognizeKey(key)
    if (field === 'first_name' || field === 'last_name') parts += owner === SELF ? 1 : 0
    else if (field === 'name' && owner === SELF) hasName = true
    if (context === 'company' || key === 'broker' || (owner === COMPANY && field === 'name')) hasCompany = true
  }
  return parts >= 2 || (hasName && hasCompany && !isCompanyObject(value))
}

/** `{companyName, contactName, phone}`: the company, and who to ask for there. */
function hasCompanyAndContact(value: JsonObject): boolean {
  let [hasCompany, hasContact] = [false, false]
  for (const key of firstKeys(value, WRAPPER_KEYS_MAX)) {
    const { owner, field, point } = recognizeKey(key)
    hasCompany ||= owner !== PERSON && field === 'name'
    hasContact ||= point === true || (owner === PERSON && field === 'full_name')
  }
  return hasCompany && hasContact
}

/** An agent, owner or buyer with a company's name, or with a contact person inside, is a company. */
function isCompanyObject(value: JsonObject): boolean {
  const name = value.name ?? value.title ?? value.displayName
  if (typeof name !== 'string') return hasCompanyAndContact(value)
  if (isCompanyName(name)) return true
  for (const key in value) if (isObject(value[key]) && recognizeKey(key).point === true) return true
  return false
}

/** Lists whose objects have a type and a value without being a record. */
const OTHER_LISTS: ReadonlySet<Context> = new Set(['address', 'locations', 'position', 'positions', 'deny'])

/** Reads a list of labels and values like the keys of an object. Returns false for another list. */
function walkPairs(
  facts: Facts,
  list: readonly unknown[],
  first: JsonObject,
  meaning: Meaning,
  state: WalkState,
): boolean {
  if (state.owner === PERSON || (meaning.context !== null && OTHER_LISTS.has(meaning.context))) return false
  const record = toRecordOfPairs(list, first)
  if (record === null) return false
  walkObject(facts, record, descend(state, state.context, state.owner, PAIRS_PENALTY), null)
  return true
}

function walkList(facts: Facts, list: readonly unknown[], meaning: Meaning, state: WalkState): void {
  if (list.length === 0) return
  const first = list[0]
  if (isObject(first) && walkPairs(facts, list, first, meaning, state)) return
  if (isObject(first) && meaning.context !== null && walkObjectList(facts, list, first, meaning, state)) return
  if (meaning.field === null) {
    if (meaning.context === 'social' || state.context === 'social') addSocialPages(facts, list, state)
    else for (const value of list.slice(0, 5)) if (typeof value === 'string') addByValue(facts, value, state)
    return
  }
  // Of several places without a mark, none is certainly the lead's.
  if (meaning.context === 'locations' && list.length > 1) return
  if (meaning.field === 'employees') return
  addListValues(facts, list, meaning, state)
}

/** Reads a list of objects by its context. Returns false if the context says nothing about a list. */
function walkObjectList(
  facts: Facts,
  list: readonly unknown[],
  first: JsonObject,
  meaning: Meaning,
  state: WalkState,
): boolean {
  switch (meaning.context) {
    case 'locations':
    case 'address':
      walkLocations(facts, list, meaning, state)
      return true
    case 'position':
    case 'positions':
      walkPositions(facts, list, meaning.context === 'position', state)
      return true
    case 'people':
    case 'person':
      // One lead per item: the first person is the contact.
      if (state.owner !== PERSON)
        walkObject(facts, first, descend(state, 'person', PERSON, state.owner === SELF ? 15 : 25), null)
      return true
    case 'company':
    case 'contact':
    case 'open':
      walkContext(facts, first, meaning, { ...state, penalty: state.penalty + 5 })
      return true
    default:
      return meaning.context === 'deny'
  }
}

/** The order of a list is a preference: later elements count a little less. */
function addListValues(facts: Facts, list: readonly unknown[], meaning: Meaning, state: WalkState): void {
  facts.visited += Math.min(list.length, ELEMENTS_MAX)
  for (let index = 0; index < list.length && index < ELEMENTS_MAX; index += 1) {
    const value = list[index]
    const rank = meaning.rank + index * 0.01
    if (typeof value === 'string' ? value !== '' : typeof value === 'number') {
      // A copy of the meaning for each element takes longer than adding its value.
      if (index === 0) addPlainValue(facts, meaning, value, state)
      else if (meaning.field !== null && meaning.dependsOnForm !== true)
        addFact(facts, meaning.owner, meaning.field, rank, value, state)
      else addPlainValue(facts, { ...meaning, rank, also: undefined }, value, state)
    } else if (isObject(value)) addInnerValue(facts, value, { ...meaning, rank }, state)
  }
}

function addSocialPages(facts: Facts, list: readonly unknown[], state: WalkState): void {
  const meaning: Meaning = { owner: SELF, field: 'social', rank: 10, context: null }
  for (const value of list.slice(0, ELEMENTS_MAX)) {
    if (typeof value === 'string') addFact(facts, SELF, 'social', 10, value, state)
    else if (isObject(value)) addInnerValue(facts, value, meaning, state)
  }
}

/** Of several places, reads the parts that they state together, or the one that stands out. */
function walkLocations(facts: Facts, list: readonly unknown[], meaning: Meaning, state: WalkState): void {
  const owner = state.owner === SELF ? meaning.owner : state.owner
  const parts = parseTypedParts(list)
  for (const { field, value } of parts) addFact(facts, owner, field, 12, value, { ...state, context: 'address' })
  const chosen = parts.length === 0 ? chooseLocation(list) : undefined
  if (chosen !== undefined) walkObject(facts, chosen, descend(state, 'address', owner, 1), null)
}

/** Of a job history, reads only the current position. */
function walkPositions(facts: Facts, list: readonly unknown[], isCurrent: boolean, state: WalkState): void {
  const chosen = state.owner === COMPANY ? undefined : choosePosition(list, isCurrent)
  if (chosen === undefined) return
  walkObject(facts, chosen, descend(state, 'position', SELF, isCurrent ? 10 : 20), null)
  // Several positions at one company are nested, newest first.
  const inner = chosen.positions ?? chosen.roles ?? chosen.subPositions
  if (Array.isArray(inner) && isObject(inner[0]))
    walkObject(facts, inner[0], descend(state, 'position', SELF, 22), null)
}

const PERSONAL_TITLE = /^(?:mr|mrs|ms|dr|drs|prof|rev|herr|frau|mme|dott|dña|ir|dhr|mevr|sig|sra)\b/i
const TITLED_LENGTH_MAX = 60

/** `pastor: "Rev. Thomas Byrne"`: the title in front of a name tells that an unknown key names a person. */
function addUnknownText(facts: Facts, value: string, state: WalkState): void {
  const mayBePerson = facts.isGuessing && state.context === 'open' && state.owner === SELF
  if (mayBePerson && value.length <= TITLED_LENGTH_MAX && PERSONAL_TITLE.test(value) && isTitledPerson(value))
    addFact(facts, PERSON, 'full_name', GUESS_RANK, value, state)
  else addByValue(facts, value, state)
}

/** Reads a text under an unknown key: an email address, a phone number and a LinkedIn page explain themselves. */
function addByValue(facts: Facts, value: string, state: WalkState): void {
  if (value.length > 300) return
  if (state.context === 'address') {
    if (value.includes(',')) addFact(facts, SELF, 'address', 30, value, state)
    return
  }
  if (value.includes('@')) {
    if (/^(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}$/i.test(value)) addFact(facts, SELF, 'email', 60, value, state)
  } else if (value.startsWith('+') && /^\+\d[\d ()-]{7,20}$/.test(value))
    addFact(facts, SELF, 'phone', 60, value, state)
  else if (value.includes('linkedin.com/')) addFact(facts, SELF, 'linkedin', 60, value, state)
  else if (value.startsWith('tel:')) addFact(facts, SELF, 'phone', 60, value, state)
  else if (state.context === 'social' && /^https?:/i.test(value)) addFact(facts, SELF, 'social', 20, value, state)
}

/** Above everything of the post itself, whose address and text are not the author's. */
const AUTHOR_PENALTY = -6

/**
 * A post, comment or reaction whose author has a profile on LinkedIn or states an email address is about that author:
 * `{text, author: {name, url}}`, `{postText, authorName, authorProfileUrl}`.
 */
function openAuthor(facts: Facts, item: JsonObject, root: WalkState): void {
  if (!facts.isGuessing || !facts.hasAuthorKey || hasName(facts) || facts.visited > VISITED_MAX) return
  // A title without signs of a post is the name of the record.
  if (facts.has(SELF, 'title') && !facts.has(SELF, 'post_evidence')) return
  const author = findAuthor(item, facts.first(SELF, 'email', cleanEmail))
  if (author === null) return
  facts.hasAuthor = true
  // The page and the site are the post's: an author of two posts is one lead.
  for (const field of ['url', 'website', 'domain'] as const) facts.clear(SELF, field)
  facts.trace?.enter(author.key)
  walkObject(facts, author.value, descend(root, 'open', SELF, AUTHOR_PENALTY), null)
  facts.trace?.leave()
}

function findAuthor(item: JsonObject, email: string | null): { key: string; value: JsonObject } | null {
  const flat: JsonObject = {}
  let prefix = ''
  let keys = 0
  for (const key in item) {
    keys += 1
    if (keys > WRAPPER_KEYS_MAX) break
    const value = item[key]
    if (isObject(value)) {
      if (AUTHOR_KEY.test(normalizeKey(key.slice(0, 60))) && isReachableProfile(value)) return { key, value }
      continue
    }
    const { split } = recognizeKey(key)
    if (split === undefined && typeof value === 'string' && AUTHOR_PREFIX.test(normalizeKey(key.slice(0, 20)))) {
      prefix ||= key.toLowerCase()
      flat.name ??= value
    }
    if (split === undefined || !AUTHOR_PREFIX.test(split.prefix)) continue
    prefix ||= split.prefix
    if (split.prefix === prefix) flat[split.rest] ??= value
  }
  const isNamed = email !== null && typeof flat.name === 'string' && isMailboxOf(flat.name, email)
  return isNamed || isReachableProfile(flat) ? { key: prefix, value: flat } : null
}

function isReachableProfile(value: JsonObject): boolean {
  let keys = 0
  for (const key in value) {
    keys += 1
    if (keys > WRAPPER_KEYS_MAX) break
    const text = value[key]
    if (typeof text !== 'string' || text.length > 3_000) continue
    if (/linkedin\.com\/in\//i.test(text) || /[\w.+-]@[\w-]+\.[a-z]{2,}/i.test(text)) return true
  }
  return false
}

/** Keys of records that may be the subject itself, although they usually belong to a post or a review. */
const SUBJECT_KEYS =
  /^(?:user|member|account|customer|subscriber|profileuser|creator|channel)(?:info|data|details|profile)?$/
const WRAPPER_KEYS_MAX = 100

/**
 * Opens the child that looks most like a lead, if the item itself yields no name, or a name but neither contact nor
 * place. Actors put the record under a key that cannot be foreseen: `summary`, `tags`, `siege`.
 */
function openWrapper(facts: Facts, object: JsonObject, state: WalkState, skip: ReadonlySet<string> | null): void {
  if (state.depth >= 3 || facts.visited > VISITED_MAX) return
  const needsName = !hasName(facts)
  if (!needsName && hasContactOrPlace(facts)) return
  // A title with contact data names the subject as a rule.
  if (facts.has(SELF, 'title') && (facts.has(SELF, 'phone') || facts.has(SELF, 'website'))) return
  const child = findLeadLikeChild(object, needsName, skip)
  if (child === null) return
  facts.trace?.enter(child.key)
  const next = needsName
    ? // Next to the item's own title (an offer, a job), the record is the person or company that makes the offer.
      descend(state, 'open', facts.has(SELF, 'title') && !child.isPerson ? COMPANY : state.owner, 5)
    : descend(state, 'contact', state.owner, 30)
  walkObject(facts, child.value, next, null)
  openWrapper(facts, child.value, next, null)
  facts.trace?.leave()
}

const hasName = (facts: Facts) =>
  facts.has(SELF, 'name') ||
  facts.has(SELF, 'full_name') ||
  facts.has(SELF, 'first_name') ||
  // A name from an object of unknown meaning does not count: that object may be the record.
  (facts.all(COMPANY, 'name')[0]?.rank ?? WEAK_RANK) < WEAK_RANK ||
  (facts.all(PERSON, 'full_name')[0]?.rank ?? WEAK_RANK) < WEAK_RANK ||
  facts.has(PERSON, 'first_name')

const CONTACT_OR_PLACE: readonly Field[] = [
  'email',
  'phone',
  'website',
  'linkedin',
  'city',
  'address',
  'street',
  'location',
]

const hasContactOrPlace = (facts: Facts) =>
  CONTACT_OR_PLACE.some((field) => facts.has(SELF, field) || facts.has(COMPANY, field) || facts.has(PERSON, field))

interface LeadLikeChild {
  key: string
  value: JsonObject
  isPerson: boolean
}

function findLeadLikeChild(
  object: JsonObject,
  needsName: boolean,
  skip: ReadonlySet<string> | null,
): LeadLikeChild | null {
  let best: LeadLikeChild | null = null
  let bestScore = 1
  let keys = 0
  for (const key in object) {
    keys += 1
    if (keys > WRAPPER_KEYS_MAX) break
    if (!Object.hasOwn(object, key) || skip?.has(key)) continue
    const value = unwrapSingle(object[key])
    if (value === null || !mayBeSubject(key)) continue
    const { names, others, isPerson } = countLeadFields(value)
    const score = needsName ? (names === 0 ? 0 : 1 + others) : names === 0 ? others : 0
    if (score <= bestScore) continue
    best = { key, value, isPerson }
    bestScore = score
  }
  return best
}

/** Returns an object, or the only object of a list or of an object: `{hit: {_source: {…}}}`. */
function unwrapSingle(value: unknown): JsonObject | null {
  let single = value
  for (let depth = 0; depth < 3; depth += 1) {
    if (Array.isArray(single) && single.length === 1) single = single[0]
    if (!isObject(single)) return null
    const keys = Object.keys(single)
    const inner = keys.length === 1 ? single[keys[0] ?? ''] : null
    if (!isObject(inner)) return single
    single = inner
  }
  return isObject(single) ? single : null
}

function mayBeSubject(key: string): boolean {
  const { context } = recognizeKey(key)
  if (context === 'deny') return SUBJECT_KEYS.test(key.toLowerCase().replace(/[^a-z]/g, ''))
  // Every other context has been read already.
  return context === null
}

const LEAD_FIELDS = new Set<Field>([
  ...CONTACT_OR_PLACE,
  'postal_code',
  'country',
  'state',
  'industry',
  'job_title',
  'employees',
  'domain',
])

const PLACE_OR_CONTACT: ReadonlySet<string> = new Set(['address', 'locations', 'contact'])

function countLeadFields(object: JsonObject): { names: number; others: number; isPerson: boolean } {
  const found = new Set<Field>()
  let names = 0
  let isPerson = false
  let hasTitle = false
  for (const key of firstKeys(object, WRAPPER_KEYS_MAX)) {
    const { field, context, owner } = recognizeKey(key)
    if (context !== null && PLACE_OR_CONTACT.has(context)) found.add('address')
    else if (field !== null && LEAD_FIELDS.has(field)) found.add(field)
    hasTitle ||= field === 'title'
    isPerson ||= field === 'first_name' || field === 'full_name' || (key === 'given' && hasGivenAndFamily(object))
    if ((isPerson || field === 'name') && owner !== PERSON) names += 1
  }
  // A title is the name of a record with contact data.
  if (names === 0 && hasTitle && found.size >= 2) names = 1
  return { names, others: found.size, isPerson }
}

/** Returns those of the first keys that have a value. */
function firstKeys(object: JsonObject, max: number): string[] {
  return Object.keys(object)
    .slice(0, max)
    .filter((key) => object[key] !== null && object[key] !== undefined && object[key] !== '')
}
