import { buildCompanyKey } from '@leads/core/mapping/company-key'
import { extractPlaceId } from '@leads/core/mapping/identify-item'
import { createMapper } from '@leads/core/mapping/map-item'
import type { MapContext } from '@leads/core/model/mapped-item'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const mapItem = createMapper()
const idOf = (item: unknown, context: MapContext = { actor_id: 'someone/actor' }) => {
  const mapped = mapItem(item, context)
  return mapped.outcome === 'lead' ? mapped.lead.external_id : `rejected: ${mapped.reason}`
}
const PLACE = 'ChIJabcDEF123_-ghiJKL456mno'

describe('external_id', () => {
  test('a place has one identity by its id, by the id in its address, and from another vendor', () => {
    const full = {
      title: 'Café Ost',
      placeId: PLACE,
      categoryName: 'Cafe',
      phone: '+49305550123',
      url: 'https://www.google.com/maps/x',
    }
    const overview = {
      title: 'Café Ost',
      totalScore: 4,
      phone: '+49305550123',
      url: `https://www.google.com/maps/search/?api=1&query=x&query_place_id=${PLACE}`,
    }
    const other = {
      name: 'Café Ost',
      place_id: PLACE,
      full_address: 'Ring 1, 10115 Berlin, Germany',
      site: 'https://cafe-ost.de',
    }
    expect([full, overview, other].map((item) => idOf(item))).toEqual(Array(3).fill(`google_place:${PLACE}`))
  })

  test('a LinkedIn person has one identity for every Actor, host, letter case and tracking parameter', () => {
    const ids = [
      { firstName: 'Jane', lastName: 'Doe', publicIdentifier: 'jane-doe', id: 'ACoAAAxyzAbCdEfGhIjKlMnOpQrStUvWxYz' },
      {
        full_name: 'Jane Doe',
        linkedin_url: 'http://uk.linkedin.com/in/Jane-Doe/?trk=x',
        email: 'jane@acme.com',
        id: '5f5f5f5f5f5f5f5f5f5f5f5f',
      },
      { name: 'Jane Doe', headline: 'CTO', profileUrl: 'linkedin.com/in/jane-doe' },
    ].map((item, index) => idOf(item, { actor_id: `actor-${index}` }))
    expect(ids).toEqual(Array(3).fill('linkedin:in/jane-doe'))
  })

  test('a LinkedIn company is identified by its slug', () => {
    expect(
      idOf({
        name: 'Acme',
        linkedinUrl: 'https://www.linkedin.com/company/acme/',
        id: '1035',
        followerCount: 7,
        employeeCount: 9,
      }),
    ).toBe('linkedin:company/acme')
    expect(idOf({ name: 'Acme', givenUrl: 'https://de.linkedin.com/company/Acme/about', industry: 'Steel' })).toBe(
      'linkedin:company/acme',
    )
  })

  test('a page of a directory has one identity with and without tracking parameters', () => {
    const item = (url: string) => ({ name: 'Acme', phone: '+49305550123', url })
    expect(idOf(item('https://www.yelp.com/biz/acme-berlin?utm_source=x'))).toBe('yelp:acme-berlin')
    expect(idOf(item('https://www.facebook.com/AcmeBerlin/'))).toBe('facebook:acmeberlin')
    expect(idOf(item('https://facebook.com/profile.php?id=100063568933000'))).toBe('facebook:100063568933000')
  })

  test('an Actor named with a slash or a tilde gives one identity', () => {
    const item = { id: 'abc-123', name: 'Acme', phone: '+49305550123' }
    expect(idOf(item, { actor_id: 'user~actor' })).toBe(idOf(item, { actor_id: 'user/actor' }))
  })
})

describe('different things get different identities', () => {
  test('equal ids of two Actors', () => {
    const item = { id: 'abc-123', name: 'Acme', phone: '+49305550123' }
    expect(idOf(item, { actor_id: 'one' })).not.toBe(idOf(item, { actor_id: 'two' }))
  })

  test('two branches that share name, domain, mailbox and pages', () => {
    const branch = (street: string, zip: string) => ({
      name: 'Acme Tyres',
      email: 'john@acmetyres.com',
      website: 'https://acmetyres.com',
      linkedin: 'https://www.linkedin.com/company/acme-tyres',
      facebook: 'https://www.facebook.com/acmetyres',
      address: `${street}, Austin, TX ${zip}`,
    })
    expect(idOf(branch('1 Main St', '78701'))).not.toBe(idOf(branch('2 Oak Ave', '78702')))
    expect(idOf(branch('1 Main St', '78701'))).not.toBe(idOf(branch('2 Oak Ave', '78701')))
  })

  test('two people of one company, with and without their own addresses', () => {
    const contact = (name: string, email: string | null) => ({
      companyName: 'Acme',
      website: 'https://acme.com',
      contactName: name,
      email,
    })
    expect(idOf(contact('Jane Doe', 'jane@acme.com'))).not.toBe(idOf(contact('John Roe', 'john@acme.com')))
    expect(idOf(contact('Jane Doe', null))).not.toBe(idOf(contact('John Roe', null)))
    const bare = (email: string) => ({ domain: 'acme.com', email, status: 'valid' })
    expect(idOf(bare('jane@acme.com'))).not.toBe(idOf(bare('john@acme.com')))
  })

  test('two people listed with the directory page of their company', () => {
    const person = (first: string) => ({
      firstName: first,
      lastName: 'Doe',
      title: 'CEO',
      url: 'https://www.crunchbase.com/organization/acme',
    })
    expect(idOf({ ...person('Jane'), company: 'Acme' })).not.toBe(idOf({ ...person('John'), company: 'Acme' }))
  })

  test('several people on one team page', () => {
    const person = (name: string) => ({
      fullName: name,
      jobTitle: 'Agent',
      company: 'Acme',
      url: 'https://acme.com/team',
    })
    expect(idOf(person('Jane Doe'))).not.toBe(idOf(person('John Roe')))
  })

  test('several companies found on one page of results', () => {
    const company = (name: string) => ({
      name,
      phone: '+49305550123',
      url: 'https://some-directory.com/search?q=tyres',
    })
    expect(idOf(company('Acme'))).not.toBe(idOf(company('Bcme')))
  })

  test('posts of a job board whose address differs only in its query', () => {
    const post = (key: string) => ({
      company: 'Acme',
      positionName: 'Cook',
      jobType: 'Full-time',
      postedAt: 'today',
      url: `https://de.indeed.com/viewjob?jk=${key}`,
    })
    expect(idOf(post('aaaa1111'))).not.toBe(idOf(post('bbbb2222')))
  })

  test('numbers that are only positions in a list', () => {
    expect(idOf({ id: 7, name: 'Acme', phone: '+49305550123' })).not.toBe(
      idOf({ id: 7, name: 'Bcme', phone: '+49305550124' }),
    )
  })
})

test('an identity does not change with what has nothing to do with it', () => {
  const unrelated = fc.record({
    reviewsCount: fc.nat(),
    rating: fc.float(),
    likes: fc.nat(),
    scrapedAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    description: fc.string(),
    image: fc.webUrl(),
  })
  const base = [
    { title: 'Café Ost', placeId: PLACE, categoryName: 'Cafe', url: 'https://www.google.com/maps/x' },
    { firstName: 'Jane', lastName: 'Doe', linkedinUrl: 'https://www.linkedin.com/in/jane-doe', headline: 'CTO' },
    { name: 'Acme', phone: '+49305550123', url: 'https://www.yelp.com/biz/acme-berlin' },
    { name: 'Acme', phone: '+49305550123', id: 'abc-123' },
    { domain: 'acme.com', emails: ['info@acme.com'], phones: [], linkedIns: [], facebooks: [] },
    { name: 'Acme Tyres', email: 'info@acmetyres.com', address: '1 Main St, Austin, TX 78701' },
  ]
  fc.assert(
    fc.property(fc.constantFrom(...base), unrelated, (item, more) => {
      expect(idOf({ ...more, ...item })).toBe(idOf(item))
    }),
  )
})

test('ids longer than the column stay unique', () => {
  const item = (end: string) => ({ id: `${'x'.repeat(400)}${end}`, name: 'Acme', phone: '+49305550123' })
  const url = (end: string) => ({
    name: 'Acme',
    phone: '+49305550123',
    url: `https://acme.example/${'x'.repeat(400)}${end}`,
  })
  for (const make of [item, url]) {
    expect(idOf(make('1'))).not.toBe(idOf(make('2')))
    expect(idOf(make('1')).length).toBeLessThanOrEqual(255)
  }
})

test('place ids are read out of every form of map address', () => {
  expect(extractPlaceId(`https://www.google.com/maps/place/?q=place_id:${PLACE}`)).toBe(PLACE)
  expect(extractPlaceId(`https://www.google.com/maps/place/X/data=!4m2!3m1!19s${PLACE}?hl=en`)).toBe(PLACE)
  expect(extractPlaceId('https://www.google.com/maps/place/X')).toBeNull()
})

test('a company is identified by its domain, else its LinkedIn page, else its name and place', () => {
  expect(buildCompanyKey('acme.com', 'https://www.linkedin.com/company/acme', 'Acme', 'Germany', 'Berlin')).toBe(
    'domain:acme.com',
  )
  expect(buildCompanyKey(null, 'https://www.linkedin.com/company/Acme/', 'Acme', 'Germany', 'Berlin')).toBe(
    'linkedin:acme',
  )
  expect(buildCompanyKey(null, null, ' ÁCME  Inc. ', 'Germany', 'Berlin')).toBe(
    buildCompanyKey(null, null, 'acme inc', 'Germany', 'BERLIN'),
  )
  expect(buildCompanyKey(null, null, '株式会社', 'Japan', null)).toBe('name:株式会社|japan|')
  expect(buildCompanyKey(null, null, null, 'Germany', 'Berlin')).toBeNull()
})
