import { gunzipSync } from 'node:zlib'
import { generateDataset } from '@leads/apify-simulator/generate/dataset'
import { expect, test } from 'vitest'
import { get, PLACES, simulate } from './receiver.ts'

const SIX = [{ n: 1 }, { n: 2 }, {}, { n: 4 }, { n: 5 }, { '#debug': 1 }, { n: 7, '#error': false }, { n: 8 }]

test('clean works after offset and limit: a page is short, and paging by received items reads some twice', async () => {
  const { state, client } = await simulate()
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: SIX })
  const dataset = client.dataset(defaultDatasetId)
  expect((await dataset.listItems({ clean: true, offset: 0, limit: 3 })).items).toEqual([{ n: 1 }, { n: 2 }])
  expect((await dataset.listItems({ skipHidden: true, offset: 5, limit: 2 })).items).toEqual([{}, { n: 7 }])
  expect((await dataset.listItems({ skipEmpty: true, offset: 2, limit: 1 })).items).toEqual([])
  // The client's own iterator falls into the trap, as it does on the platform: therefore it must not be used.
  const iterated: unknown[] = []
  for await (const item of dataset.listItems({ clean: true, chunkSize: 3 })) iterated.push(item.n)
  expect(iterated).toEqual([1, 2, 4, 5, 5, 7, 7, 8])
})

test('fields picks in the asked order, omit wins, and both leave empty items in place', async () => {
  const { state, client } = await simulate()
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: [{ a: 1, b: { c: 2 }, d: 3 }, { d: 4 }] })
  const dataset = client.dataset(defaultDatasetId)
  expect((await dataset.listItems({ fields: ['b', 'a'] })).items).toEqual([{ b: { c: 2 }, a: 1 }, {}])
  expect((await dataset.listItems({ fields: ['a', 'b'], omit: ['b'] })).items).toEqual([{ a: 1 }, {}])
})

test('the pagination headers say what was asked and what came; no limit is said as 999999999999', async () => {
  const { simulator, state } = await simulate()
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: SIX })
  const headers = async (query: string) => {
    const response = await get(simulator, `/v2/datasets/${defaultDatasetId}/items${query}`)
    await response.arrayBuffer()
    return ['Offset', 'Limit', 'Count', 'Total', 'Desc'].map((name) =>
      response.headers.get(`X-Apify-Pagination-${name}`),
    )
  }
  expect(await headers('')).toEqual(['0', '999999999999', '8', '8', 'false'])
  expect(await headers('?offset=6&limit=5&desc=1')).toEqual(['6', '5', '2', '8', 'true'])
  expect(await headers('?offset=100&limit=5')).toEqual(['100', '5', '0', '8', 'false'])
})

test('json is a bare array and jsonl one item a line, byte for byte what was stored', async () => {
  const { simulator, state } = await simulate()
  const odd = ['{"a":"\\u0000"}', '{"big":12345678901234567890.50,"a":1,"a":2}', '{ "spaced" : "\\ud83d" }']
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items_text: odd })
  const path = `/v2/datasets/${defaultDatasetId}/items`
  const json = await get(simulator, path)
  expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await json.text()).toBe(`[${odd.join(',\n')}]`)
  expect(await (await get(simulator, `${path}?format=jsonl`)).text()).toBe(`${odd.join('\n')}\n`)
  expect(await (await get(simulator, `${path}?format=jsonl&offset=9`)).text()).toBe('')
  expect(await (await get(simulator, `${path}?offset=9`)).text()).toBe('[]')
})

test('bytes that are not even UTF-8 are served as they are', async () => {
  const { simulator, state } = await simulate()
  const run = state.addRun({ actor_id: PLACES })
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  state.appendTexts(run.id, ['{"n":1}', bytes])
  const served = Buffer.from(await (await get(simulator, `/v2/datasets/${run.defaultDatasetId}/items`)).arrayBuffer())
  expect(served).toEqual(Buffer.concat([Buffer.from('[{"n":1},\n'), bytes, Buffer.from(']')]))
})

test('formats and parameters that are not simulated are refused, never half-served', async () => {
  const { simulator, state } = await simulate()
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: [{ a: 1 }] })
  for (const query of ['format=csv', 'unwind=a', 'view=overview', 'offset=-1', 'limit=x']) {
    expect((await get(simulator, `/v2/datasets/${defaultDatasetId}/items?${query}`)).status, query).toBe(400)
  }
})

test('answers are gzipped when that is accepted, kept pages included', async () => {
  const { simulator, state } = await simulate()
  const dataset = { generator: 'google-places', count: 300, seed: 3 } as const
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, dataset })
  const path = `/v2/datasets/${defaultDatasetId}/items?limit=200`
  const plain = await (await get(simulator, path, { 'accept-encoding': 'identity' })).text()
  for (const turn of ['made', 'kept']) {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
    const { request } = await import('node:http')
    const headers = { authorization: `Bearer ${simulator.token}`, 'accept-encoding': 'gzip' }
    request(`${simulator.url}${path}`, { headers }, (response) => {
      expect(response.headers['content-encoding'], turn).toBe('gzip')
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
    })
      .on('error', reject)
      .end()
    expect(gunzipSync(await promise).toString(), turn).toBe(plain)
  }
  expect(JSON.parse(plain)).toHaveLength(200)
})

test('a page read before items were added is not mixed up with one read after', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({ actor_id: PLACES, status: 'RUNNING' })
  const dataset = client.dataset(run.defaultDatasetId)
  const spec = { generator: 'google-places', count: 10, seed: 3 } as const
  expect((await dataset.listItems({ limit: 5 })).items).toEqual([])
  state.appendGenerated(run.id, spec, 0, 2)
  expect((await dataset.listItems({ limit: 5 })).items).toHaveLength(2)
  state.appendGenerated(run.id, spec, 2)
  const items = (await dataset.listItems({ limit: 5 })).items
  const expected = generateDataset(spec)
  expect(items).toEqual([0, 1, 2, 3, 4].map((i) => JSON.parse(expected.text(i)) as unknown))
  state.appendItems(run.id, [{ last: true }])
  expect((await dataset.listItems({ offset: 9 })).items.at(-1)).toEqual({ last: true })
})

test('a million items take no memory, and a page in their middle is read without delay', async () => {
  const { simulator, state } = await simulate()
  const spec = { generator: 'google-places', count: 1_000_000, seed: 9 } as const
  const before = process.memoryUsage().rss
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, dataset: spec })
  const page = await get(simulator, `/v2/datasets/${defaultDatasetId}/items?offset=777777&limit=2&format=jsonl`)
  const expected = generateDataset(spec)
  expect(await page.text()).toBe(`${expected.text(777_777)}\n${expected.text(777_778)}\n`)
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
})

test('an answer of 40 MB is streamed whole, plain and gzipped', async () => {
  const { simulator, state } = await simulate()
  const spec = { generator: 'google-places', count: 10, seed: 9, padding_bytes: 4_000_000, empty_share: 0 } as const
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, dataset: spec })
  for (const encoding of ['identity', 'gzip']) {
    const path = `/v2/datasets/${defaultDatasetId}/items?format=jsonl`
    const lines = (await (await get(simulator, path, { 'accept-encoding': encoding })).text()).split('\n')
    expect(lines).toHaveLength(11)
    expect(lines.slice(0, 10).every((line) => line.length > 4_000_000 && line.endsWith('}'))).toBe(true)
  }
})

test('a client that goes away in the middle of a big answer ends its making', async () => {
  const { simulator, state } = await simulate()
  const spec = { generator: 'google-places', count: 2_000, seed: 9, padding_bytes: 1_000_000 } as const
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, dataset: spec })
  const dataset = state.datasets.get(defaultDatasetId)
  const texts = dataset?.texts.bind(dataset)
  let made = 0
  let ended: () => void = () => undefined
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  if (dataset && texts) {
    dataset.texts = function* (...range) {
      try {
        for (const text of texts(...range)) {
          made++
          yield text
        }
      } finally {
        ended()
      }
    }
  }
  const leaving = new AbortController()
  const answer = await fetch(`${simulator.url}/v2/datasets/${defaultDatasetId}/items`, {
    headers: { authorization: `Bearer ${simulator.token}`, 'accept-encoding': 'identity' },
    signal: leaving.signal,
  })
  expect(answer.status).toBe(200)
  leaving.abort()
  await end
  expect(made).toBeLessThan(200)
})
