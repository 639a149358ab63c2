import { cleanText255, type Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, PERSON, SELF } from './fields.ts'
import { cleanNamePart, mergeNameParts, type PersonName, parsePersonName } from './normalize/name.ts'
import { cleanText, foldText } from './normalize/text.ts'
import { isUnknownLocation, type Location, resolveLocation } from './resolve-location.ts'

const NO_NAME: PersonName = { full: null, first: null, last: null }
const NO_COMPANY =
  /^(?:self[- ]?employed|selbst(?:st)?ändig|freelance(?:r)?|freiberuflich|independent(?: (?:contractor|consultant))?|indépendant|autónomo|libero professionista|unemployed|retired|student|none|private|confidential(?: company)?|stealth(?: (?:mode|startup|mode startup))?)$/i

/** Who and where the lead is. */
export interface Subject {
  name: PersonName
  title: string | null
  companyName: string | null
  geo: Location
  companyGeo: Location
}

/** Name, title, company and place of the lead, read as its kind demands. */
export function resolveSubject(facts: Facts, kind: Kind): Subject {
  const company = facts.first(COMPANY, 'name', cleanCompany)
  const companyGeo = resolveLocation(facts, COMPANY)
  if (kind === 'job') {
    return { ...resolveContactPerson(facts), companyName: company, geo: companyGeo, companyGeo }
  }
  const geo = resolveLocation(facts, SELF)
  if (kind === 'company') {
    const names = [
      company,
      facts.first(SELF, 'name', cleanCompany),
      facts.first(SELF, 'full_name', cleanCompany),
      isListingOffer(facts) ? null : facts.first(SELF, 'title', cleanCompany),
    ]
    const companyName = names.find((name) => name !== null) ?? null
    const contact = resolveContactPerson(facts)
    const same =
      contact.name.full !== null && companyName !== null && foldText(contact.name.full) === foldText(companyName)
    // A company's place may be stated plainly or as its headquarters'.
    const place =
      isUnknownLocation(geo) && geo.postal_code === null
        ? { ...companyGeo, has_street: companyGeo.has_street || geo.has_street }
        : geo
    return { ...(same ? { name: NO_NAME, title: null } : contact), companyName, geo: place, companyGeo: place }
  }
  let first = facts.first(SELF, 'first_name', cleanNamePart)
  let last = facts.first(SELF, 'last_name', cleanNamePart)
  const plain = facts.first(SELF, 'name', cleanText255)
  const stated = facts.first(SELF, 'full_name', cleanText255)
  let whole = parsePersonName(stated ?? (plain === company ? null : plain) ?? parsePageTitleName(facts))
  // `{nome, cognome}`, `{nom, prenom}`: the plain name is the other half where it does not hold the first.
  if (stated === null && whole.full !== null && (first === null) !== (last === null)) {
    const given = first ?? last ?? ''
    if (!whole.full.toLowerCase().includes(given.toLowerCase())) {
      if (first === null) first = whole.full
      else last = whole.full
      whole = NO_NAME
    }
  }
  const joined = mergeNameParts(
    first,
    last,
    first !== null && last !== null && whole.full !== null && stated === null && !whole.full.includes(last)
      ? NO_NAME
      : whole,
  )
  const contact = resolveContactPerson(facts)
  const hasOwnName = joined.full !== null
  return {
    name: hasOwnName ? joined : contact.name,
    title: hasOwnName ? ownTitle(facts) : (facts.first(SELF, 'job_title', cleanTitle) ?? contact.title),
    companyName: company,
    geo,
    companyGeo,
  }
}

/** A flat, car or product on offer: its title names the offer, not whoever makes it. */
function isListingOffer(facts: Facts): boolean {
  return facts.all(SELF, 'post_evidence').length >= 2 && facts.all(SELF, 'place_evidence').length === 0
}

/** "Jane Doe - Marketing Director - Acme | LinkedIn", the title of a profile's page, begins with the name. */
function parsePageTitleName(facts: Facts): string | null {
  const title = facts.first(SELF, 'title', cleanText255)
  return title !== null && /(?: [|–-] |\| ?)LinkedIn$/i.test(title) ? (title.split(/ [-–|] /)[0] ?? null) : null
}

/** The job title: the plain `title` of a named person goes before one that only a job history holds. */
function ownTitle(facts: Facts): string | null {
  const stated = facts.all(SELF, 'job_title')[0]?.rank ?? Number.POSITIVE_INFINITY
  const plain = facts.all(SELF, 'title')[0]?.rank ?? Number.POSITIVE_INFINITY
  const order: readonly Field[] = plain < stated ? ['title', 'job_title'] : ['job_title', 'title']
  for (const field of order) {
    const title = facts.first(SELF, field, cleanTitle)
    if (title !== null && !/LinkedIn$/i.test(title)) return title
  }
  // "Engineer at Example" names more than the job: taking it apart would be guessing.
  return facts.first(SELF, 'occupation', (value) =>
    typeof value === 'string' && / (?:at|bei|chez|en|presso) |@/.test(value) ? null : cleanTitle(value),
  )
}

/** A contact person named in a company's item. */
function resolveContactPerson(facts: Facts): { name: PersonName; title: string | null } {
  const name = mergeNameParts(
    facts.first(PERSON, 'first_name', cleanNamePart),
    facts.first(PERSON, 'last_name', cleanNamePart),
    facts.first(PERSON, 'full_name', (value) => {
      const found = parsePersonName(value)
      return found.full === null ? null : found
    }) ?? NO_NAME,
  )
  return {
    name,
    title:
      name.full === null
        ? null
        : (facts.first(PERSON, 'job_title', cleanTitle) ?? facts.first(PERSON, 'title', cleanTitle)),
  }
}

const cleanTitle = (value: unknown) => {
  const text = cleanText(value, 255)
  return text === null || !/\p{L}/u.test(text) || /^https?:/i.test(text) ? null : text
}

function cleanCompany(value: unknown): string | null {
  const text = typeof value === 'string' ? cleanText(value, 255) : null
  return text === null || NO_COMPANY.test(text) || /^https?:\/\//i.test(text) ? null : text.replace(/^@(?=\w)/, '')
}
