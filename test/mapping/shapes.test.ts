import { createMapper } from '@leads/core/mapping/map-item'
import { describe, expect, test } from 'vitest'
import { COMPANIES } from './fixtures/companies.ts'
import { NO_LEADS } from './fixtures/no-leads.ts'
import { PEOPLE } from './fixtures/people.ts'

describe.each([
  ['with presets', createMapper()],
  ['by the general mapper alone', createMapper({ presets: false })],
])('%s', (_, mapItem) => {
  test.each([...PEOPLE, ...COMPANIES])('$name becomes a good lead', ({ item, actor, lead, company }) => {
    const mapped = mapItem(item, { actor_id: actor ?? 'someone/some-actor' })
    expect(mapped).toMatchObject({ outcome: 'lead', lead: lead ?? {}, ...(company === undefined ? {} : { company }) })
  })

  test.each(NO_LEADS)('$name is rejected with a plain reason', ({ item, reason }) => {
    const mapped = mapItem(item, {})
    expect(mapped).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(reason ?? /./) })
  })
})
