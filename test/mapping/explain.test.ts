import { explainItem } from '@leads/core/mapping/explain-item'
import { createMapper } from '@leads/core/mapping/map-item'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UNKNOWN_SHAPES } from './fixtures/unknown-shapes.ts'

const CONTEXT = { actor_id: 'someone/some-actor' }
const PERSON = {
  full_name: 'Ines Duarte',
  title: { current: 'COO', previous: 'Manager' },
  company: { current: { name: 'Verdeluz', domain: 'verdeluz.pt' } },
  phone: '+1 212 555 0100',
  mobile: '(212) 555-0100',
  fax: '+1 212 555 0101',
  email: 'not an address',
  colour: 'red',
}

describe('explainItem', () => {
  test('the explanation names the key of every column', () => {
    const { columns } = explainItem(PERSON, CONTEXT)
    const keysOf = Object.fromEntries(columns.map(({ column, keys }) => [column, keys]))
    expect(keysOf).toMatchObject({
      full_name: ['full_name'],
      title: ['title.current'],
      phone: ['phone'],
      company_name: ['company.current.name'],
      company_domain: ['company.current.domain'],
    })
  })

  test('the explanation lists keys that were not used, with what they were read as', () => {
    const { unused } = explainItem(PERSON, CONTEXT)
    expect(unused).toEqual([
      { key: 'title.previous', value: 'Manager', read_as: null },
      { key: 'mobile', value: '(212) 555-0100', read_as: 'phone' },
      { key: 'fax', value: '+1 212 555 0101', read_as: null },
      { key: 'email', value: 'not an address', read_as: 'email' },
      { key: 'colour', value: 'red', read_as: null },
    ])
  })

  test('the explanation lists values that could not be read', () => {
    expect(explainItem(PERSON, CONTEXT).unread).toEqual([{ column: 'email', value: 'not an address' }])
  })

  test('a rejection names the keys that caused it and what the mapping understood', () => {
    const explanation = explainItem(
      { id: '555111222', title: 'Sofa', seller: { name: 'Anja', type: 'private' }, price: '0', location: 'Bonn' },
      CONTEXT,
    )
    expect(explanation).toMatchObject({
      outcome: 'rejected',
      reason: 'not a lead: a private seller without contact data',
      reason_keys: expect.arrayContaining(['seller.type']),
    })
    expect(explanation.columns).toContainEqual({ column: 'full_name', value: 'Anja', keys: ['seller.name'] })
  })

  test('keys with the same value are named together', () => {
    const { columns } = explainItem({ name: 'Acme Works', displayName: 'Acme Works', phone: '+49305550123' }, CONTEXT)
    expect(columns.find(({ column }) => column === 'company_name')?.keys).toEqual(['name', 'displayName'])
  })

  test.each(UNKNOWN_SHAPES)('the explanation of $name has the outcome and columns of the mapping', ({ item }) => {
    const mapped = createMapper()(item, CONTEXT)
    const { outcome, columns } = explainItem(item, CONTEXT)
    expect(outcome).toBe(mapped.outcome)
    const filled = columns.find(({ column }) => column === 'full_name')?.value ?? null
    expect(filled).toBe(mapped.outcome === 'lead' ? mapped.lead.full_name : null)
  })

  test('any JSON value can be explained', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (item) => {
        expect(['lead', 'rejected']).toContain(explainItem(item, CONTEXT).outcome)
      }),
      { numRuns: 300 },
    )
  })

  test('an item with 20,000 keys is explained within a minute', { timeout: 120_000 }, () => {
    const item = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, `value ${index}`]))
    const start = performance.now()
    explainItem({ ...item, name: 'Acme', phone: '+49305550123' }, CONTEXT)
    expect(performance.now() - start).toBeLessThan(60_000)
  })
})
