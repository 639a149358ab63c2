import { FREE_MAIL, JOBS } from './business-categories.ts'
import { type Company, companyOf } from './company.ts'
import { COUNTRIES, slug } from './countries.ts'
import { Dice, hash32, idSigns } from './random.ts'
import type { Generator, Item, Sighting } from './types.ts'

/** A 24-digit hexadecimal id, as document databases make them; different for every index of a seed. */
function hexId(seed: number, index: number, salt: number): string {
  let out = ''
  for (let part = 0; part < 3; part++)
    out += hash32(seed, index, salt + part)
      .toString(16)
      .padStart(8, '0')
  return out
}

function organizationOf(company: Company, id: string, phone_rest: string, postal_code: string): Item {
  const phone = `+${company.country.dial} ${phone_rest}`
  return {
    id,
    name: company.name,
    website_url: `http://www.${company.domain}`,
    linkedin_url: `http://www.linkedin.com/company/${company.linkedin_slug}`,
    primary_phone: {
      number: phone,
      source: 'Scraped',
      sanitized_number: `+${company.country.dial}${phone_rest.replace(/\D/g, '')}`,
    },
    phone,
    founded_year: company.founded,
    primary_domain: company.domain,
    industry: company.trade.industry.toLowerCase(),
    keywords: company.trade.categories.map((category) => category.toLowerCase()),
    estimated_num_employees: String(company.employees),
    street_address: company.street,
    city: company.place.city,
    state: company.place.state,
    country: company.country.name,
    postal_code,
  }
}

function person(seed: number, index: number, sighting: Sighting): Item {
  const dice = new Dice(hash32(seed, index, 201))
  const company = companyOf(seed, index)
  const country = dice.hits(0.8) ? company.country : dice.pick(COUNTRIES)
  const where = country === company.country ? company.place : dice.pick(country.cities)
  const first = dice.pick(country.first_names)
  const last = dice.pick(country.last_names)
  const job = dice.pick(JOBS)
  const change = new Dice(hash32(seed, index, 202))
  const title = sighting.changed ? `Group ${job.title}` : job.title
  const status = dice.pick(['verified', 'verified', 'verified', 'likely', 'unavailable'])
  const profile = `${slug(`${first} ${last}`, '-')}-${idSigns(seed, index, 211).replace(/-/g, 'aa').replace(/_/g, 'bb').toLowerCase()}${index.toString(36)}`
  const mail =
    status === 'unavailable' ? null : `${slug(first, '')}.${slug(last, '')}${index.toString(36)}@${company.domain}`
  const organization_id = hexId(seed, Math.floor(index / 4), 231)
  const phone_rest = sighting.changed ? change.fill(company.place.phone) : company.phone_rest
  const postal = dice.fill(company.place.postal)
  const item: Item = {
    id: hexId(seed, index, 221),
    first_name: first,
    last_name: last,
    name: `${first} ${last}`,
    linkedin_url: dice.hits(0.95) ? `http://www.linkedin.com/in/${profile}` : null,
    title,
    email_status: status,
    email: mail,
    twitter_url: null,
    headline: `${title} at ${company.name}`,
    organization_id,
    employment_history: [
      {
        organization_id,
        organization_name: company.name,
        title,
        current: true,
        start_date: '2021-03-01',
        end_date: null,
      },
    ],
    state: where.state,
    city: where.city,
    country: country.name,
    organization: organizationOf(company, organization_id, phone_rest, postal),
    departments: [job.department],
    seniority: job.seniority,
    personal_emails: dice.hits(0.1) ? [`${slug(first, '')}${index.toString(36)}@${dice.pick(FREE_MAIL)}`] : [],
  }
  if (dice.hits(0.02)) item['#debug'] = { page: Math.floor(sighting.position / 25) }
  return item
}

function junk(seed: number, index: number): Item {
  const dice = new Dice(hash32(seed, index, 203))
  if (dice.hits(0.5)) return { error: 'Search returned no people', code: 422 }
  return { message: 'Reached the limit of the free plan', log: true }
}

/** Records shaped like those of an Apollo Actor: a person with an organisation inside, 1.5 KB each. */
export const apolloPeople: Generator = { item: person, junk }
