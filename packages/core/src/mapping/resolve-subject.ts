import { cleanCompanyName, stripLegalForm } from '../normalize/company-name.ts'
import {
  type Byline,
  cleanNamePart,
  mergeNameParts,
  type PersonName,
  parseByline,
  parsePersonName,
} from '../normalize/name.ts'
import { cleanText, foldText, stripMarkup } from '../normalize/text.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, type Owner, PERSON, SELF } from './fields.ts'
import { hasPrivateSeller, isOffer } from './listing.ts'
import { isUnknownLocation, type Location, NO_LOCATION, resolveLocation } from './resolve-location.ts'
import { findSourceCountry } from './source-country.ts'

const NO_NAME: PersonName = { full: null, first: null, last: null }
const NO_CONTACT = { name: NO_NAME, title: null }

/** Who the lead is and where. */
export interface Subject {
  name: PersonName
  title: string | null
  companyName: string | null
  /** True if the company is named by the item's own name, false if a key names it as a person's company. */
  isItemCompany: boolean
  geo: Location
  companyGeo: Location
  /** The country that the source suggests. It helps to read values and is never a lead's country. */
  sourceCountry: string | null
}

/** Returns name, title, company and place of the lead, read as its kind demands. */
export function resolveSubject(facts: Facts, kind: Kind): Subject {
  const sourceCountry = findSourceCountry(facts)
  const locate = (owner: Owner) => resolveLocation(facts, owner, sourceCountry)
  if (kind === 'job') return { ...resolveJob(facts, locate(COMPANY), locate(SELF)), sourceCountry }
  if (kind === 'company')
    return { ...resolveCompanySubject(facts, locate(SELF), locate(COMPANY), locate(PERSON)), sourceCountry }
  return { ...resolvePerson(facts, locate), sourceCountry }
}

type LocatedSubject = Omit<Subject, 'sourceCountry'>

/**
 * The lead of a job post is the company that hires, with the poster as its contact. The place of the job counts only if
 * the company's own is not stated and the job's names a town.
 */
function resolveJob(facts: Facts, stated: Location, jobGeo: Location): LocatedSubject {
  const companyName = facts.first(COMPANY, 'name', cleanCompanyName)
  const isJobPlace = isUnknownLocation(stated) && stated.postal_code === null && jobGeo.city !== null
  const companyGeo = isJobPlace ? { ...jobGeo, has_street: false } : stated
  return { ...resolveContactPerson(facts), companyName, isItemCompany: false, geo: companyGeo, companyGeo }
}

/** Ranks from here on are loose: a key that is a company's name in some items only (`shop: "clothes"`). */
const LOOSE_RANK = 20

/** `agentGeo`: the place of the contact person, which is the agency's next to a listing. */
function resolveCompanySubject(facts: Facts, geo: Location, companyGeo: Location, agentGeo: Location): LocatedSubject {
  const isListing = isOffer(facts)
  const ownName =
    findDisplayName(facts) ??
    facts.first(SELF, 'full_name', cleanCompanyName) ??
    (isListing ? null : facts.first(SELF, 'title', cleanCompanyName))
  const stated = facts.first(COMPANY, 'name', cleanCompanyName)
  const isLoose = (facts.all(COMPANY, 'name')[0]?.rank ?? 0) >= LOOSE_RANK
  const isOwn = ownName !== null && !isListing && (stated === null || (isLoose && facts.has(SELF, 'name')))
  const companyName = isOwn ? ownName : (stated ?? (isListing ? null : ownName))
  const contact = resolveContactPerson(facts)
  const place = chooseCompanyPlace(geo, isUnknownLocation(companyGeo) ? agentGeo : companyGeo, isListing)
  return {
    ...(isSameName(contact.name.full, companyName) ? NO_CONTACT : contact),
    companyName,
    isItemCompany: isOwn || stated === null || isSameCompany(facts, stated, ownName, isListing),
    geo: place,
    companyGeo: place,
  }
}

/** The company as its own contact: `{artist: "Acme", seller: "Acme GmbH"}`. */
const isSameName = (person: string | null, company: string | null): boolean =>
  person !== null &&
  company !== null &&
  mayBeSame(person, company) &&
  (foldText(person) === foldText(company) || foldText(person) === foldText(stripLegalForm(company)))

/** Texts that begin with different plain letters are different when folded, too. It spares most items four foldings. */
function mayBeSame(one: string, other: string): boolean {
  const [a, b] = [one.slice(0, 1).toLowerCase(), other.slice(0, 1).toLowerCase()]
  return a === b || !/^[a-z]$/.test(a) || !/^[a-z]$/.test(b)
}

/** A name as people write it: `studiolark` next to `Studio Lark` is the account's handle. */
function findDisplayName(facts: Facts): string | null {
  const name = facts.first(SELF, 'name', cleanCompanyName)
  if (name === null || !HANDLE.test(name)) return name
  return (
    facts.first(SELF, 'name', (value) => {
      const other = cleanCompanyName(value)
      return other === null || HANDLE.test(other) ? null : other
    }) ?? name
  )
}

const HANDLE = /^[a-z\d._-]+$/

/** `{businessName, …}` without a name or title of another thing is about that business. */
function isSameCompany(facts: Facts, stated: string, ownName: string | null, isListing: boolean): boolean {
  if (ownName === null) return !isListing && !facts.has(SELF, 'title')
  return ownName === stated || foldText(ownName) === foldText(stated)
}

/** A listing's place is the property's: its agency's place goes first. Otherwise the item's own place does. */
function chooseCompanyPlace(geo: Location, companyGeo: Location, isListing: boolean): Location {
  if (isListing && !isUnknownLocation(companyGeo)) return companyGeo
  const has_street = companyGeo.has_street || geo.has_street
  if (isUnknownLocation(geo) && geo.postal_code === null) return { ...companyGeo, has_street }
  // `{country, headquarters: {city}}`: the country in a key of its own.
  const isCountryOnly = geo.city === null && geo.state === null && geo.postal_code === null
  const isSameCountry = companyGeo.country === null || companyGeo.country === geo.country
  return isCountryOnly && companyGeo.city !== null && isSameCountry
    ? { ...companyGeo, country: geo.country, has_street }
    : geo
}

function resolvePerson(facts: Facts, locate: (owner: Owner) => Location): LocatedSubject {
  if (hasPrivateSeller(facts)) return resolvePrivateSeller(facts, locate(SELF))
  const byline = findByline(facts)
  const companyName = facts.first(COMPANY, 'name', cleanCompanyName) ?? cleanCompanyName(byline?.company)
  const name = resolvePersonName(facts, companyName, byline)
  const isSelf = name.full !== null
  const contact = isSelf ? NO_CONTACT : resolveContactPerson(facts)
  const geo = locate(SELF)
  const contactGeo = isSelf || !isUnknownLocation(geo) ? geo : locate(PERSON)
  return {
    name: isSelf ? name : contact.name,
    title:
      (isSelf ? resolveTitle(facts, byline) : (facts.first(SELF, 'job_title', cleanTitle) ?? contact.title)) ??
      // `employer: {name, position}`: the company's record states what the person does there.
      facts.first(COMPANY, 'job_title', cleanTitle),
    companyName,
    isItemCompany: false,
    geo: isUnknownLocation(contactGeo) ? geo : contactGeo,
    companyGeo: locate(COMPANY),
  }
}

/** The private seller of a classified ad is a person, regardless of the key with the name. */
function resolvePrivateSeller(facts: Facts, geo: Location): LocatedSubject {
  const contact = resolveContactPerson(facts)
  const seller = parsePersonName(facts.first(COMPANY, 'name', cleanCompanyName))
  const name = contact.name.full === null ? seller : contact.name
  return { name, title: null, companyName: null, isItemCompany: false, geo, companyGeo: NO_LOCATION }
}

/** "Jane Doe - Sales Director @ Acme" under the key of a name or page title. */
function findByline(facts: Facts): Byline | null {
  for (const field of ['full_name', 'name', 'title'] as const) {
    const byline = facts.first(SELF, field, parseByline)
    if (byline !== null) return byline
  }
  return null
}

function resolvePersonName(facts: Facts, companyName: string | null, byline: Byline | null): PersonName {
  const first = facts.first(SELF, 'first_name', cleanNamePart)
  const last = findLastName(facts, SELF)
  const stated = facts.first(SELF, 'full_name', cleanPersonText)
  const whole = parsePersonName(
    byline?.name ?? stated ?? findPlainName(facts, companyName) ?? parsePageTitleName(facts),
  )
  if (stated !== null) return mergeNameParts(first, last, whole)
  const isOther = first !== null && last !== null && whole.full !== null && !whole.full.includes(last)
  return isOther ? mergeNameParts(first, last, NO_NAME) : completeName(first, last, whole)
}

/** The family name with what Dutch records keep in a key for itself: `{tussenvoegsel: "de", achternaam: "Wit"}`. */
function findLastName(facts: Facts, owner: Owner): string | null {
  const last = facts.first(owner, 'last_name', cleanNamePart)
  const infix = last === null ? null : facts.first(owner, 'infix', (value) => cleanText(value, 20))
  return infix === null || last === null || last.toLowerCase().startsWith(`${infix.toLowerCase()} `)
    ? last
    : `${infix} ${last}`
}

/** `{nome, cognome}`, `{nom, prenom}`: the plain name is the other half if it does not contain the stated part. */
function completeName(first: string | null, last: string | null, whole: PersonName): PersonName {
  const given = first ?? last ?? ''
  if (whole.full === null || (first === null) === (last === null)) return mergeNameParts(first, last, whole)
  if (whole.full.toLowerCase().includes(given.toLowerCase())) return mergeNameParts(first, last, whole)
  return mergeNameParts(first ?? whole.full, last ?? whole.full, NO_NAME)
}

/** The plain name, unless it is the company's. */
function findPlainName(facts: Facts, companyName: string | null): string | null {
  const name = facts.first(SELF, 'name', cleanPersonText)
  return name === companyName ? null : name
}

const LINKEDIN_SUFFIX = /(?: [|–-] |\| ?)LinkedIn$/i

/** "Jane Doe - Marketing Director - Acme | LinkedIn" is the title of a profile's page; it begins with the name. */
function cleanPersonText(value: unknown): string | null {
  const text = cleanText255(value)
  return text !== null && LINKEDIN_SUFFIX.test(text) ? (text.split(/ [-–|] /)[0] ?? null) : text
}

const cleanText255 = (value: unknown) => cleanText(typeof value === 'string' ? stripMarkup(value) : value, 255)

function parsePageTitleName(facts: Facts): string | null {
  const title = facts.first(SELF, 'title', cleanText255)
  return title !== null && LINKEDIN_SUFFIX.test(title) ? (title.split(/ [-–|] /)[0] ?? null) : null
}

/** Returns the job title. The plain `title` of a named person goes before one that only a job history states. */
function resolveTitle(facts: Facts, byline: Byline | null): string | null {
  const stated = facts.all(SELF, 'job_title')[0]?.rank ?? Number.POSITIVE_INFINITY
  const plain = facts.all(SELF, 'title')[0]?.rank ?? Number.POSITIVE_INFINITY
  // The title of an offer names what is offered.
  const order: readonly Field[] = isOffer(facts)
    ? ['job_title']
    : plain < stated
      ? ['title', 'job_title']
      : ['job_title', 'title']
  for (const field of order) {
    const title = facts.first(SELF, field, cleanTitle)
    if (title !== null && !/LinkedIn$/i.test(title) && parseByline(title) === null) return title
  }
  if (byline !== null) return cleanTitle(byline.title)
  // "Engineer at Example" names more than the job. Taking it apart would be guessing.
  const occupation = facts.first(SELF, 'occupation', (value) =>
    typeof value === 'string' && MORE_THAN_JOB.test(value) ? null : cleanTitle(value),
  )
  return occupation ?? facts.first(SELF, 'headline', readPlainHeadline)
}

const MORE_THAN_JOB = / (?:at|bei|chez|en|presso) |@/
const HEADLINE_WORDS_MAX = 6

/** "Head of Sales" is a job; a headline with marks between its parts, or a sentence, says more than that. */
function readPlainHeadline(value: unknown): string | null {
  if (typeof value !== 'string' || MORE_THAN_JOB.test(value) || /[|•·!?:,;~→#]|\.\s| [-–—] /.test(value)) return null
  const text = value.trim()
  return text.length <= 60 && text.split(/\s+/).length <= HEADLINE_WORDS_MAX && JOB_WORD.test(text)
    ? cleanTitle(text)
    : null
}

/** What a job is called by in most titles. */
const JOB_WORD =
  /\b(?:head|chief|manager\w*|director\w*|officer|engineer|developer|consultant|founder|owner|president|partner|lead|leiter(?:in)?|\w*leiter(?:in)?|geschäftsführer(?:in)?|berater(?:in)?|entwickler(?:in)?|directeur|directrice|responsable|gérant|ingénieur|directora?|gerente|jefe|direttore|responsabile|amministratore|diretora?|sales|marketing|recruiter|analyst|architect|designer|specialist|assistant|coordinator|executive|representative|ceo|cto|cfo|coo|cmo|vp|accountant|attorney|lawyer|nurse|teacher|professor|scientist|buyer|einkäufer(?:in)?|kierownik|dyrektor|inkoper|verkoper|directeur)\b/iu

/** Returns the contact person that an item names. */
function resolveContactPerson(facts: Facts): { name: PersonName; title: string | null } {
  const whole = facts.first(PERSON, 'full_name', (value) => {
    const found = isPlausibleName(value) ? parsePersonName(value) : NO_NAME
    return found.full === null ? null : found
  })
  const name = completeName(
    facts.first(PERSON, 'first_name', cleanNamePart),
    findLastName(facts, PERSON),
    whole ?? NO_NAME,
  )
  const title = facts.first(PERSON, 'job_title', cleanTitle) ?? facts.first(PERSON, 'title', cleanTitle)
  return { name, title: name.full === null ? null : title }
}

/** A role's key may hold a text, a number or a flag instead of a name. */
function isPlausibleName(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length <= 100 && !/\d|:\/\//.test(value) && value.trim().split(/\s+/).length <= 8
  )
}

const cleanTitle = (value: unknown) => {
  const text = cleanText255(value)
  return text === null || !/\p{L}/u.test(text) || /^https?:/i.test(text) || SALUTATION.test(text) ? null : text
}

/** `{title: "Mr", role: "Headteacher"}`: how a person is addressed is no job. */
const SALUTATION = /^(?:mr|mrs|ms|miss|mx|dr|herr|frau|m|mme|mlle|sr|sra|srta|sig|sig\.ra|dhr|mevr|pan|pani)\.?$/i
