import { createMapper } from '@leads/core/mapping/map-item'
import { expect, test } from 'vitest'

const mapItem = createMapper()
const unreadOf = (item: unknown) => mapItem(item, { actor_id: 'someone/some-actor' }).unread

test('values that no normalizer can read are listed by column, as they were published', () => {
  expect(
    unreadOf({
      name: 'Gasthof Krone',
      phone: 'see website',
      mobile: '+91 22XXXXXXXX',
      email: 'krone at home',
      website: 'coming soon!',
      country: 'Wonderland',
      employees: 'a handful',
      city: 'Wien',
      industry: 'Hotel',
    }),
  ).toEqual([
    { column: 'website', value: 'coming soon!' },
    { column: 'email', value: 'krone at home' },
    { column: 'phone', value: 'see website' },
    { column: 'phone', value: '+91 22XXXXXXXX' },
    { column: 'country', value: 'Wonderland' },
    { column: 'company.employees', value: 'a handful' },
  ])
})

test('values that say nothing and readable values are not listed', () => {
  expect(
    unreadOf({ name: 'Gasthof Krone', phone: 'N/A', email: '--', website: 'krone.at', country: 'AT', city: 'Wien' }),
  ).toBeUndefined()
})

test('a rejected item lists its unreadable values, too', () => {
  expect(mapItem({ name: 'Anna', phone: 'ask me' })).toMatchObject({
    outcome: 'rejected',
    unread: [{ column: 'phone', value: 'ask me' }],
  })
})

test('at most 20 values of at most 100 characters are listed', () => {
  const unread = unreadOf({
    name: 'Gasthof Krone',
    city: 'Wien',
    industry: 'Hotel',
    emails: Array.from({ length: 60 }, (_, index) => `no address ${index} ${'x'.repeat(300)}`),
  })
  expect(unread).toHaveLength(20)
  for (const { value } of unread ?? []) expect(value.length).toBeLessThanOrEqual(100)
})
