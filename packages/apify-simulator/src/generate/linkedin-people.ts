import { JOBS } from './business-categories.ts'
import { type Company, companyOf } from './company.ts'
import { COUNTRIES, slug } from './countries.ts'
import { Dice, hash32, idSigns } from './random.ts'
import type { Generator, Item, Sighting } from './types.ts'

const SKILLS = [
  'Negotiation',
  'B2B Sales',
  'Microsoft Excel',
  'Team Leadership',
  'SEO',
  'Project Planning',
  'Python',
] as const

function experienceOf(company: Company, title: string, years: number, area: string): Item {
  return {
    companyId: company.uid,
    companyLink1: `https://www.linkedin.com/company/${company.uid}/`,
    title,
    subtitle: `${company.name} · Full-time`,
    caption: `Jan ${2026 - years} - Present · ${years} yrs`,
    metadata: area,
    subComponents: [{ description: [] }],
  }
}

function person(seed: number, index: number, sighting: Sighting): Item {
  const dice = new Dice(hash32(seed, index, 101))
  const company = companyOf(seed, index)
  // Three of four people live where their company is.
  const country = dice.hits(0.75) ? company.country : dice.pick(COUNTRIES)
  const where = country === company.country ? company.place : dice.pick(country.cities)
  const first = dice.pick(country.first_names)
  const last = dice.pick(country.last_names)
  const change = new Dice(hash32(seed, index, 102))
  const job = dice.pick(JOBS)
  const title = sighting.changed ? `Senior ${job.title}` : job.title
  const identifier = `${slug(`${first} ${last}`, '-')}-${idSigns(seed, index, 111).replace(/-/g, 'aa').replace(/_/g, 'bb').toLowerCase()}${index.toString(36)}`
  const has_mail = dice.hits(0.7)
  const local = slug(`${first}.${last}`, '.').replace(/ /g, '.')
  const mail = has_mail ? `${local}.${index.toString(36)}@${company.domain}` : dice.pick([null, '', undefined])
  const has_phone = dice.hits(0.25)
  const rest = sighting.changed ? change.fill(where.phone) : has_phone ? dice.fill(where.phone) : null
  const area = where.state ? `${where.city}, ${where.state}` : where.city
  const years = dice.whole(1, 9)
  const odd = dice.next()
  const item: Item = {
    linkedinUrl: `https://www.linkedin.com/in/${identifier}`,
    firstName: first,
    lastName: odd < 0.02 ? `${last}, MBA` : last,
    fullName: `${first} ${last}`,
    headline: `${title} at ${company.name}${odd > 0.99 ? ' 🚀 | Speaker | Dad of 3' : ''}`,
    connections: dice.whole(12, 9000),
    followers: dice.whole(12, 12000),
    email: mail,
    mobileNumber: rest === null ? null : `+${country.dial} ${rest}`,
    jobTitle: title,
    companyName: company.name,
    companyIndustry: company.trade.industry,
    companyWebsite: odd > 0.9 && odd < 0.93 ? null : company.domain,
    companyLinkedin: `linkedin.com/company/${company.linkedin_slug}`,
    companyFoundedIn: company.founded,
    companySize: company.size_range,
    currentJobDuration: `${years} yrs`,
    currentJobDurationInYrs: years,
    addressCountryOnly: country.name,
    addressWithCountry: `${area}, ${country.name}`,
    addressWithoutCountry: area,
    about: dice.hits(0.3)
      ? `${job.title} who has spent ${years} years with ${company.name} and likes what works.`
      : null,
    publicIdentifier: identifier,
    openConnection: null,
    urn: `ACoAA${idSigns(seed, index, 113)}${idSigns(seed, index, 115)}`,
    experiences: [experienceOf(company, title, years, `${area}, ${country.name}`)],
    skills: [{ title: dice.pick(SKILLS) }, { title: dice.pick(SKILLS) }],
    updates: [],
  }
  if (odd > 0.5 && odd < 0.52) item['#debug'] = { position: sighting.position, proxy: 'datacenter' }
  return item
}

function junk(seed: number, index: number): Item {
  const dice = new Dice(hash32(seed, index, 103))
  if (dice.hits(0.5)) return { error: 'Profile not found', inputUrl: 'https://www.linkedin.com/in/' }
  return { succeeded: false, error: 'This profile is private', statusCode: 999 }
}

/** Records shaped like those of a LinkedIn profile Actor, 1.3 KB each. */
export const linkedinPeople: Generator = { item: person, junk }
