import { request } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { resetConnection } from '@leads/apify-simulator/faults/reset-connection'
import type { ApifySimulator } from '@leads/apify-simulator/server'
import { expect, test } from 'vitest'
import { get, PLACES, simulate } from './receiver.ts'

const SPEC = { generator: 'google-places', count: 50, seed: 4 } as const

/** What arrives at the level of HTTP: bytes, and whether the message was whole. */
function fetchRaw(simulator: ApifySimulator, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer; error: string | null }>(
    (resolve) => {
      const chunks: Buffer[] = []
      const ask = request(`${simulator.url}${path}`, {
        headers: { authorization: `Bearer ${simulator.token}`, ...headers },
      })
      ask.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ status: 0, headers: {}, body: Buffer.alloc(0), error: error.code ?? error.message }),
      )
      ask.on('response', (response) => {
        const done = (error: string | null) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), error })
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
        response.on('end', () => done(null))
      })
      ask.end()
    },
  )
}

async function withDataset() {
  const all = await simulate()
  const run = all.state.addRun({ actor_id: PLACES, dataset: SPEC })
  const path = `/v2/datasets/${run.defaultDatasetId}/items`
  const whole = Buffer.from(await (await get(all.simulator, path, { 'accept-encoding': 'identity' })).arrayBuffer())
  return { ...all, run, path, whole }
}

test('a status fault answers as often as requested, with the error body and the Retry-After of one', async () => {
  const { simulator, state, path } = await withDataset()
  const id = state.faults.add({ count: 2, fault: { status: 429, retry_after_s: 3 } })
  const limited = await get(simulator, path)
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3'])
  expect(await limited.json()).toMatchObject({ error: { type: 'rate-limit-exceeded' } })
  expect((await get(simulator, path)).status).toBe(429)
  expect((await get(simulator, path)).status).toBe(200)
  expect(state.faults.fired(id)).toBe(2)
})

test.each([
  [401, 'invalid-token'],
  [403, 'insufficient-permissions'],
  [404, 'record-not-found'],
  [500, 'internal-server-error'],
  [503, 'internal-server-error'],
])('status %i comes with the error type %s, or with the requested one', async (status, type) => {
  const { simulator, state, path } = await withDataset()
  state.faults.add({ count: 1, fault: { status } })
  expect(await (await get(simulator, path)).json()).toMatchObject({ error: { type } })
  state.faults.add({ count: 1, fault: { status, error_type: 'record-or-token-not-found' } })
  const other = await get(simulator, path)
  expect([other.status, await other.json()]).toMatchObject([status, { error: { type: 'record-or-token-not-found' } }])
})

test('the real client gets over 429, 500, broken and cut answers by itself, and reads the right items', async () => {
  const { state, client, run, whole } = await withDataset()
  const faults = [
    { status: 429 },
    { status: 500 },
    { reset: 'before' as const },
    { invalid_json: true },
    { truncate: { how: 'content-length' as const } },
    { truncate: { how: 'chunked' as const } },
    { truncate: { how: 'gzip' as const } },
    { truncate: { how: 'clean' as const } },
  ]
  for (const fault of faults) {
    const id = state.faults.add({ count: 2, fault })
    const { items } = await client.dataset(run.defaultDatasetId).listItems()
    expect(items, JSON.stringify(fault)).toEqual(JSON.parse(whole.toString()))
    expect(state.faults.fired(id), JSON.stringify(fault)).toBe(2)
  }
})

test('a body cut under its full Content-Length, in chunks or by a reset is no whole message', async () => {
  const { simulator, state, path, whole } = await withDataset()
  const strike = (fault: Parameters<typeof state.faults.add>[0]['fault']) => {
    state.faults.add({ count: 1, fault })
    return fetchRaw(simulator, path)
  }
  const cut = await strike({ truncate: { how: 'content-length', at: 0.25 } })
  expect(cut.headers['content-length']).toBe(String(whole.length))
  expect([cut.error, cut.body.length]).toEqual(['ECONNRESET', Math.floor(whole.length / 4)])
  const chunked = await strike({ truncate: { how: 'chunked' } })
  expect(chunked.headers['transfer-encoding']).toBe('chunked')
  expect([chunked.error, chunked.body.length]).toEqual(['ECONNRESET', Math.floor(whole.length / 2)])
  expect((await strike({ reset: 'before' })).error).toBe('ECONNRESET')
  // A reset throws away what the client has not read yet, so that it may not even see the headers.
  expect((await strike({ reset: 'middle' })).error).toBe('ECONNRESET')
})

test('a body cut cleanly is a whole message of broken JSON, or of fewer lines that are all right', async () => {
  const { simulator, state, path, whole } = await withDataset()
  state.faults.add({ count: 1, fault: { truncate: { how: 'clean', at: 0.5 } } })
  const cut = await fetchRaw(simulator, path)
  expect([cut.status, cut.error]).toEqual([200, null])
  expect(cut.body).toEqual(whole.subarray(0, Math.floor(whole.length / 2)))
  state.faults.add({ count: 1, fault: { truncate: { how: 'clean', at: 0.5, whole_lines: true } } })
  const lines = (await fetchRaw(simulator, `${path}?format=jsonl`)).body.toString().trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.length).toBeLessThan(50)
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
})

test('a cut gzip stream is a whole HTTP message that cannot be unpacked', async () => {
  const { simulator, state, path } = await withDataset()
  state.faults.add({ count: 1, fault: { truncate: { how: 'gzip' } } })
  const cut = await fetchRaw(simulator, path, { 'accept-encoding': 'gzip' })
  expect([cut.status, cut.error, cut.headers['content-encoding']]).toEqual([200, null, 'gzip'])
  expect(cut.headers['content-length']).toBe(String(cut.body.length))
  expect(() => gunzipSync(cut.body)).toThrow('unexpected end of file')
})

test('latency delays, a slow drip takes its time, and both bring the whole body', async () => {
  const { simulator, state, path, whole } = await withDataset()
  state.faults.add({ count: 1, fault: { latency_ms: 80 } })
  state.faults.add({ count: 1, fault: { drip: { bytes: Math.ceil(whole.length / 5), every_ms: 20 } } })
  for (const at_least of [80, 80]) {
    const start = performance.now()
    expect((await fetchRaw(simulator, path)).body).toEqual(whole)
    expect(performance.now() - start).toBeGreaterThanOrEqual(at_least - 2)
  }
})

test('a request can go unanswered, and an answer can stop in the middle, until the caller times out', async () => {
  const { simulator, state, path, whole } = await withDataset()
  state.faults.add({ count: 1, fault: { hang: true } })
  const timeout = () => AbortSignal.timeout(600)
  const headers = { authorization: `Bearer ${simulator.token}`, 'accept-encoding': 'identity' }
  await expect(fetch(`${simulator.url}${path}`, { headers, signal: timeout() })).rejects.toThrow(/timeout/)
  state.faults.add({ count: 1, fault: { stall_at: 0.5 } })
  const stalled = await fetch(`${simulator.url}${path}`, { headers, signal: timeout() })
  const reader = (stalled.body as ReadableStream<Uint8Array>).getReader()
  let bytes = 0
  const drained = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length
  }
  await expect(drained()).rejects.toThrow(/timeout/)
  expect(bytes).toBe(Math.floor(whole.length / 2))
})

test('a rule strikes only its method, path and query, after the occasions it skips', async () => {
  const { simulator, state, path, run } = await withDataset()
  state.faults.add({
    method: 'get',
    path: '/v2/datasets/*/items',
    query: { offset: '20' },
    skip: 1,
    fault: { status: 500 },
  })
  const status = async (address: string) => (await get(simulator, address)).status
  expect(await status(`${path}?offset=20`)).toBe(200)
  expect(await status(`${path}?offset=10`)).toBe(200)
  expect(await status(`/v2/datasets/${run.defaultDatasetId}?offset=20`)).toBe(200)
  expect(await status(`${path}?offset=20`)).toBe(500)
  expect(await status(`${path}?offset=20`)).toBe(500)
  state.faults.clear()
  expect(await status(`${path}?offset=20`)).toBe(200)
})

test('a probability is thrown from the seed: the same seed strikes the same requests', async () => {
  const { simulator, state, path } = await withDataset()
  const pattern = async (seed: number) => {
    state.faults.clear()
    state.faults.add({ probability: 0.4, seed, fault: { status: 500 } })
    let struck = ''
    for (let i = 0; i < 40; i++) struck += (await get(simulator, `${path}?limit=1`)).status === 500 ? 'x' : '.'
    return struck
  }
  const first = await pattern(11)
  expect(first.split('x').length - 1).toBeGreaterThan(8)
  expect(first.split('x').length - 1).toBeLessThan(26)
  expect(await pattern(11)).toBe(first)
  expect(await pattern(12)).not.toBe(first)
})

test('above the rate limit of a resource comes 429 until the second is over; other resources are not touched', async () => {
  let now = Date.UTC(2026, 4, 4, 12)
  const { simulator, state } = await simulate({ clock: () => now })
  const run = state.addRun({ actor_id: PLACES })
  state.rate_limit.per_second = 2
  const ask = async () => (await get(simulator, `/v2/datasets/${run.defaultDatasetId}/items`)).status
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
  expect((await get(simulator, `/v2/actor-runs/${run.id}`)).status).toBe(200)
  now += 1_000
  expect(await ask()).toBe(200)
})

test('closing ends requests that hang and deliveries that wait', async () => {
  const { simulator, state, path } = await withDataset()
  state.faults.add({ fault: { hang: true } })
  const hanging = fetchRaw(simulator, path)
  await state.requests.waitFor({ path: '/items', count: 2 })
  const waiting = state.waitForDispatches()
  const refused = expect(waiting).rejects.toThrow('closed')
  await simulator.close()
  expect((await hanging).error).toBe('ECONNRESET')
  await refused
})

test('a connection that is just being closed is closed by a reset, too', async () => {
  const closed = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', closed.reject).on('close', () => closed.resolve())
    socket.end()
    // The next tick is after the request to close and before its completion.
    process.nextTick(resetConnection, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  await closed.promise
  client.destroy()
  server.close()
})
