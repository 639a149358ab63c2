import { countDataset, type DatasetSpec, generateDataset } from '@leads/apify-simulator/generate/dataset'
import { expect, test } from 'vitest'

type Item = Record<string, unknown>
const GENERATORS = [
  ['google-places', 'placeId'],
  ['linkedin-people', 'publicIdentifier'],
  ['apollo-people', 'id'],
] as const

function read(spec: DatasetSpec): Item[] {
  const dataset = generateDataset(spec)
  return Array.from({ length: dataset.count }, (_, offset) => JSON.parse(dataset.text(offset)) as Item)
}

test.each(GENERATORS)('%s: the counts of a spec are those of its items', (generator, id_key) => {
  const spec = { generator, count: 20_000, seed: 12 }
  const items = read(spec)
  const counts = countDataset(spec)
  const ids = items.filter((item) => id_key in item).map((item) => item[id_key])
  const empty = items.filter((item) => Object.keys(item).length === 0).length
  expect(counts).toMatchObject({ items: 20_000, records: new Set(ids).size, empty, shared: 0, poison: 0 })
  expect(counts.records + counts.duplicates).toBe(ids.length)
  expect(counts.error).toBe(items.length - ids.length - empty)
  // About 3 of 100 are duplicates; some are empty, some are the Actor's own messages.
  expect(counts.duplicates / counts.items).toBeCloseTo(0.03, 2)
  expect(counts.empty).toBeGreaterThan(50)
  expect(counts.error).toBeGreaterThan(100)
})

test.each(GENERATORS)('%s: an item follows from seed and offset alone', (generator) => {
  const one = generateDataset({ generator, count: 500, seed: 3 })
  const other = generateDataset({ generator, count: 1_000_000, seed: 3 })
  for (const offset of [0, 7, 499]) expect(one.text(offset)).toBe(other.text(offset))
  expect(generateDataset({ generator, count: 500, seed: 4 }).text(7)).not.toBe(one.text(7))
})

test.each(GENERATORS)(
  '%s: items have about 1 KB, several countries, hidden keys and missing values',
  (generator, id_key) => {
    const dataset = generateDataset({ generator, count: 3_000, seed: 5 })
    const texts = Array.from({ length: 3_000 }, (_, offset) => dataset.text(offset))
    const average = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
    expect(average).toBeGreaterThan(900)
    expect(average).toBeLessThan(1_600)
    const records = texts.map((text) => JSON.parse(text) as Item).filter((item) => id_key in item)
    const country_key = { placeId: 'countryCode', publicIdentifier: 'addressCountryOnly', id: 'country' }[id_key]
    expect(new Set(records.map((item) => item[country_key])).size).toBeGreaterThanOrEqual(10)
    expect(records.filter((item) => '#debug' in item).length).toBeGreaterThan(10)
    expect(records.filter((item) => Object.values(item).some((value) => value === null)).length).toBeGreaterThan(500)
  },
)

test('a duplicate repeats the facts of an earlier place and differs in rank or time only', () => {
  const items = read({ generator: 'google-places', count: 2_000, seed: 6 }).filter((item) => 'placeId' in item)
  const first = new Map<unknown, Item>()
  let repeated = 0
  for (const item of items) {
    const earlier = first.get(item.placeId)
    if (!earlier) first.set(item.placeId, item)
    else {
      repeated++
      expect({ ...item, rank: 0, scrapedAt: '' }).toEqual({ ...earlier, rank: 0, scrapedAt: '' })
    }
  }
  expect(repeated).toBe(countDataset({ generator: 'google-places', count: 2_000, seed: 6 }).duplicates)
})

test('a second run shares the asked part of its places with the first, and some of those have changed', () => {
  const before = { generator: 'google-places', count: 10_000, seed: 1 } as const
  const after = { ...before, seed: 2, overlap: { seed: 1, share: 0.3, changed_share: 0.2 } }
  const known = new Map(read(before).map((item) => [item.placeId, item]))
  const second = new Map(read(after).map((item) => [item.placeId, item]))
  known.delete(undefined)
  second.delete(undefined)
  const shared = [...second.values()].filter((item) => known.has(item.placeId))
  const changed = shared.filter((item) => item.phone !== known.get(item.placeId)?.phone)
  const counts = countDataset(after)
  expect([second.size, shared.length, changed.length]).toEqual([counts.records, counts.shared, counts.shared_changed])
  expect(counts.shared / counts.records).toBeCloseTo(0.3, 1)
  expect(counts.shared_changed / counts.shared).toBeCloseTo(0.2, 1)
  const renamed = changed.filter((item) => item.title !== known.get(item.placeId)?.title)
  expect(renamed.length).toBeGreaterThan(50)
  // Unchanged values are identical, except position and time.
  const unchanged = shared.find((item) => item.phone === known.get(item.placeId)?.phone)
  expect({ ...unchanged, rank: 0, scrapedAt: '' }).toEqual({ ...known.get(unchanged?.placeId), rank: 0, scrapedAt: '' })
})

test('a smaller earlier run can share no more places than it has', () => {
  const spec = {
    generator: 'google-places',
    count: 5_000,
    seed: 2,
    overlap: { seed: 1, share: 1, count: 100 },
  } as const
  const known = new Set(read({ generator: 'google-places', count: 100, seed: 1 }).map((item) => item.placeId))
  const shared = new Set(
    read(spec)
      .map((item) => item.placeId)
      .filter((id) => id !== undefined && known.has(id)),
  )
  expect(shared.size).toBe(countDataset(spec).shared)
  expect(shared.size).toBeGreaterThan(80)
})

test('poison is valid JSON that contains NUL, lone surrogates, numbers beyond doubles and deep nesting', () => {
  const spec = { generator: 'google-places', count: 400, seed: 8, poison_share: 0.2 } as const
  const dataset = generateDataset(spec)
  const texts = Array.from({ length: 400 }, (_, offset) => dataset.text(offset))
  for (const text of texts) expect(() => JSON.parse(text) as unknown).not.toThrow()
  const all = texts.join('\n')
  for (const sign of ['\\u0000', '\\ud83d', '1e400', '[[[[[[', '__proto__']) expect(all).toContain(sign)
  expect(countDataset(spec).poison).toBeGreaterThan(50)
})

test('padding makes items as big as asked', () => {
  const dataset = generateDataset({ generator: 'google-places', count: 2, seed: 1, padding_bytes: 5_000_000 })
  expect(dataset.text(0).length).toBeGreaterThan(5_000_000)
  expect(dataset.text(0).length).toBeLessThan(5_003_000)
})

test('a spec that makes no sense is refused by name', () => {
  const wrong = { generator: 'google-places', count: -1, sead: 2 } as unknown as DatasetSpec
  expect(() => generateDataset(wrong)).toThrow(/count[\s\S]*sead/)
})
