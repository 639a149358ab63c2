import { parseFailedMessageIds } from '@leads/cli/stack/batch-response'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const batch = ['m1', 'm2', 'm3']

describe('a response without failures', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an object about something else', { statusCode: 200 }],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('%s means that the whole batch succeeded', (_name, payload) => {
    expect([...parseFailedMessageIds(payload, batch)]).toEqual([])
  })
})

describe('an invalid response', () => {
  test.each([
    ['a string', 'done'],
    ['a number', 1],
    ['a list instead of an object', [{ itemIdentifier: 'm1' }]],
    ['a list of failures that is none', { batchItemFailures: 'm1' }],
    ['plain ids', { batchItemFailures: ['m1'] }],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['a null failure', { batchItemFailures: [null] }],
    ['a wrong key', { batchItemFailures: [{ messageId: 'm1' }] }],
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'm9' }] }],
    ['an unknown id next to a known one', { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm9' }] }],
  ])('%s means that the whole batch failed', (_name, payload) => {
    expect([...parseFailedMessageIds(payload, batch)]).toEqual(batch)
  })
})

test('exactly the listed messages fail', () => {
  const payload = { batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm2' }] }
  expect([...parseFailedMessageIds(payload, batch)]).toEqual(['m2'])
})

test('only messages of the batch can fail, and without a list of failures either none or all do', () => {
  const some = fc
    .subarray(batch)
    .map((ids) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }))
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), some), (payload) => {
      const failed = [...parseFailedMessageIds(payload, batch)]
      expect(batch).toEqual(expect.arrayContaining(failed))
      const named = typeof payload === 'object' && payload !== null && 'batchItemFailures' in payload
      if (!named) expect([0, batch.length]).toContain(failed.length)
    }),
    { numRuns: 500 },
  )
})
