import { createMapper } from '@leads/core/mapping/map-item'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultsOf } from './contract.ts'
import { COMPANIES } from './fixtures/companies.ts'
import { PEOPLE } from './fixtures/people.ts'

const mapItem = createMapper()
const general = createMapper({ presets: false })
const shapes = [...PEOPLE, ...COMPANIES].map((fixture) => fixture.item)
const KEYS = [
  ...new Set(shapes.flatMap((item) => Object.keys(item as object))),
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'toJSON',
  'type',
  'hasOwnProperty',
  'emails',
  'phones',
  'locations',
  'experience',
  'employees',
  'website',
  'linkedin_url',
  'description',
  'address',
  'error',
  'private',
]

/** Texts that break naive code: halves of surrogate pairs, NUL, delimiters, bidi marks, addresses, percent-encoding. */
const nastyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a\u0000b@c.com',
    '\ud83d',
    'x\udc00y',
    'name\u001fsplit\u001eagain',
    'https://www.linkedin.com/in/%00%1f%ed%a0%80',
    'https://www.linkedin.com/company/a%1eb',
    'https://www.facebook.com/%00%1fpage',
    'https://www.google.com/maps?query_place_id=%00ChIJ',
    `https://example.com/${'p'.repeat(5000)}?q=1`,
    `${'😀'.repeat(400)}`,
    `${'a'.repeat(300)}@${'b'.repeat(300)}.com`,
    '+49 30 1234567',
    'Jane Doe',
    'Main St 1, Springfield, IL 62701',
    '10,001+',
    'constructor',
    '\u202eevil',
    ' \u00a0 ',
  ),
)
const nastyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    nastyText,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('value'), { maxKeys: 6 }),
  ),
})).value

function check(item: unknown): void {
  for (const map of [mapItem, general]) {
    const mapped = map(item, { actor_id: 'someone/actor' })
    expect(faultsOf(mapped)).toEqual([])
    if (mapped.outcome === 'rejected') expect(mapped.reason).not.toMatch(/could not be mapped/)
  }
}

describe('createMapper with arbitrary items', () => {
  test('arbitrary JSON becomes a lead or a rejection that every engine accepts', () => {
    fc.assert(fc.property(fc.jsonValue(), check), { numRuns: 1500 })
  })

  test('arbitrary values under known keys become a lead or a rejection that every engine accepts', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...KEYS), nastyValue, { maxKeys: 25 }), check), {
      numRuns: 2500,
    })
  })

  test('items of known Actors with replaced values become a lead or a rejection that every engine accepts', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...shapes), fc.array(fc.tuple(fc.nat(40), nastyValue), { minLength: 1, maxLength: 6 }))
      .map(([shape, changes]) => {
        const item = structuredClone(shape) as Record<string, unknown>
        const keys = Object.keys(item)
        for (const [index, value] of changes) item[keys[index % keys.length] ?? 'x'] = value
        return item
      })
    fc.assert(fc.property(mutated, check), { numRuns: 2500 })
  })

  test('objects that cannot be turned into text are not, under any known key', () => {
    const stubborn = { toString: 1, valueOf: 1 }
    for (const key of KEYS) {
      check({ name: 'Acme', [key]: stubborn })
      check({ name: 'Acme', [key]: [stubborn] })
      for (const inner of [...KEYS, 'type', 'label', 'number'])
        check({ name: 'Acme', [key]: { [inner]: [stubborn], number: '+49 30 1234567' } })
    }
  })

  test('keys such as __proto__ change nothing outside the item', () => {
    const item = JSON.parse(
      '{"name":"Acme","email":"a@acme.com","__proto__":{"polluted":true,"email":"x@evil.com"},"constructor":{"prototype":{"polluted":true}}}',
    ) as unknown
    check(item)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    const mapped = mapItem(item)
    expect(mapped.outcome === 'lead' && mapped.lead.additional_emails).toEqual([])
  })

  test('an object without a prototype is mapped, and one with a throwing getter is rejected', () => {
    check(Object.assign(Object.create(null) as object, { name: 'Acme', email: 'a@acme.com' }))
    const trap = {
      name: 'Acme',
      get email(): string {
        throw new Error('no')
      },
    }
    expect(mapItem(trap)).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('could not be mapped') })
  })
})

/** Milliseconds of the quickest of three: a busy machine only ever adds time. */
function quickest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

describe('time per item', () => {
  const huge = 9_000_000
  test.each([
    [
      'a 9 MB text under every kind of key',
      () => ({
        name: 'x'.repeat(huge),
        email: 'a'.repeat(huge),
        phone: '1'.repeat(huge),
        website: 'w'.repeat(huge),
        address: ', '.repeat(huge / 2),
        description: '@'.repeat(huge),
        title: ' '.repeat(huge),
        location: 'a,'.repeat(huge / 2),
        country: 'u'.repeat(huge),
        employees: '1'.repeat(huge),
        linkedin_url: `linkedin.com/${'in/'.repeat(huge / 3)}`,
        tags: ','.repeat(huge),
        category: '\ud800'.repeat(huge),
        first_name: 'é'.repeat(huge),
        zip: '9'.repeat(huge),
      }),
    ],
    ['a 9 MB key', () => ({ ['k'.repeat(huge)]: 'v', email: 'a@acme.com' })],
    ['200,000 keys', () => Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`key${index}`, 'value']))],
    ['half a million e-mails', () => ({ emails: Array.from({ length: 500_000 }, (_, index) => `a${index}@acme.com`) })],
    [
      'a list of half a million places',
      () => ({ name: 'x', locations: Array.from({ length: 500_000 }, () => ({ city: 'Ulm' })) }),
    ],
    [
      'objects nested 100,000 deep',
      () => JSON.parse(`${'{"data":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown,
    ],
    [
      'lists nested 100,000 deep',
      () => ({ emails: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown }),
    ],
    ['many @ in a biography', () => ({ fullName: 'A B', biography: 'a@'.repeat(huge / 2) })],
  ])('%s is mapped within a second', (_, make) => {
    const item = make()
    check(item)
    expect(quickest(() => mapItem(item))).toBeLessThan(1000)
  })

  test('the time grows no faster than the item', () => {
    const item = (size: number) => ({
      firstName: 'Ann',
      lastName: 'Lee',
      about: 'x@y.z '.repeat(size),
      email: `${'a'.repeat(size)}@x.com`,
      address: '1 Main St, '.repeat(size),
      skills: Array.from({ length: size }, () => ({ name: 'a' })),
      website: `https://x.com/?${'utm_a=1&'.repeat(size)}`,
    })
    const small = item(2_000)
    const large = item(20_000)
    const rounds = (one: unknown) =>
      quickest(() => {
        for (let index = 0; index < 50; index += 1) mapItem(one)
      })
    rounds(small)
    expect(rounds(large)).toBeLessThan(rounds(small) * 30 + 20)
  })
})
