import { normalizeKey, splitWords } from '../normalize/text.ts'
import { CRAWL_KEYS, contextOf, type DictionaryEntry, findEntry } from './dictionary.ts'
import { COMPANY, type Context, type Field, type Meaning, PERSON, PLACE_FIELDS, SELF } from './fields.ts'
import { isAuthorKey, isRelatedKey } from './related-keys.ts'

/** Prefixes that mean "of the company", compounds before their parts. Role words of businesses, in several languages. */
const COMPANY_PREFIXES =
  `currentorganization currentemployer currentcompany hiringcompany hiringorganization organization organisation jobcompany
  unternehmens unternehmen entreprise etablissement corporate companies businessunit business employer supplier company merchant societe
  empresa azienda agency account seller lister vendor firmen firma brand firm betriebs betrieb anbieter inserent
  vendeur annonceur venue provider advertiser organizer organiser operator contractor manufacturer wholesaler retailer distributor
  store shop org hotel restaurant brokerage lawfirm clinic practice salon studio hospital pharmacy garage workshop gym
  charity foundation association facility resort hostel museum winery brewery bakery dealership dealer
  developer publisher praxis kanzlei agentur werkstatt handler haendler hersteller lieferant klinik verein cabinet agence magasin
  praktijk fournisseur fabricant clinica bufete tienda negocio proveedor negozio fornitore studio loja fornecedor kantoor winkel
  leverancier foretag virksomhed bedrijf firmy sklep exhibitor sponsor aussteller exposant registrant biz startup despacho
  institution chain franchise landlord office`
    .trim()
    .split(/\s+/)

/** Roles of people and companies alike. Their name is read by its form: `providerName: "Dr. Ann Lee, MD"` is a person. */
const EITHER_ROLE =
  /^(?:provider|lister|seller|vendor|advertiser|vendeur|annonceur|anbieter|inserent|contractor|organizer|operator|dealer|developer|publisher|exhibitor|sponsor|registrant)/

/** Prefixes that mean "of a contact person". Role words of people. */
const PERSON_PREFIXES =
  `headteacher head decisionmaker hiringmanager hiringcontact contactperson listingagent jobposter recruiter founder manager director
  keyprincipal keyexecutive principal president poster owner agent contact ceo doctor physician dentist therapist counselor
  psychologist veterinarian lawyer attorney solicitor notary accountant realtor broker freelancer professional practitioner expert
  consultant advisor adviser coach trainer instructor teacher tutor photographer architect representative ansprechpartner speaker presenter panelist attendee participant client customer buyer host creator
  faculty trustee artist stylist mentor arzt aerztin anwalt rechtsanwalt notar makler berater steuerberater dozent inhaber
  geschaftsfuhrer geschaeftsfuhrer heilpraktiker avocat medecin notaire gerant dirigeant conseiller praticien abogado medico asesor
  gerente propietario socio agente avvocato dottore titolare consulente amministratore advogado corretor proprietario eigenaar
  makelaar adviseur wlasciciel lekarz prawnik referente contacto contatto contato kontakt`
    .trim()
    .split(/\s+/)

/** Prefixes that mean that the rest of the key is part of an address. */
const ADDRESS_PREFIXES =
  `addressobject addressobj addressinfo postaladdress headquarters headquarter location address addr hq geo home physical phy mailing
  registered adresse anschrift direccion indirizzo endereco adres siege visiting`
    .trim()
    .split(/\s+/)

/** Prefixes that add no meaning. `new` and `current` name the present value of a changed field. */
const NEUTRAL_PREFIXES =
  `googlemaps candidate prospect employee personal official verified linkedin current primary profile latest listing contact member public preferred
  channel podcast person libelle basic work main lead full best user raw page data item info detail new my the
  aktuelle aktueller aktuelles berufliche geschaftliche geschaeftliche vollstandige vollstaendige vollstandiger vollstaendiger`
    .trim()
    .split(/\s+/)

/** Fields that belong to the subject even under a `contact…` key: `contactEmail` reaches the company itself. */
const SHARED_FIELDS = new Set<Field>([...PLACE_FIELDS, 'email', 'personal_email', 'phone', 'website', 'email_status'])

const CONTACT_WORDS: ReadonlySet<string> = new Set(['contact', 'contacto', 'contatto', 'contato', 'kontakt'])

/** Fields that a company prefix moves to the company. */
const COMPANY_FIELDS = new Set<Field>([
  ...PLACE_FIELDS,
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

/** Fields that a person prefix moves to the contact person. */
const PERSON_FIELDS = new Set<Field>([
  'name',
  'full_name',
  'first_name',
  'last_name',
  'infix',
  'title',
  'job_title',
  'email',
  'phone',
  'linkedin',
  'linkedin_slug',
  'url',
  'headline',
])

/** Keys about something else: `previousCompany`, `searchCity`, `parentCompanyName`. */
const IGNORED_KEYS =
  /^(?:previous|prev|past(?!or|a|ry)|former|old(?!timer)|last(?!name)|other(?!emails|phones)|search|input|query|request|similar|related|parent|school|education|university|reviewer|review(?:s)?user|referrer|billing|shipping|birth|nearest|target|alternate(?!email|phone)|competitor|investor|acquir|registrar(?!ion)|admin(?=name|email|phone|org|street|city|country|contact|address)|tech(?:nical)?(?=name|email|phone|org|street|city|country|contact|address)|abuse)/

/** Words that take a key out wherever they stand: `title_previous`, `contact:fax`, `assistantPhone`. */
const IGNORED_WORDS = new Set(
  `previous prev past former old prior fax telefax faxnumber telecopie telecopieur assistant assistants secretary spouse emergency
  invoice registrar abuse`
    .trim()
    .split(/\s+/),
)

/** `registered_office_address`, `primaryAddress`: a key that ends in `address`, unless it is a machine's or a mailbox's. */
const OTHER_ADDRESS =
  /^(?!(?:ip|mac)address|.*(?:e?mail|wallet|web|url|billing|shipping|invoice|rechnung|liefer|livraison|factur))[\p{L}]{3,30}(?:address|anschrift|adresse|adres|direccion|indirizzo|endereco)$/u

/** `adresDzialalnosci`, `adresseSiege`: languages of Latin and Slavic origin put the word for an address first. */
const ADDRESS_OF =
  /^(?:address|adresse|adres|direccion|indirizzo|endereco)(?:of|du|de|del|della|da|do)?(?:siege|siegesocial|etablissement|entreprise|societe|professionnelle|sede|sedelegale|legale|fiscal|empresa|firma|firmy|siedziby|dzialalnosci|business|company|office|bedrijf|bureau|studio|negocio|comercial)$/

/** An object under a key of these is a place: `principal_place`, `registeredOffice`. */
const OTHER_PLACE =
  /^(?:principal|business|main|primary|registered|practice|trading|operating|service|physical|work)(?:place|location|premises|office|site)$/

/** Endings that change nothing: `workEmailAddress1`, `phoneNumberFormatted`, `title_current`. */
const NEUTRAL_ENDING =
  /^(.{3,}?)(?:url|uri|link|text|value|string|formatted|clean|full|raw|list|numbers?|address|line|infull|current|present|latest|actuel|actuelle|actual|attuale|atual)$/

const FIELDS_WITH_ENDING = new Set<Field>([
  'linkedin',
  'website',
  'phone',
  'email',
  'address',
  'city',
  'country',
  'facebook',
  'instagram',
])

/** Fields of which a changed record names the present value: `title_current`. */
const CHANGING_FIELDS = new Set<Field>(['title', 'job_title', 'name', 'headline', 'location'])

function toMeaning(entry: DictionaryEntry, penalty: number): Meaning {
  return {
    owner: entry.owner,
    field: entry.field,
    rank: entry.rank + penalty,
    context: null,
    also: entry.also,
  }
}

/** Returns a key without its trailing number (`email2`, `emails/0`) and in the singular. */
function variants(key: string): string[] {
  const bare = key.replace(/\d+$/, '')
  const found = bare === key ? [key] : [key, bare]
  if (bare.length > 4 && bare.endsWith('s')) found.push(bare.slice(0, -1))
  return found
}

/** Tries the prefixes of one kind until `accept` returns a meaning for the rest of the key. */
function matchPrefix(
  key: string,
  prefixes: readonly string[],
  accept: (rest: Meaning, prefix: string) => Meaning | null,
): Meaning | null {
  for (const prefix of prefixes) {
    if (!key.startsWith(prefix) || key.length === prefix.length) continue
    const rest = find(key.slice(prefix.length), false)
    const meaning = rest?.field == null ? null : accept(rest, prefix)
    if (meaning !== null) return meaning
  }
  return null
}

function toCompanyMeaning(rest: Meaning): Meaning | null {
  if (rest.field === null || rest.owner === PERSON) return null
  if (rest.owner === SELF && !COMPANY_FIELDS.has(rest.field)) return null
  const field = rest.field === 'full_name' || rest.field === 'title' ? 'name' : rest.field
  return { owner: COMPANY, field, rank: rest.rank, context: null }
}

function toPersonMeaning(rest: Meaning, prefix: string): Meaning | null {
  if (rest.field === null) return null
  // `principalContact`: two role words.
  if (rest.owner === PERSON) return rest.field === 'full_name' ? rest : null
  // `speakerCompany`: the person's company.
  if (rest.owner === COMPANY && rest.field === 'name') return rest
  if (CONTACT_WORDS.has(prefix) && SHARED_FIELDS.has(rest.field)) return { ...rest, rank: rest.rank + 2 }
  if (rest.owner !== SELF || !PERSON_FIELDS.has(rest.field)) return null
  return { owner: PERSON, field: rest.field === 'name' ? 'full_name' : rest.field, rank: rest.rank, context: null }
}

function toAddressMeaning(rest: Meaning, prefix: string): Meaning | null {
  if (rest.field === null || rest.owner !== SELF || !PLACE_FIELDS.has(rest.field)) return null
  return { ...rest, owner: prefix.startsWith('headq') || prefix === 'hq' ? COMPANY : SELF, rank: rest.rank + 1 }
}

/** `profile` before an identifying word is fine. Before a type or evidence word it means something else. */
function toNeutralMeaning(rest: Meaning): Meaning | null {
  if (rest.field === null || rest.rank > 45 || rest.field === 'type' || rest.field.endsWith('evidence')) return null
  return { ...rest, rank: rest.rank + 3, context: null }
}

/**
 * Languages of Latin origin put the role last: `nomAvocat`, `emailEmpresa`, `nome_socio`. Only keys of the dictionary count
 * before it.
 */
function matchSuffix(key: string): Meaning | null {
  for (const [roles, accept] of SUFFIX_ROLES)
    for (const role of roles) {
      const entry = key.endsWith(role) ? findEntry(key.slice(0, -role.length)) : undefined
      const meaning = entry === undefined ? null : accept(toMeaning(entry, 2), role)
      if (meaning !== null) return meaning
    }
  return null
}

const SUFFIX_ROLES: readonly [readonly string[], (rest: Meaning, role: string) => Meaning | null][] = [
  [COMPANY_PREFIXES, toCompanyMeaning],
  [PERSON_PREFIXES, toPersonMeaning],
]

function findByPrefix(key: string): Meaning | null {
  return (
    matchPrefix(key, COMPANY_PREFIXES, toCompanyMeaning) ??
    matchPrefix(key, PERSON_PREFIXES, toPersonMeaning) ??
    matchPrefix(key, ADDRESS_PREFIXES, toAddressMeaning) ??
    matchPrefix(key, NEUTRAL_PREFIXES, toNeutralMeaning)
  )
}

/** `companyLabel`, `countryLabel`: the readable form next to an id, as knowledge bases answer. */
const LABELLED = new Set<Field>(['name', 'full_name', 'address', 'location', 'city', 'state', 'country', 'industry'])

function findLabelled(key: string): Meaning | null {
  const rest = key.endsWith('label') ? find(key.slice(0, -'label'.length), true) : null
  return rest?.field == null || !LABELLED.has(rest.field) ? null : { ...rest, rank: Math.max(1, rest.rank - 1) }
}

function findByEnding(key: string): Meaning | null {
  const stem = NEUTRAL_ENDING.exec(key)?.[1]
  const rest = stem === undefined ? null : find(stem, true)
  if (rest?.field == null) return null
  const isChange =
    /(?:current|present|latest|actuel|actuelle|actual|attuale|atual)$/.test(key) && CHANGING_FIELDS.has(rest.field)
  return isChange || FIELDS_WITH_ENDING.has(rest.field) ? { ...rest, rank: rest.rank + 5 } : null
}

/** `isTop`: the whole key, not the part behind a prefix. Endings and unknown addresses are only read there. */
function find(key: string, isTop: boolean): Meaning | null {
  if (key.length < 2) return null
  for (const variant of variants(key)) {
    const entry = findEntry(variant)
    if (entry !== undefined) return toMeaning(entry, variant === key ? 0 : 1)
  }
  if (IGNORED_KEYS.test(key)) return null
  const prefixed = findByPrefix(key)
  if (prefixed !== null || !isTop) return prefixed
  if (OTHER_ADDRESS.test(key) || ADDRESS_OF.test(key)) return { owner: SELF, field: 'address', rank: 20, context: null }
  return findByEnding(key) ?? findLabelled(key) ?? matchSuffix(key)
}

/** All meanings have the same properties in the same order: the walk over an item reads them a third faster. */
const toUniform = (meaning: Meaning): Meaning => ({
  owner: meaning.owner,
  field: meaning.field,
  rank: meaning.rank,
  context: meaning.context,
  also: meaning.also,
  either: meaning.either,
  related: meaning.related,
  crawl: meaning.crawl,
  guess: meaning.guess,
  point: meaning.point,
  author: meaning.author,
  split: meaning.split,
  personal: meaning.personal,
  dependsOnForm:
    meaning.either === true ||
    meaning.field === 'id' ||
    meaning.field === 'slug' ||
    meaning.field === 'house_number' ||
    (meaning.owner === PERSON && meaning.field === 'full_name'),
})

const CONTACT_POINT =
  /^(?:main|primary)?(?:contact(?:point|person)|pointofcontact|ansprechpartner(?:in)?|kontaktperson|contactpersoon|personadecontacto|referente)$/

/** `Tel/Fax`, `phoneAndFax`: the labels in the value tell which is which, and the phone stands first. Group 1: "and". */
const PHONE_AND_FAX =
  /^(?!telefax)(?:tel|telefon|telephone|phone|telefono|telefone|telefoon)(und|and|et|y|e|en)?(?:tele)?fax$/
/** Without a word or sign between them (`tel_fax`) it may be the fax alone: it counts only where there is no phone. */
const PHONE_OR_FAX_RANK = 95

/** `phone/fax` of a flattened export is the fax of an object. */
const FLATTENED_FAX = /phones?[/.](?:tele)?fax/i

const NOTHING: Meaning = toUniform({ owner: SELF, field: null, rank: 0, context: null })
const KEY_MAX = 80
const CACHE_MAX = 10_000
/** Items of one Actor share their keys, so each key is parsed once. Bounded, because the keys come from outside. */
const CACHE = new Map<string, Meaning>()

/** Returns what a key of an item means. Keys of more than 80 characters mean nothing. */
export function recognizeKey(key: string): Meaning {
  const cached = CACHE.get(key)
  if (cached !== undefined) return cached
  if (key.length > KEY_MAX) return NOTHING
  const meaning = toUniform(parseKey(key))
  if (CACHE.size >= CACHE_MAX) CACHE.clear()
  CACHE.set(key, meaning)
  return meaning
}

const isHiddenKey = (key: string): boolean => key.startsWith('#') || key === '__proto__' || key === 'constructor'
const isPersonalKey = (key: string): boolean => key === 'label' || key === 'code' || PERSON_KEYS.has(key)

function parseKey(key: string): Meaning {
  if (isHiddenKey(key)) return { ...NOTHING, context: 'deny' }
  const squashed = normalizeKey(key)
  if (squashed === '') return NOTHING
  const words = splitWords(key)
  const phoneAndFax = findPhoneAndFax(key, squashed)
  if (phoneAndFax !== null) return phoneAndFax
  if (
    words.some((word) => IGNORED_WORDS.has(word)) ||
    /^(?:tele)?fax(?!on)|fax(?:e|es|number|nr|no|nummer)?s?\d*$|факс|传真|팩스|ファ[クッ]/u.test(squashed)
  )
    return { ...NOTHING, context: 'deny' }
  const meaning =
    find(squashed, true) ??
    findWithoutRemark(key) ??
    findQualifiedPhone(words) ??
    findAbbreviated(words) ??
    findPlaceParts(words) ??
    NOTHING
  const context =
    contextOf(squashed) ?? findContainerContext(squashed) ?? findPrefixedContext(squashed) ?? findFieldContext(meaning)
  const isUnknown = meaning.field === null && context === undefined
  return {
    ...meaning,
    personal: isUnknown && isPersonalKey(key),
    context: context ?? (IGNORED_KEYS.test(squashed) ? 'deny' : null),
    related: isRelatedKey(squashed, words[0] ?? ''),
    crawl: CRAWL_KEYS.has(squashed),
    point: CONTACT_POINT.test(squashed),
    author: isAuthorKey(squashed, words[0] ?? ''),
    split: words.length > 1 ? { prefix: words[0] ?? '', rest: words.slice(1).join('_') } : undefined,
    either: meaning.owner === COMPANY && meaning.field === 'name' && EITHER_ROLE.test(squashed),
    guess: isUnknown && !IGNORED_KEYS.test(squashed) ? guessEnding(words) : undefined,
  }
}

function findPhoneAndFax(key: string, squashed: string): Meaning | null {
  const found = FLATTENED_FAX.test(key) ? null : PHONE_AND_FAX.exec(squashed)
  if (found === null) return null
  const isBoth = found[1] !== undefined || /[/&+,|]/.test(key)
  return { ...NOTHING, field: 'phone', rank: isBoth ? QUALIFIED_PHONE_RANK : PHONE_OR_FAX_RANK }
}

/** `contactsSection`, `addressBlock`: the ending only says that it is an object. */
const CONTAINER_ENDING = /(?:section|block|object|obj|record|card|panel|group)$/
/** `realtorInformation`: here the ending also makes `user` something else than the author of a post. */
const RECORD_ENDING = /(?:info|information|details?|data|profile)$/

function findContainerContext(squashed: string): Context | undefined {
  const found = contextOf(squashed.replace(CONTAINER_ENDING, ''))
  if (found !== undefined) return found
  const record = contextOf(squashed.replace(RECORD_ENDING, ''))
  return record === 'deny' ? undefined : record
}

/** Abbreviations of column names in databases: `CUST_NM`, `PH_NBR`, `ZIP_CD`. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['nm', 'name'],
  ['nbr', 'number'],
  ['cd', 'code'],
  ['addr', 'address'],
  ['ph', 'phone'],
  ['bus', 'business'],
  ['org', 'organization'],
  ['mgr', 'manager'],
  ['cty', 'city'],
  ['ctry', 'country'],
  ['cntry', 'country'],
  ['prov', 'province'],
  ['fst', 'first'],
  ['frst', 'first'],
  ['lst', 'last'],
  ['ttl', 'title'],
  ['eml', 'email'],
  ['cntct', 'contact'],
])

/** `ST_CD` is a state and `ST_ADDR` a street. */
const expandWord = (word: string, next: string | undefined): string => {
  if (word === 'st') return /^(?:cd|code|abbr|abbrev)$/.test(next ?? '') ? 'state' : 'street'
  return ABBREVIATIONS.get(word) ?? word
}

function findAbbreviated(words: readonly string[]): Meaning | null {
  if (words.length < 2 || !words.some((word) => word === 'st' || ABBREVIATIONS.has(word))) return null
  return find(words.map((word, index) => expandWord(word, words[index + 1])).join(''), true)
}

const PLACE_WORDS: ReadonlySet<string> = new Set(
  'city town state province region zip zipcode postal postcode code country county plz ort stadt land cp ville pays cap citta paese'.split(
    ' ',
  ),
)
const PLACE_PARTS_MAX = 5

/** `City/State/Zip`: several parts of a place in one value. */
function findPlaceParts(words: readonly string[]): Meaning | null {
  const isPlace = words.length > 1 && words.length <= PLACE_PARTS_MAX && words.every((word) => PLACE_WORDS.has(word))
  return isPlace ? { owner: SELF, field: 'location', rank: 12, context: null } : null
}

/** Keys that only mean something in the record of a person. */
const PERSON_KEYS: ReadonlyMap<string, Field> = new Map([
  ['given', 'first_name'],
  ['family', 'last_name'],
  ['function', 'job_title'],
  ['pos', 'job_title'],
])

/** Returns what a key means in the record of a person, if it means nothing elsewhere. */
export function recognizePersonKey(key: string): Meaning | null {
  const field = PERSON_KEYS.get(key)
  return field === undefined ? null : toUniform({ owner: SELF, field, rank: 12, context: null })
}

/** `Employees (All Sites)`: a remark in brackets does not change what a key means. */
function findWithoutRemark(key: string): Meaning | null {
  return key.includes('(') ? find(normalizeKey(key.replace(/\([^()]*\)/g, ' ')), true) : null
}

/**
 * `telPro`, `contact_ph`: a phone with a word that says which one. Words that name something else about a phone take the
 * key out.
 */
function findQualifiedPhone(words: readonly string[]): Meaning | null {
  if (words.length < 2 || words.length > 4 || words.some((word) => NO_PHONE_WORDS.has(word))) return null
  const isFirst = PHONE_WORDS.test(words[0] ?? '')
  if (!isFirst && !PHONE_WORDS.test(words.at(-1) ?? '')) return null
  return { owner: SELF, field: 'phone', rank: QUALIFIED_PHONE_RANK, context: null }
}

const PHONE_WORDS = /^(?:tel|telefon|telefono|telefone|telephone|telefoon|phone|ph|tlf)$/
const NO_PHONE_WORDS = new Set(
  `type kind status state verified valid validation carrier provider line lookup code prefix country region id ids ext
  extension count score confidence label format model brand link url icon image price hours support app device os case
  number1 is has show hide click request source text`
    .trim()
    .split(/\s+/),
)
const QUALIFIED_PHONE_RANK = 22

/** Finds contexts behind the company prefixes: `companyAddress`, `hotelContactInfo`. */
function findPrefixedContext(key: string): Context | undefined {
  for (const prefix of COMPANY_PREFIXES) {
    if (!key.startsWith(prefix)) continue
    const rest = key.slice(prefix.length)
    const context = contextOf(rest)
    if (context === 'address' || context === 'locations') return context
    if (/^contacts?(?:info|details|information)?$/.test(rest)) return 'contact'
  }
  return OTHER_ADDRESS.test(key) || OTHER_PLACE.test(key) || ADDRESS_OF.test(key) ? 'address' : undefined
}

/** An object under a key that names a person, company or place is about that person, company or place. */
function findFieldContext(meaning: Meaning): Context | undefined {
  if (meaning.field === 'address' || meaning.field === 'location') return 'address'
  if (meaning.owner === PERSON && meaning.field === 'full_name') return 'person'
  if (meaning.owner === COMPANY && meaning.field === 'name') return 'company'
  return undefined
}

/** Nouns whose id or address identifies something other than the lead. */
const OTHER_NOUNS = new Set(
  `session request run query job batch task actor dataset build event search input feed category categories type parent user
  reviewer review author image images img photo photos picture avatar logo icon thumbnail thumb cover banner background video media
  gallery file download pdf document menu booking book reservation reserve order ticket tickets tracking campaign list group team
  department region city state country county district area zone language currency price plan product model sku ad ads share embed
  api json xml rss amp sitemap html source redirect login signup register apply application donate facebook instagram twitter
  youtube tiktok pinterest whatsapp telegram linkedin xing map maps street view direction directions static next prev previous
  first last start end base root origin screenshot snapshot archive cache thread message comment post tweet story reel owner agent
  manager contact person employee account external internal crm deal row index level status stage time device client`
    .trim()
    .split(/\s+/),
)

/** Reads an unknown `<noun>Id`, `<noun>Url` or `<noun>Name` by its ending: `listingId`, `pagesJaunesUrl`, `tsid`. */
function guessEnding(words: readonly string[]): Meaning['guess'] {
  const last = words.at(-1) ?? ''
  if (words.length === 1) return /^[a-z]{2,5}id$/.test(last) && !ID_WORDS.has(last) ? 'id' : undefined
  if (isPersonRole(last) && !words.some((word) => NO_ROLE_WORDS.has(word))) return 'person'
  if (words.slice(0, -1).some((word) => OTHER_NOUNS.has(word))) return undefined
  if (last === 'id' || last === 'uid' || last === 'uuid') return 'id'
  if (last === 'name') return 'name'
  return last === 'url' || last === 'uri' || last === 'link' || last === 'page' || last === 'href' ? 'url' : undefined
}

/** `feedOwner`, `generalManager`: the last word is a person's role. */
function isPersonRole(word: string): boolean {
  const entry = findEntry(word)
  return entry?.owner === PERSON && entry.field === 'full_name'
}

/** `accountManager` is on the side of who sells, `projectOwner` is about another thing. */
const NO_ROLE_WORDS: ReadonlySet<string> = new Set(
  `account project product case key support emergency repo repository file document ticket task deal page ad campaign user
  reviewer photo image video post comment group parent request event session`.split(/\s+/),
)

/** English and German words that end in `id` but name no identifier. */
const ID_WORDS = new Set(
  'paid valid invalid grid solid hybrid rapid avoid covid android fluid bid void raid braid liquid userid runid jobid unpaid'.split(
    ' ',
  ),
)
