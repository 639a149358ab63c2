import type { Concept } from './header-words.ts'
import { conceptsOfWord, NOT_OF_THE_LEAD, splitHeader } from './header-words.ts'

/** Which of several columns of one kind is preferred, per row. */
export type ColumnGroup = 'own' | 'home' | 'other' | 'billing'

/** What a column name says, without the other columns and the values of the file. */
export interface ColumnMeaning {
  /**
   * The lead column that it fills. `name` is a person or a company, which the file decides; `calling_code` and `label`
   * qualify a phone number or address in another column.
   */
  column: string | null
  group: ColumnGroup
  /** Lower comes first: of several phones the work number, then the mobile number. */
  priority: number
  /** The name shows that the column is not about the lead: its values are not read. */
  is_denied: boolean
  /** False: only a loose reading, which another column of the file may contradict. */
  is_certain: boolean
  /** A part of the value: `van der` and `Meulen`, or the second of two family names. */
  is_part?: boolean
  /** The dictionary of items knows the name: the mapping reads the column under it. */
  is_from_dictionary?: boolean
}

const NOTHING: ColumnMeaning = { column: null, group: 'own', priority: 0, is_denied: false, is_certain: false }
const DENIED: ColumnMeaning = { ...NOTHING, is_denied: true, is_certain: true }

const meaning = (column: string, changes: Partial<ColumnMeaning> = {}): ColumnMeaning => ({
  ...NOTHING,
  column,
  is_certain: true,
  ...changes,
})

/** The words of a column name as concepts. */
class HeaderWords {
  readonly header: string
  readonly words: readonly string[]
  readonly concepts: readonly Concept[]
  readonly unknown: number
  /** The number in `E-mail 2` or `Phone 3 - Value`; 1 where there is none. */
  readonly index: number
  private readonly set: ReadonlySet<Concept>

  constructor(header: string) {
    this.header = header
    this.words = splitHeader(header)
    const found = this.words.map((word) => conceptsOfWord(word))
    this.concepts = found.flat()
    this.set = new Set(this.concepts)
    this.unknown = this.words.filter((word, at) => found[at]?.length === 0 && !isFiller(word)).length
    this.index = Number(/\d+/.exec(header)?.[0] ?? 1)
  }

  has(...concepts: Concept[]): boolean {
    return concepts.some((concept) => this.set.has(concept))
  }

  hasAll(...concepts: Concept[]): boolean {
    return concepts.every((concept) => this.set.has(concept))
  }

  /** True where nothing but these concepts is said. */
  only(...concepts: Concept[]): boolean {
    return this.unknown === 0 && this.concepts.every((concept) => concepts.includes(concept) || concept === 'number')
  }
}

const FILLERS = new Set(
  `de la le les des du d l der die das des dem den of the a an et y e i und and en of van von della del dello dell di da do dos das
  nm cd nbr saved primer primero primeiro primo paterno in im your my ihre ihr votre su tu il el los las o s code kod codice codigo id1 r`.split(
    /\s+/,
  ),
)
const isFiller = (word: string): boolean => word.length === 1 || FILLERS.has(word) || /^[\d#]+$/.test(word)

const LISTED_TOGETHER = /[/&+,]| (?:und|and|or|oder|et|y|e|en|i) /i

/** "Custom Field: LinkedIn", "[Custom] Phone", "cf_email": the field that users of a system have added. */
const CUSTOM_FIELD =
  /^\W*(?:custom(?:[ _-]?(?:field|property|variable|attribute))?s?|cf|user[ -]?defined(?: field)?|benutzerdefiniert\p{L}*(?: feld)?|champ personnalisé|campo personali[sz]ado|campo personalizzato)[\])_:. (-]+(?=\p{L}{2})/iu

/** "Which company do you work for?": the words of a form's question without its noun, in the languages of forms. */
const QUESTION_WORDS = new Set(
  `what which who whose where how is are was do does did can may could would will should s re you your the a an work works for
  at in of on we i us our please wie lautet lauten ist sind ihr ihre ihren dein deine welche welches welcher welchem was arbeiten
  sie du bei heissen quel quelle est sont votre vos ton ta cual es son tu su sus vuestro qual e il tuo la sua o seu wat welk welke
  uw je jouw jaki jaka jest twoj twoje`.split(/\s+/),
)

function toNoun(header: string): string {
  if (!header.trim().endsWith('?') || header.length > 100) return header
  const words = splitHeader(header).filter((word) => !QUESTION_WORDS.has(word))
  return words.length === 0 ? header : words.join(' ')
}

/** "z. Hd.", "T.a.v.", "Attn": before the name of who receives a letter. */
const ATTENTION =
  /^\s*(?:z\.?\s*h(?:d|ä?nden)?|zu händen|t\.?\s*a\.?\s*v|att(?:n|ention)?|à l['’]attention(?: de)?|a la atención(?: de)?|all['’]attenzione(?: di)?|aos? cuidados(?: de)?|do rąk)\.?\s*:?\s*$/iu

/** The name of an account in a CRM, in languages whose word is also one for an account at a bank. */
const ACCOUNT_NAME = /^(?:nom du compte|nombre de (?:la )?cuenta|nome da conta|nazwa konta|nome (?:dell['’])?account)$/i

/** The property of a vCard with the whole name. */
const FORMATTED_NAME = /^\s*fn\s*$/i

/** What a column name says. Pure; never throws. */
export function recognizeColumn(header: string): ColumnMeaning {
  const words = new HeaderWords(toNoun(header.replace(CUSTOM_FIELD, '')))
  if (FORMATTED_NAME.test(header) || ATTENTION.test(header)) return meaning('full_name')
  if (ACCOUNT_NAME.test(header.trim())) return meaning('company_name')
  if (words.concepts.length === 0) return NOTHING
  return (
    findPublicName(words) ??
    findQualifier(words) ??
    findDenied(words) ??
    findContact(words) ??
    findCompanyFact(words) ??
    findAddress(words) ??
    findCrmField(words) ??
    findTitle(words) ??
    findName(words) ??
    NOTHING
  )
}

/** Columns that say something about the phone number or address in another column. */
function findQualifier(words: HeaderWords): ColumnMeaning | null {
  const isCode = words.words.includes('code')
  const isCalling = words.words.some((word) => /^(?:calling|dial|dialing|dialling)$/.test(word))
  if (words.has('area_code') || (isCode && (isCalling || words.hasAll('country', 'phone'))))
    return meaning('calling_code')
  if (words.has('email', 'phone', 'mobile') && isLabel(words)) return meaning('label', { is_denied: true })
  return null
}

const isLabel = (words: HeaderWords): boolean => words.words.some((word) => LABEL_WORDS.has(word))

const LABEL_WORDS: ReadonlySet<string> = new Set(
  'type typ label labels art tipo etiqueta etichetta etiquette libelle etykieta rotulo marcador soort rodzaj'.split(
    ' ',
  ),
)

function findDenied(words: HeaderWords): ColumnMeaning | null {
  // "Telefon/Fax" has both in a cell; "Fax number" has not.
  if (words.has('fax') && words.has('phone', 'mobile') && LISTED_TOGETHER.test(words.header)) return null
  const isAddress =
    words.has('street', 'city', 'state', 'zip', 'country', 'address') &&
    !words.has('email', 'phone', 'mobile', 'person')
  // The address to which invoices go is the lead's where there is no other, see `ColumnGroup`.
  const isForeign = words.concepts.some((each) => NOT_OF_THE_LEAD.has(each) && !(each === 'invoice' && isAddress))
  if (isForeign || OUR_SELLER.test(words.words.join(' '))) return DENIED
  if (words.has('billing', 'shipping') && !isAddress) return DENIED
  if (words.has('formatted', 'time')) return DENIED
  // "E-mail Display Name" repeats the name; "Name / E-mail" has both in a cell.
  if (words.has('email') && words.has('name', 'person_name') && !LISTED_TOGETHER.test(words.header)) return DENIED
  if (words.has('meta') && !words.has('employees', 'legal_form', 'industry') && !isCompanyType(words)) return DENIED
  // An "Email ID" is an address; any other id tells records of one system apart, and means nothing in another.
  if (words.has('id') && !words.has('email', 'linkedin', 'country')) return DENIED
  return null
}

/** "Account Executive", "Sales Manager", "Email du commercial": the person who sells, on our side. */
const OUR_SELLER =
  /\b(?:account|sales|key account|client|customer success|business development) (?:executive|manager|lead|contact owner)\b|\bunternehmens ?inhaber|\b(?:accountmanager|salesmanager|vertriebler|verkaufsleiter)|\b(?:du|del|do|dello|la|le|el|il|o|a) (?:commerciale?|comercial)\b/

const isCompanyType = (words: HeaderWords): boolean => words.has('company') && isLabel(words)

/** "Verification", "Validation status": finders of addresses write it beside the address. */
const VERIFICATION = /^(?:verification|validation|deliverability)(?: status)?$/

function findContact(words: HeaderWords): ColumnMeaning | null {
  if (VERIFICATION.test(words.words.join(' '))) return meaning('email_verified')
  if (words.has('email') && !words.has('web')) return readEmailColumn(words)
  if (words.has('linkedin')) return meaning(words.has('company') ? 'company.linkedin_url' : 'linkedin_url')
  // Xing's profiles are pages of people, as LinkedIn's are.
  if (words.words.includes('xing')) return meaning('external_url')
  if (words.has('phone', 'mobile') && !words.has('street', 'city', 'country')) return readPhoneColumn(words)
  if (words.has('domain')) return meaning('company_domain')
  if (words.has('web') && !words.has('social')) return meaning('website', { priority: words.has('home') ? 1 : 0 })
  return null
}

/** The second column of a kind counts less than the first. */
const rankByIndex = (words: HeaderWords): number => (words.index - 1) / 10

function readEmailColumn(words: HeaderWords): ColumnMeaning {
  if (words.has('verified', 'status')) return meaning('email_verified')
  if (words.has('domain')) return meaning('company_domain')
  if (words.has('company')) return meaning('company.email')
  const priority = rankByIndex(words)
  if (words.has('home')) return meaning('personal_email', { priority })
  return words.has('other') || words.index > 1 ? meaning('additional_emails', { priority }) : meaning('email')
}

function readPhoneColumn(words: HeaderWords): ColumnMeaning {
  if (words.has('verified', 'status')) return meaning('phone_verified')
  const isMain = words.has('main') && !words.has('person', 'mobile', 'work')
  if (words.has('company') || isMain) {
    const isOwn = words.has('mobile', 'person') || (words.has('main') && !words.has('company'))
    return meaning(isOwn ? 'phone' : 'company.phone', { priority: 2 + rankByIndex(words) })
  }
  const priority = words.has('home') ? 4 : words.has('other') ? 5 : words.has('mobile') ? 3 : 1
  return meaning('phone', { priority: priority + rankByIndex(words) })
}

function findCompanyFact(words: HeaderWords): ColumnMeaning | null {
  if (words.has('employees') || words.hasAll('company', 'size')) return meaning('company.employees')
  if (words.has('legal_form') || isCompanyType(words)) return meaning('company.company_type')
  if (words.has('industry')) return meaning('industry')
  if (words.has('description') && words.unknown === 0) return meaning('company.description')
  return null
}

const addressParts = [
  ['street', 'street'],
  ['city', 'city'],
  ['zip', 'postal_code'],
  ['state', 'state'],
  ['country', 'country'],
  ['address', 'address'],
] as const

function findAddress(words: HeaderWords): ColumnMeaning | null {
  if (HOUSE_NUMBER.test(words.words.join(' '))) return meaning('house_number')
  // "Postnr. og by": the Danish word for a town is also English for who did something.
  if (words.has('zip') && words.words.includes('by')) return meaning('city')
  // "Postal address" is an address, "Adres służbowy - kod pocztowy" the code in one.
  const isPostalAddress = words.has('address') && words.has('zip') && !words.words.some((word) => CODE_WORD.test(word))
  const found = addressParts.filter(([concept]) => words.has(concept))
  const named = found.map(([, column]) => column)
  if (named.length === 0) return null
  const column = choosePart(words, named, isPostalAddress)
  const group: ColumnGroup = words.has('billing', 'shipping', 'invoice')
    ? 'billing'
    : words.has('home')
      ? 'home'
      : words.has('other')
        ? 'other'
        : 'own'
  const isCompany = words.has('company') && !words.has('person')
  return meaning(isCompany ? `company.${column}` : column, { group, priority: words.index - 1 })
}

/** What only the name of a code contains. */
const CODE_WORD = /^(?:code|codigo|codice|kod|zip|plz|postleitzahl|postcode|postnummer|postnr|pincode|cp|cap|cep|psc)/

/** A column with nothing but the number of the house: "Hausnr.", "Nr domu", "Numero civico". */
const HOUSE_NUMBER =
  /^(?:(?:haus|huis)(?:nummer|nr)|(?:house|building|street) ?(?:number|no|nr)|(?:nr|numer) (?:domu|budynku)|(?:numero|n|no) civico|civico|numero (?:de )?(?:casa|calle|rua|porta|voie|rue)|hausnummer zusatz)$/

function choosePart(words: HeaderWords, named: readonly string[], isPostalAddress: boolean): string {
  if (isPostalAddress) return 'address'
  if (named.length === 1 && named[0] === 'address' && words.words.includes('line')) return 'street'
  // "PLZ/Ort", "City, State": the cell contains both; the reader of cities splits it.
  if (named.includes('postal_code') && named.includes('city')) return 'city'
  if (named.includes('city') && named.includes('state') && LISTED_TOGETHER.test(words.header)) return 'city'
  if (named.includes('street') && named.includes('city')) return 'address'
  // "Country/Region" and "State/Region" name one thing twice.
  if (named.includes('country')) return 'country'
  const part = named.find((column) => column !== 'address')
  return part ?? 'address'
}

function findCrmField(words: HeaderWords): ColumnMeaning | null {
  if (words.has('notes')) return words.unknown === 0 || isKindOfNotes(words) ? meaning('notes') : null
  if (words.has('tags') && !words.has('company')) return meaning('tags')
  if (words.has('status', 'stage') && words.only('status', 'stage', 'person')) return meaning('lead_status')
  if (words.has('score') && words.only('score', 'person')) return meaning('lead_score')
  return null
}

/** "Follow-up notes", "Internal notes": nothing but some words before the notes. */
const isKindOfNotes = (words: HeaderWords): boolean =>
  words.only('notes') ||
  (words.unknown <= 2 && words.concepts.length === 1 && /(?:note|coment|komment)/.test(words.words.at(-1) ?? ''))

function findTitle(words: HeaderWords): ColumnMeaning | null {
  if (words.has('department')) return words.has('job', 'title') ? meaning('title', { is_certain: false }) : DENIED
  if (words.has('job')) return meaning('title', { priority: words.has('title') ? 0 : 1 })
  if (!words.has('title') || words.unknown > 0) return null
  // A bare "Title" is a job, or an academic title where the file has another column for jobs.
  return meaning('title', { priority: 2, is_certain: words.has('company', 'person', 'work') })
}

/** A name that counts only where a row has no other. */
export const FALLBACK_PRIORITY = 9

/** WhatsApp's "Public Name" is what people call themselves, next to the name in the owner's address book. */
const findPublicName = (words: HeaderWords): ColumnMeaning | null =>
  /^(?:public|push|whatsapp)(?: display)? name$/.test(words.words.join(' '))
    ? meaning('full_name', { priority: FALLBACK_PRIORITY, is_certain: false })
    : null

function findName(words: HeaderWords): ColumnMeaning | null {
  if (words.unknown > 0 && !words.has('company', 'person')) return null
  if (words.has('infix') && words.only('infix')) return meaning('last_name', { priority: -1, is_part: true })
  if (words.only('second_last', 'last') && words.hasAll('second_last', 'last'))
    return meaning('last_name', { priority: 1, is_part: true })
  if (words.has('middle') || (words.has('name', 'first', 'person_name') && words.has('other'))) return DENIED
  if (words.has('first', 'last') && !words.has('company')) return readNamePart(words)
  if (words.has('person_name') || (words.has('full') && words.has('name') && !words.has('company')))
    return meaning('full_name')
  if (words.has('company')) return readCompanyName(words)
  return readPlainName(words)
}

/** A name of which the column does not say whose it is. */
function readPlainName(words: HeaderWords): ColumnMeaning | null {
  if (words.has('name') && words.has('trade', 'work')) return meaning('company_name')
  if (words.has('name') && words.has('person')) return meaning('full_name')
  if (words.has('person')) return words.unknown > 0 ? null : meaning('name', { priority: 1, is_certain: false })
  if (words.has('trade') && words.only('trade')) return DENIED
  if (words.only('name') && words.index > 1) return meaning('name_continued', { priority: 1, is_certain: false })
  return words.only('name') && words.has('name') ? meaning('name', { priority: 0, is_certain: false }) : null
}

function readNamePart(words: HeaderWords): ColumnMeaning {
  if (words.has('first') && words.has('last')) return meaning('full_name')
  // "Nom et prénom", "Name, Vorname", "Nombre y apellidos": both in one cell. "First name", "Nom de famille": one part.
  if (words.has('name') && LISTED_TOGETHER.test(words.header)) return meaning('full_name')
  return meaning(words.has('first') ? 'first_name' : 'last_name')
}

function readCompanyName(words: HeaderWords): ColumnMeaning | null {
  const [before, last] = words.concepts.slice(-2)
  const isPerson = words.has('person') && (last === 'person' || (last === 'name' && before === 'person'))
  if (isPerson) return meaning('full_name', { is_certain: false })
  if (words.unknown > 1) return null
  return meaning('company_name', { priority: words.index - 1 + (words.has('number') ? 1 : 0) })
}
