import { createMapper } from '@leads/core/mapping/map-item'
import { PRESETS } from '@leads/core/mapping/presets/index'
import { describe, expect, test } from 'vitest'
import { COMPANIES } from './fixtures/companies.ts'
import { FURTHER_ACTORS } from './fixtures/further-actors.ts'
import { MORE_VENDORS } from './fixtures/more-vendors.ts'
import { NO_LEADS } from './fixtures/no-leads.ts'
import { OF_PRESETS } from './fixtures/of-presets.ts'
import { OTHER_ACTORS } from './fixtures/other-actors.ts'
import { PEOPLE } from './fixtures/people.ts'
import { UNKNOWN_ACTORS } from './fixtures/unknown-actors.ts'
import { UNKNOWN_SHAPES } from './fixtures/unknown-shapes.ts'
import { UNSEEN_ACTORS } from './fixtures/unseen-actors.ts'

describe.each([
  ['with presets', createMapper()],
  ['by the general mapper alone', createMapper({ presets: false })],
])('%s', (_, mapItem) => {
  test.each([
    ...PEOPLE,
    ...COMPANIES,
    ...MORE_VENDORS,
    ...UNKNOWN_SHAPES,
    ...UNKNOWN_ACTORS,
    ...FURTHER_ACTORS,
    ...UNSEEN_ACTORS,
    ...OTHER_ACTORS,
  ])('$name becomes the lead that its fixture states', ({ item, actor, lead, company, external_url }) => {
    const mapped = mapItem(item, { actor_id: actor ?? 'someone/some-actor' })
    expect(mapped).toMatchObject({ outcome: 'lead', lead: lead ?? {}, ...(company === undefined ? {} : { company }) })
    if (external_url !== undefined) expect(mapped).toMatchObject({ source: { external_url } })
  })

  test.each(NO_LEADS)('$name is rejected with the reason that its fixture states', ({ item, reason }) => {
    const mapped = mapItem(item, {})
    expect(mapped).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(reason ?? /./) })
  })
})

test.each(PRESETS.map((preset) => preset.name))(
  '%s is chosen by the shape of its items, under any Actor’s name, and maps them well',
  (name) => {
    const fixture = OF_PRESETS[name]
    for (const actor_id of [null, 'somebody/copy-of-it']) {
      expect(createMapper()(fixture?.item, { actor_id })).toMatchObject({
        outcome: 'lead',
        lead: fixture?.lead ?? 'a fixture is missing',
        source: { metadata: { mapping: name } },
        ...(fixture?.company === undefined ? {} : { company: fixture.company }),
      })
    }
  },
)
