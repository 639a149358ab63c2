import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMapper } from '@leads/core/mapping/map-item'
import { readMappings } from '@leads/core/mapping/mappings-file'
import { PRESETS } from '@leads/core/mapping/presets/index'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mappings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test('the example in the documentation is valid and maps its Actor', () => {
  const mappings = readMappings('docs/mappings.example.json')
  const mapItem = createMapper({ mappings })
  const item = {
    kunden_nr: 'K-20931',
    betrieb: { bezeichnung: 'Tischlerei Ehlers', art: 'Tischlerei', mail: 'werkstatt@tischlerei-ehlers.de' },
    meister: { rufname: 'Onno', zuname: 'Ehlers' },
    status: 'aktiv',
  }
  expect(mapItem(item)).toMatchObject({
    outcome: 'lead',
    lead: {
      full_name: 'Onno Ehlers',
      company_name: 'Tischlerei Ehlers',
      email: 'werkstatt@tischlerei-ehlers.de',
      industry: 'Tischlerei',
      external_id: 'guild-register:K-20931',
    },
    source: { metadata: { mapping: 'guild-register' } },
  })
  expect(mapItem({ ...item, status: 'erloschen' })).toEqual({
    outcome: 'rejected',
    reason: 'no longer in the register',
  })
})

test('without a file there are no presets', () => {
  expect(readMappings(undefined)).toEqual([])
  expect(readMappings(' ')).toEqual([])
})

test.each([
  ['text that is not JSON', '{', /cannot be read as JSON/],
  [
    'a misspelled column',
    { presets: [{ name: 'a', actors: ['b'], fields: { emial: 'x' } }] },
    /emial|Unrecognized|Invalid/,
  ],
  ['a preset that is never chosen', { presets: [{ name: 'a' }] }, /needs "match" or "actors"/],
  ['a match that fits everything', { presets: [{ name: 'a', match: { none: ['x'] } }] }, /would fit every item/],
  ['an unknown key', { presets: [], more: 1 }, /more/],
])('%s is rejected with its place', (_, content, message) => {
  expect(() => readMappings(fileOf(content))).toThrow(message)
})

test('a custom preset is tried before the built-in ones and can keep a column empty', () => {
  const mappings = readMappings(
    fileOf({
      presets: [
        {
          name: 'mine',
          match: { all: ['placeId', 'title'] },
          kind: 'company',
          fields: { company_name: 'title', phone: null },
        },
      ],
    }),
  )
  const mapped = createMapper({ mappings })({
    title: 'Acme',
    placeId: 'ChIJabcDEF123_-ghiJKL456mno',
    phone: '+49305550123',
    categoryName: 'Cafe',
    url: 'https://www.google.com/maps',
  })
  expect(mapped).toMatchObject({
    outcome: 'lead',
    lead: { company_name: 'Acme', phone: null },
    source: { metadata: { mapping: 'mine' } },
  })
})

test('every built-in preset without its order is valid in a mappings file', () => {
  const presets = PRESETS.map(({ order: _, ...preset }) => preset)
  expect(readMappings(fileOf({ presets }))).toHaveLength(PRESETS.length)
})

test('a preset of an Actor is used if no shape matches, under both forms of its name', () => {
  const mappings = readMappings(
    fileOf({ presets: [{ name: 'mine', actors: ['me/my-actor'], fields: { company_name: 'zz' } }] }),
  )
  const mapItem = createMapper({ mappings })
  for (const actor_id of ['me/my-actor', 'me~my-actor', 'Me/My-Actor']) {
    expect(mapItem({ zz: 'Acme', phone: '+49305550123' }, { actor_id })).toMatchObject({
      lead: { company_name: 'Acme' },
    })
  }
})
