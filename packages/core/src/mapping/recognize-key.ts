import { CRAWL_KEYS, contextOf, type DictionaryEntry, findEntry } from './dictionary.ts'
import { COMPANY, type Context, type Field, type Meaning, PERSON, SELF } from './fields.ts'
import { normalizeKey } from './normalize/text.ts'

/** Beginnings of keys that say "of the company", longest first. */
const COMPANY_PREFIXES =
  `currentorganization currentemployer currentcompany hiringcompany organization organisation jobcompany unternehmens unternehmen
  entreprise corporate companies business employer supplier company merchant societe empresa azienda agency account seller vendor firmen firma brand firm
  store shop org firma hotel restaurant brokerage lawfirm clinic practice`
    .trim()
    .split(/\s+/)

/** Beginnings that say "of a contact person". */
const PERSON_PREFIXES =
  `decisionmaker hiringmanager hiringcontact contactperson listingagent jobposter recruiter founder manager director principal
  poster owner agent contact ceo`
    .trim()
    .split(/\s+/)

/** Beginnings that say where an address part belongs, and nothing more. */
const ADDRESS_PREFIXES =
  `addressobject addressobj addressinfo postaladdress headquarters headquarter location address hq geo home`
    .trim()
    .split(/\s+/)

/** Beginnings without a meaning of their own. */
const NEUTRAL_PREFIXES =
  `googlemaps candidate prospect employee personal official verified linkedin current primary profile latest listing contact member public
  channel podcast person basic work main lead full user raw page data item info detail my the`
    .trim()
    .split(/\s+/)

const ADDRESS_FIELDS = new Set<Field>([
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'address',
  'location',
])
/** What a "contact…" key says of the item itself, not of another person: contactEmail is where to write to the company. */
const SHARED_FIELDS = new Set<Field>([
  'email',
  'personal_email',
  'phone',
  'website',
  'address',
  'location',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'street',
  'email_status',
])
/** Fields of the item itself that a company prefix turns into the company's. */
const COMPANY_FIELDS = new Set<Field>([
  'name',
  'full_name',
  'title',
  'email',
  'phone',
  'website',
  'domain',
  'url',
  'linkedin',
  'linkedin_slug',
  'facebook',
  'instagram',
  'address',
  'location',
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'industry',
  'employees',
  'employees_min',
  'employees_max',
  'description',
  'company_type',
  'tags',
  'type',
  'slug',
  'id',
])
const PERSON_FIELDS = new Set<Field>([
  'name',
  'full_name',
  'first_name',
  'last_name',
  'title',
  'job_title',
  'email',
  'phone',
  'linkedin',
  'linkedin_slug',
  'url',
  'headline',
])

/** Earlier, other and technical things: `previousCompany`, `searchCity`, `parentCompanyName`. */
const IGNORED_KEYS =
  /^(?:previous|prev|past|former|old|last(?!name)|other(?!emails|phones)|search|input|query|request|similar|related|parent|school|education|university|reviewer|review(?:s)?user|referrer|billing|shipping|birth|nearest|target|alternate(?!email|phone)|competitor|investor|acquir)/

/** `registered_office_address`, `primaryAddress`: what ends so is an address, unless of a machine, mailbox or invoice. */
const OTHER_ADDRESS = /^(?!.*(?:e?mail|ip|mac|wallet|web|url|billing|shipping|invoice))[\p{L}]{3,30}address$/u

function fromEntry(entry: DictionaryEntry, penalty: number): Meaning {
  return { owner: entry.owner, field: entry.field, rank: entry.rank + penalty, context: null }
}

/** A key with numbers at its end (`email2`, `emails/0`) or in the plural. */
function variants(key: string): string[] {
  const bare = key.replace(/\d+$/, '')
  const found = bare === key ? [key] : [key, bare]
  if (bare.length > 4 && bare.endsWith('s')) found.push(bare.slice(0, -1))
  return found
}

function byPrefix(key: string): Meaning | null {
  for (const prefix of COMPANY_PREFIXES) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue
    const rest = find(key.slice(prefix.length), false)
    if (rest?.field == null || (rest.owner === SELF && !COMPANY_FIELDS.has(rest.field)) || rest.owner === PERSON)
      continue
    const field = rest.field === 'full_name' || rest.field === 'title' ? 'name' : rest.field
    return { owner: COMPANY, field, rank: rest.rank, context: null }
  }
  for (const prefix of PERSON_PREFIXES) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue
    const rest = find(key.slice(prefix.length), false)
    if (rest?.field == null || rest.owner === PERSON) continue
    if (prefix === 'contact' && SHARED_FIELDS.has(rest.field)) return { ...rest, rank: rest.rank + 2 }
    if (rest.owner !== SELF || !PERSON_FIELDS.has(rest.field)) continue
    return { owner: PERSON, field: rest.field === 'name' ? 'full_name' : rest.field, rank: rest.rank, context: null }
  }
  for (const prefix of ADDRESS_PREFIXES) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue
    const rest = find(key.slice(prefix.length), false)
    if (rest?.field == null || rest.owner !== SELF || !ADDRESS_FIELDS.has(rest.field)) continue
    return { ...rest, owner: prefix.startsWith('headq') || prefix === 'hq' ? COMPANY : SELF, rank: rest.rank + 1 }
  }
  for (const prefix of NEUTRAL_PREFIXES) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue
    const rest = find(key.slice(prefix.length), false)
    // "profile" or "page" before an identifying word is fine; before a type or evidence word it means something else.
    if (rest?.field == null || rest.rank > 45 || rest.field === 'type' || rest.field.endsWith('evidence')) continue
    return { ...rest, rank: rest.rank + 3, context: null }
  }
  return null
}

function find(key: string, top: boolean): Meaning | null {
  if (key.length < 2) return null
  for (const variant of variants(key)) {
    const entry = findEntry(variant)
    if (entry !== undefined) return fromEntry(entry, variant === key ? 0 : 1)
  }
  if (IGNORED_KEYS.test(key)) return null
  if (top && OTHER_ADDRESS.test(key)) return byPrefix(key) ?? { owner: SELF, field: 'address', rank: 20, context: null }
  const prefixed = byPrefix(key)
  if (prefixed !== null) return prefixed
  // `workEmailAddress1`, `phoneNumberFormatted`, `websiteUrlClean`: an ending that changes nothing.
  if (top) {
    const ending = /^(.{3,}?)(?:url|link|text|value|string|formatted|clean|full|raw|list|number|address|line)$/.exec(
      key,
    )
    const rest = ending?.[1] === undefined ? null : find(ending[1], false)
    const kept = rest?.field ?? null
    if (
      rest !== null &&
      (kept === 'linkedin' ||
        kept === 'website' ||
        kept === 'phone' ||
        kept === 'email' ||
        kept === 'address' ||
        kept === 'city' ||
        kept === 'country' ||
        kept === 'facebook' ||
        kept === 'instagram')
    ) {
      return { ...rest, rank: rest.rank + 5 }
    }
  }
  return null
}

const NOTHING: Meaning = { owner: SELF, field: null, rank: 0, context: null }
const KEY_MAX = 80
const CACHE_MAX = 10_000
/** Items of one Actor share their keys: each is understood once. Bounded, because strangers choose the keys. */
const CACHE = new Map<string, Meaning>()

/** What a key of an item means. Keys of more than 80 characters mean nothing. */
export function recognizeKey(key: string): Meaning {
  const known = CACHE.get(key)
  if (known !== undefined) return known
  if (key.length > KEY_MAX) return NOTHING
  const meaning = parseKey(key)
  if (CACHE.size >= CACHE_MAX) CACHE.clear()
  CACHE.set(key, meaning)
  return meaning
}

function parseKey(key: string): Meaning {
  if (key.startsWith('#') || key === '__proto__' || key === 'constructor') return { ...NOTHING, context: 'deny' }
  const squashed = normalizeKey(key)
  if (squashed === '') return NOTHING
  const context: Context | null = contextOf(squashed) ?? contextOfPrefixed(squashed)
  const meaning = find(squashed, true) ?? NOTHING
  return {
    ...meaning,
    context: context ?? (IGNORED_KEYS.test(squashed) ? 'deny' : null),
    crawl: CRAWL_KEYS.has(squashed),
  }
}

/** `companyAddress`, `jobPosterProfile`, `hqLocation`: contexts behind the known prefixes. */
function contextOfPrefixed(key: string): Context | null {
  for (const prefix of COMPANY_PREFIXES) {
    if (key.startsWith(prefix) && contextOf(key.slice(prefix.length)) === 'address') return 'address'
    if (key.startsWith(prefix) && contextOf(key.slice(prefix.length)) === 'locations') return 'locations'
    if (key.startsWith(prefix) && /^contacts?(?:info|details|information)?$/.test(key.slice(prefix.length)))
      return 'contact'
  }
  return OTHER_ADDRESS.test(key) ? 'address' : null
}
