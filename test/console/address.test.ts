import { fc, test } from '@fast-check/vitest'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import { parseFilters } from '@leads/core/lists/filter'
import { describe, expect } from 'vitest'
import {
  type Filter,
  formatAddress,
  parseAddress,
  parseSearch,
  stringifySearch,
  toApiQuery,
} from '../../packages/console/src/list/address.ts'
import { kindsOf, leadFilters } from '../../packages/console/src/list/definitions.ts'

const kinds = kindsOf(leadFilters)

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    'a,b',
    'eq:x',
    'in:1,2',
    'is:null',
    'prefix:x',
    'x:y',
    '\\',
    'a\\',
    '\\,',
    '🙂',
    'é',
    '%',
    '&=#',
    '+',
  ),
)

/** Two values that end with a backslash cannot be in one `in:` list: the API's comma would be escaped. */
const values = fc
  .uniqueArray(text, { minLength: 1, maxLength: 6 })
  .filter((list) => list.length === 1 || list.filter((value) => value.endsWith('\\')).length <= 1)

const filter: fc.Arbitrary<Filter> = fc.oneof(
  values.map(
    (list): Filter => ({
      field: 'country',
      operator: 'in',
      values: list.toSorted((a, b) => Number(a.endsWith('\\')) - Number(b.endsWith('\\'))),
    }),
  ),
  text.map((value): Filter => ({ field: 'city', operator: 'prefix', values: [value] })),
  text.map((value): Filter => ({ field: 'external_id', operator: 'not', values: [value] })),
  text.map((value): Filter => ({ field: 'tags', operator: 'has', values: [value] })),
  fc.constantFrom<Filter>(
    { field: 'email', operator: 'is_null', values: [] },
    { field: 'phone', operator: 'is_not_null', values: [] },
    { field: 'lead_score', operator: 'gte', values: ['50'] },
    { field: 'created_at', operator: 'lt', values: ['2026-01-01T00:00:00Z'] },
  ),
)

describe('addresses of lists', () => {
  test.prop([fc.uniqueArray(filter, { maxLength: 4, selector: ({ field }) => field }), text])(
    'what is written into an address is read from it again',
    (filters, q) => {
      const address = { filters, q, sort: '-created_at', ui: { cols: 'name,email' }, rest: {} }
      const search = parseSearch(stringifySearch(formatAddress(kinds, address)))
      // A blank search finds everything, like none.
      expect(parseAddress(kinds, search)).toEqual({ ...address, q: q.trim() === '' ? '' : q })
    },
  )

  test.prop([filter])('the API reads the same values from an address as the console', async (given) => {
    const query = toApiQuery(kinds, { filters: [given], q: '', sort: '', rest: {} })
    const [read] = await parseFilters(leadListDefinition, query)
    const operator = read?.operator === 'eq' ? 'in' : read?.operator
    expect(operator).toBe(given.operator)
    if (given.field !== 'lead_score' && given.field !== 'created_at')
      expect(read?.values).toEqual(expect.arrayContaining([...given.values]))
  })

  test('a parameter that the list does not know is handed to the API unchanged', () => {
    const address = parseAddress(kinds, parseSearch('?contry=India&ui.peek=4'))
    expect(toApiQuery(kinds, address)).toEqual({ contry: 'India' })
    expect(address.ui).toEqual({ peek: '4' })
  })
})
