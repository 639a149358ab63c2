import { chooseLocation, choosePosition, isObject, type JsonObject, parseTypedParts } from './choose-entries.ts'
import { Facts } from './facts.ts'
import { COMPANY, type Context, type Field, type Meaning, type Owner, PERSON, SELF } from './fields.ts'
import { recognizeKey } from './recognize-key.ts'

const DEPTH_MAX = 6
const VISITED_MAX = 3_000
const ELEMENTS_MAX = 25

/** Where the walk stands: whose object it is in, how its keys are read, and how much less its values count. */
interface WalkState {
  owner: Owner
  context: Context
  penalty: number
  depth: number
}

/** In an object of unknown meaning only values that carry their meaning themselves are taken. */
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
const IN_ADDRESS = new Set<Field>([
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'address',
  'location',
  'text',
  'phone',
])
const IN_NAME = new Set<Field>(['first_name', 'last_name', 'full_name', 'name'])
const IN_POSITION = new Set<Field>([
  'title',
  'job_title',
  'name',
  'linkedin',
  'website',
  'domain',
  'industry',
  'employees',
  'url',
])
const IN_CONTACT = new Set<Field>([
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
/** Fields whose plain list or object values have a shape of their own. */
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

/** Reads an item into facts. `skip` names top-level keys that a preset knows to be about something else. */
export function collectFacts(item: JsonObject, skip: ReadonlySet<string> | null): Facts {
  const facts = new Facts()
  walkObject(facts, item, { owner: SELF, context: 'open', penalty: 0, depth: 0 }, skip)
  return facts
}

function walkObject(facts: Facts, object: JsonObject, place: WalkState, skip: ReadonlySet<string> | null): void {
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue
    facts.visited += 1
    if (facts.visited > VISITED_MAX) return
    const value = object[key]
    if (value === null || value === undefined || value === '') continue
    if (skip?.has(key)) continue
    const meaning = recognizeKey(key)
    if (meaning.crawl === true && place.depth === 0) facts.crawlKeys += 1
    if (meaning.context === 'deny' && meaning.field === null) continue
    if (typeof value === 'object') walkNested(facts, key, value, meaning, place)
    else if (meaning.field !== null) addFact(facts, meaning.owner, meaning.field, meaning.rank, value, place)
    else if (typeof value === 'string') addByValue(facts, value, place)
  }
}

/** A plain value under an understood key. */
function addFact(facts: Facts, owner: Owner, field: Field, rank: number, value: unknown, place: WalkState): void {
  let whose = owner
  let what = field
  switch (place.context) {
    case 'weak':
      // `agentName`, `companyName`: such keys say whose they are wherever they stand.
      if (
        !SELF_EXPLANATORY_FIELDS.has(field) &&
        !(place.depth <= 2 && ((owner === PERSON && field === 'full_name') || (owner === COMPANY && field === 'name')))
      )
        return
      break
    case 'address':
      if (!IN_ADDRESS.has(field) || (field === 'phone' && place.owner !== COMPANY)) return
      if (field === 'text') what = 'address'
      break
    case 'name':
      if (!IN_NAME.has(field)) return
      if (field === 'name') what = 'full_name'
      break
    case 'position':
      if (!IN_POSITION.has(field) && owner !== COMPANY) return
      if (owner === SELF && field === 'title') what = 'job_title'
      if (
        owner === SELF &&
        (field === 'name' ||
          field === 'url' ||
          field === 'industry' ||
          field === 'employees' ||
          field === 'website' ||
          field === 'domain')
      ) {
        if (field === 'url') return
        whose = COMPANY
      }
      if (owner === COMPANY && field === 'description') return
      break
    case 'contact':
      if (owner === SELF && !IN_CONTACT.has(field)) return
      if (field === 'name' && owner === SELF) {
        whose = PERSON
        what = 'full_name'
      }
      break
    case 'person':
      if (owner === SELF) whose = PERSON
      if (field === 'name') what = owner === SELF ? 'full_name' : field
      if (field === 'title') what = 'job_title'
      break
    case 'company':
    case 'deny':
    case 'locations':
    case 'open':
    case 'people':
    case 'positions':
    case 'social':
      break
  }
  if (place.owner === COMPANY && whose === SELF) whose = COMPANY
  if (place.owner === PERSON && whose === SELF) whose = PERSON
  // The company's own fields under their plain names: a title or full name in a company's object names the company.
  if (whose === COMPANY && (what === 'full_name' || what === 'title')) what = 'name'
  facts.add(whose, what, value, rank + place.penalty)
}

/** An object or a list. */
function walkNested(facts: Facts, key: string, value: object, meaning: Meaning, place: WalkState): void {
  if (place.depth >= DEPTH_MAX) return
  if (meaning.field === 'employees' && meaning.context === null && isSize(value)) {
    addFact(facts, meaning.owner, 'employees', meaning.rank, value, place)
    return
  }
  if (Array.isArray(value)) {
    walkList(facts, value, meaning, place)
    return
  }
  if (!isObject(value)) return
  if (meaning.field === 'name' || meaning.field === 'full_name') {
    if (meaning.context === null) {
      if (!addInnerValue(facts, value, meaning, place))
        walkObject(facts, value, descend(place, 'name', place.owner, 0), null)
      return
    }
  }
  if (meaning.field === 'personal_profile') {
    facts.add(SELF, 'personal_profile', true, 10)
    return
  }
  if (meaning.context !== null) {
    walkContext(facts, value, meaning, place)
    return
  }
  if (meaning.field !== null && addInnerValue(facts, value, meaning, place)) return
  // Evidence keys need no look inside; an unknown object is read with care.
  if (meaning.field !== null) addFact(facts, meaning.owner, meaning.field, meaning.rank, value, place)
  if (meaning.field?.endsWith('evidence') === true) return
  if (place.context !== 'address' && key.length <= 80)
    walkObject(facts, value, descend(place, 'weak', place.owner, 40), null)
}

function isSize(value: object): boolean {
  if (!Array.isArray(value)) return true
  return value.length <= 2 && value.every((entry) => typeof entry === 'number' || typeof entry === 'string')
}

function descend(place: WalkState, context: Context, owner: Owner, penalty: number): WalkState {
  return { owner, context, penalty: place.penalty + penalty, depth: place.depth + 1 }
}

/** `{value: …}`, `{text: …}` and the like: the plain value inside is the field's. */
function addInnerValue(facts: Facts, value: JsonObject, meaning: Meaning, place: WalkState): boolean {
  if (meaning.field === null) return false
  for (const key of VALUE_KEYS) {
    const inner = Object.hasOwn(value, key) ? value[key] : undefined
    if (typeof inner === 'string' ? inner !== '' : typeof inner === 'number') {
      addFact(facts, meaning.owner, meaning.field, meaning.rank + 1, inner, place)
      // The first address of a list is the chosen one as a rule; a status of another must not speak for it.
      const isFirst = meaning.field === 'email' && Number.isInteger(meaning.rank)
      if (isFirst) addFact(facts, meaning.owner, 'email_status', 20, value.status ?? value.verified, place)
      return true
    }
  }
  return false
}

/** An object whose key says what is in it. */
function walkContext(facts: Facts, value: JsonObject, meaning: Meaning, place: WalkState): void {
  switch (meaning.context) {
    case 'open':
      walkObject(facts, value, descend(place, place.context, place.owner, 2), null)
      return
    case 'company':
      walkObject(
        facts,
        value,
        descend(place, 'open', place.owner === SELF || place.context === 'position' ? COMPANY : place.owner, 1),
        null,
      )
      return
    case 'person':
      if (place.owner !== COMPANY) walkObject(facts, value, descend(place, 'person', PERSON, 5), null)
      return
    case 'contact':
    case 'people':
      walkObject(facts, value, descend(place, 'contact', place.owner, 3), null)
      return
    case 'address':
    case 'locations':
      // Inside a location another spelling (`parsed`) counts a little less than the location's own keys.
      walkObject(
        facts,
        value,
        descend(
          place,
          'address',
          place.owner === SELF ? meaning.owner : place.owner,
          place.context === 'address' ? 4 : 1,
        ),
        null,
      )
      return
    case 'position':
    case 'positions':
      walkObject(facts, value, descend(place, 'position', SELF, 10), null)
      return
    case 'social':
      walkObject(facts, value, descend(place, 'social', place.owner, 5), null)
      return
    case null:
    case 'deny':
    case 'name':
    case 'weak':
      return
  }
}

function walkList(facts: Facts, list: readonly unknown[], meaning: Meaning, place: WalkState): void {
  if (list.length === 0) return
  const first = list[0]
  switch (isObject(first) ? meaning.context : null) {
    case 'locations':
    case 'address':
      inLocations(facts, list, meaning, place)
      return
    case 'position':
    case 'positions':
      inPositions(facts, list, meaning.context === 'position', place)
      return
    case 'people':
    case 'person':
      // One lead an item: the first person named is the contact.
      if (isObject(first) && place.owner === SELF) walkObject(facts, first, descend(place, 'person', PERSON, 15), null)
      return
    case 'company':
    case 'contact':
    case 'open':
      if (isObject(first)) walkContext(facts, first, meaning, { ...place, penalty: place.penalty + 5 })
      return
    case 'deny':
      return
    case null:
    case 'name':
    case 'social':
    case 'weak':
      break
  }
  if (meaning.field === null) {
    if (meaning.context === 'social' || place.context === 'social') inSocial(facts, list, place)
    else for (const value of list.slice(0, 5)) if (typeof value === 'string') addByValue(facts, value, place)
    return
  }
  // Several places are listed and none is marked: which one is the lead's cannot be known.
  if (meaning.context === 'locations' && list.length > 1) return
  if (meaning.field === 'employees') return
  facts.visited += Math.min(list.length, ELEMENTS_MAX)
  for (let index = 0; index < list.length && index < ELEMENTS_MAX; index += 1) {
    const value = list[index]
    if (typeof value === 'string' ? value !== '' : typeof value === 'number') {
      // The order of a list is a preference: later elements count a little less.
      addFact(facts, meaning.owner, meaning.field, meaning.rank + index * 0.01, value, place)
    } else if (isObject(value)) addInnerValue(facts, value, { ...meaning, rank: meaning.rank + index * 0.01 }, place)
  }
}

function inSocial(facts: Facts, list: readonly unknown[], place: WalkState): void {
  for (const value of list.slice(0, ELEMENTS_MAX)) {
    if (typeof value === 'string') addFact(facts, SELF, 'social', 10, value, place)
    else if (isObject(value))
      addInnerValue(facts, value, { owner: SELF, field: 'social', rank: 10, context: null }, place)
  }
}

/** Several places: what they say together, or the one that stands out. */
function inLocations(facts: Facts, list: readonly unknown[], meaning: Meaning, place: WalkState): void {
  const owner = place.owner === SELF ? meaning.owner : place.owner
  const parts = parseTypedParts(list)
  for (const { field, value } of parts) addFact(facts, owner, field, 12, value, { ...place, context: 'address' })
  const chosen = parts.length === 0 ? chooseLocation(list) : undefined
  if (chosen !== undefined) walkObject(facts, chosen, descend(place, 'address', owner, 1), null)
}

/** A job history: only the current position is read. */
function inPositions(facts: Facts, list: readonly unknown[], current: boolean, place: WalkState): void {
  const chosen = place.owner === COMPANY ? undefined : choosePosition(list, current)
  if (chosen === undefined) return
  walkObject(facts, chosen, descend(place, 'position', SELF, current ? 10 : 20), null)
  // A company's several positions nest: the first one inside is the newest.
  const inner = chosen.positions ?? chosen.roles ?? chosen.subPositions
  if (Array.isArray(inner) && isObject(inner[0]))
    walkObject(facts, inner[0], descend(place, 'position', SELF, 22), null)
}

/** A plain text under a key that says nothing: an e-mail address and a LinkedIn page explain themselves. */
function addByValue(facts: Facts, value: string, place: WalkState): void {
  if (value.length > 300) return
  if (place.context === 'address') {
    if (value.includes(',')) addFact(facts, SELF, 'address', 30, value, place)
    return
  }
  if (value.includes('@')) {
    if (/^(?:mailto:)?[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}$/i.test(value)) addFact(facts, SELF, 'email', 60, value, place)
  } else if (value.startsWith('+') && /^\+\d[\d ()-]{7,20}$/.test(value))
    addFact(facts, SELF, 'phone', 60, value, place)
  else if (value.includes('linkedin.com/')) addFact(facts, SELF, 'linkedin', 60, value, place)
  else if (value.startsWith('tel:')) addFact(facts, SELF, 'phone', 60, value, place)
  else if (place.context === 'social' && /^https?:/i.test(value)) addFact(facts, SELF, 'social', 20, value, place)
}
