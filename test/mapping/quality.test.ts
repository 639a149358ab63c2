import { countFilled, createFillRates, type FillRates, findFillRateDrops } from '@leads/core/mapping/fill-rates'
import { createMapper } from '@leads/core/mapping/map-item'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { describe, expect, test } from 'vitest'

const mapItem = createMapper()
const leadOf = (item: unknown) => {
  const mapped = mapItem(item)
  if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
  return mapped
}

describe('scores', () => {
  const complete = {
    firstName: 'Jane',
    lastName: 'Doe',
    jobTitle: 'CTO',
    email: 'jane@acme.com',
    emailStatus: 'verified',
    phone: '+49305550123',
    companyName: 'Acme',
    companyWebsite: 'https://acme.com',
    city: 'Berlin',
    country: 'Germany',
    postalCode: '10115',
    industry: 'Steel',
    companySize: '11-50',
    linkedinUrl: 'https://www.linkedin.com/in/jane-doe',
  }

  test('a complete, verified lead of a known network has a quality score of 100', () => {
    const { lead, source } = leadOf(complete)
    expect(lead).toMatchObject({ email_verified: true, phone_verified: false })
    expect(source.data_quality_score).toBe(100)
    expect(source.confidence_score).toBeGreaterThanOrEqual(88)
  })

  test('every missing value lowers the quality score', () => {
    // The website is missing from this list: the email's domain replaces it.
    const keys = [
      'lastName',
      'jobTitle',
      'email',
      'emailStatus',
      'phone',
      'companyName',
      'city',
      'country',
      'postalCode',
      'industry',
      'companySize',
    ] as const
    for (const key of keys) {
      const { [key]: _, ...without } = complete
      expect([key, leadOf(without).source.data_quality_score < 100]).toEqual([key, true])
    }
  })

  test('a role mailbox counts less than a person’s, and a free one least', () => {
    const score = (email: string) => leadOf({ ...complete, emailStatus: null, email }).source.data_quality_score
    expect(score('jane@acme.com')).toBeGreaterThan(score('info@acme.com'))
    expect(score('info@acme.com')).toBeGreaterThan(score('jane@gmail.com'))
  })

  test('a lead that only a hash identifies has a lower confidence score', () => {
    const hashed = leadOf({ name: 'Acme Tyres', email: 'info@acmetyres.com', address: '1 Main St, Austin, TX 78701' })
    expect(hashed.lead.external_id).toMatch(/^hash:/)
    expect(hashed.source.confidence_score).toBeLessThan(leadOf(complete).source.confidence_score)
  })

  test('an email address is verified only if the item states it', () => {
    for (const [status, verified] of [
      ['verified', true],
      ['valid', true],
      [true, true],
      ['guessed', false],
      ['unavailable', false],
      [false, false],
      [null, false],
    ] as const) {
      expect([status, leadOf({ ...complete, emailStatus: status }).lead.email_verified]).toEqual([status, verified])
    }
    expect(leadOf({ ...complete, email: null, emailStatus: 'verified' }).lead.email_verified).toBe(false)
  })
})

describe('fill rates', () => {
  const rows = (count: number, withEmail: number): MappedItem[] =>
    Array.from({ length: count }, (_, index) =>
      mapItem({
        name: `Acme ${index}`,
        phone: '+49305550123',
        id: `abc-${index}`,
        ...(index < withEmail ? { email: `info@acme${index}.com` } : {}),
      }),
    )
  const run = (count: number, withEmail: number): FillRates => countFilled(rows(count, withEmail))

  test('pages add up, rejections do not count, and earlier counts are not modified', () => {
    const first = countFilled(rows(10, 4))
    const both = countFilled([...rows(10, 2), mapItem({})], first)
    expect(both).toMatchObject({ leads: 20, filled: { email: 6, phone: 20, full_name: 0 } })
    expect(first.leads).toBe(10)
    expect(countFilled([])).toEqual(createFillRates())
  })

  test('an Actor that stopped giving email addresses causes a warning', () => {
    const warnings = findFillRateDrops(run(100, 5), [run(100, 60), run(100, 55), run(100, 62)])
    expect(warnings.map((warning) => warning.column)).toEqual(['email'])
    expect(warnings[0]).toMatchObject({
      rate: 0.05,
      usual: 0.6,
      message: expect.stringContaining('only 5% of 100 leads have email, usually 60%'),
    })
  })

  test('ordinary changes, small runs and new Actors cause no warning', () => {
    const earlier = [run(100, 60), run(100, 55), run(100, 62)]
    expect(findFillRateDrops(run(100, 45), earlier)).toEqual([])
    expect(findFillRateDrops(run(10, 0), earlier)).toEqual([])
    expect(findFillRateDrops(run(100, 0), earlier.slice(0, 2))).toEqual([])
    expect(findFillRateDrops(run(100, 0), [run(100, 3), run(100, 2), run(100, 4)])).toEqual([])
  })
})
