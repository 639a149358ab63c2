import type { Fault } from '@leads/apify-simulator/faults/fault'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { syncUntilDone } from '@leads/cli/syncs/run-sync'
import { ApifyTransientError } from '@leads/core/apify/apify-errors'
import { parseRetryAfter, readDatasetPage } from '@leads/core/apify/read-dataset-page'
import { CALL_ATTEMPTS_MAX, COMMAND_ATTEMPTS_MAX } from '@leads/core/syncs/retry-policy'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

describe('a temporary fault of Apify', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('sqlite')
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(40) })
  })
  afterEach(() => world.close())

  const items = '/v2/datasets/*/items'
  const faults: [string, Fault][] = [
    ['429', { status: 429 }],
    ['429 with Retry-After', { status: 429, retry_after_s: 3 }],
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['408', { status: 408 }],
    ['a connection cut before the answer', { reset: 'before' }],
    ['a body cut within its first item', { truncate: { how: 'content-length', at: 0.01, whole_lines: false } }],
    ['a page of HTML in place of items', { invalid_json: true }],
    ['a page of HTML with 403, by a firewall', { status: 403, invalid_json: true }],
    ['a page of HTML with 404, by a gateway', { status: 404, invalid_json: true }],
  ]

  test.each(faults)('is retried in place, and the sync completes in one attempt: %s', async (_what, fault) => {
    world.simulator.state.faults.add({ path: items, skip: 1, count: 3, fault })
    const retries: number[] = []
    await world.syncToEnd('run', { page_rows_max: 15, onRetry: ({ attempt }) => retries.push(attempt) })
    expect(retries).toEqual([1, 2, 3])
    expect(await world.row('run')).toMatchObject({
      total_records: 40,
      synced_records: 40,
      sync_status: 'completed',
      error_message: null,
      retry_count: 0,
    })
  })

  const breaks: [string, Fault][] = [
    ['a connection cut within the answer', { reset: 'middle' }],
    ['a body shorter than its length', { truncate: { how: 'content-length', at: 0.5, whole_lines: false } }],
    ['a chunked body without its end', { truncate: { how: 'chunked', at: 0.5, whole_lines: false } }],
    ['a gzip stream without its end', { truncate: { how: 'gzip', at: 0.7, whole_lines: false } }],
    ['a whole answer with half of the text', { truncate: { how: 'clean', at: 0.5, whole_lines: false } }],
    ['a whole answer with half of the lines', { truncate: { how: 'clean', at: 0.5, whole_lines: true } }],
  ]

  test.each(breaks)('keeps the whole items before it, and each item is read once: %s', async (_what, fault) => {
    world.simulator.state.faults.add({ path: items, count: 2, fault })
    const read: number[] = []
    const readItems: typeof world.apify.readItems = async (...request) => {
      const page = await world.apify.readItems(...request)
      read.push(page.items.length)
      return page
    }
    await world.syncToEnd('run', { page_rows_max: 15, apify: { ...world.apify, readItems } })
    expect(read.reduce((sum, length) => sum + length, 0)).toBe(40)
    // Of a broken connection, what has arrived and was not read yet may be discarded: then the page is read again.
    if (fault.truncate?.how === 'clean') {
      for (const broken of read.slice(0, 2)) {
        expect(broken).toBeGreaterThan(0)
        expect(broken).toBeLessThan(15)
      }
      expect(world.waits_ms).toEqual([])
    }
    expect(await world.row('run')).toMatchObject({ total_records: 40, synced_records: 40, duplicate_records: 0 })
    expect((await readContents(world.db)).leads).toHaveLength(40)
  })

  test('that breaks off every answer lets the items before it in, and the last one is retried', async () => {
    world.simulator.state.faults.add({ path: items, fault: { reset: 'middle' } })
    expect(await world.sync('run', { page_rows_max: 15 })).toMatchObject({ reason: 'interrupted' })
    expect(await world.row('run')).toMatchObject({ total_records: 39, sync_status: 'syncing', retry_count: 0 })
  })

  test.each(faults)(
    'that outlasts the attempts leaves the message in the queue and loses nothing: %s',
    async (_what, fault) => {
      const rule = world.simulator.state.faults.add({ path: items, fault })
      await expect(world.sync('run', { page_rows_max: 15 })).rejects.toBeInstanceOf(ApifyTransientError)
      expect(world.simulator.state.faults.fired(rule)).toBe(CALL_ATTEMPTS_MAX)
      const row = await world.row('run')
      expect(row).toMatchObject({ total_records: 0, sync_status: 'pending', retry_count: 1 })
      expect(row.error_message).toContain('items 0… of dataset')
      expect(row.error_details).toMatchObject({ name: 'ApifyTransientError', at: world.clock.now().toISOString() })
      expect(Date.parse(row.next_sync_at ?? '')).toBe(world.clock.ms + 60_000)
      world.simulator.state.faults.clear()
      expect(await world.syncToEnd('run', { page_rows_max: 15 })).toMatchObject({ outcome: 'completed' })
      expect(await world.row('run')).toMatchObject({
        total_records: 40,
        synced_records: 40,
        sync_status: 'completed',
        error_message: null,
        error_details: null,
        next_sync_at: null,
        retry_count: 0,
      })
    },
  )

  test('that outlasts the attempts makes leads sync wait and try again, twice', async () => {
    const { signal } = new AbortController()
    const rule = world.simulator.state.faults.add({ path: items, count: CALL_ATTEMPTS_MAX, fault: { status: 503 } })
    expect(await syncUntilDone(world.options, 'run', false, signal)).toMatchObject({ outcome: 'completed' })
    expect(world.simulator.state.faults.fired(rule)).toBe(CALL_ATTEMPTS_MAX)
    expect(world.waits_ms).toContain(15_000)

    world.simulator.state.addRun({ id: 'never', actor_id: 'ann/places', items: places(3) })
    const outage = world.simulator.state.faults.add({ path: items, fault: { status: 503 } })
    world.waits_ms.length = 0
    await expect(syncUntilDone(world.options, 'never', false, signal)).rejects.toThrow('503')
    expect(world.simulator.state.faults.fired(outage)).toBe(COMMAND_ATTEMPTS_MAX * CALL_ATTEMPTS_MAX)
    expect(world.waits_ms.filter((ms) => ms === 15_000 || ms === 120_000)).toEqual([15_000, 120_000])
  })

  test('after a page was written does not count: the run is queued again by a new message', async () => {
    const rule = { path: items, skip: 1, count: CALL_ATTEMPTS_MAX, fault: { status: 503 } }
    world.simulator.state.faults.add({ ...rule, id: 'first' })
    const interrupted = { outcome: 'continue', delay_s: 15, reason: 'interrupted' }
    expect(await world.sync('run', { page_rows_max: 15 })).toEqual(interrupted)
    expect(await world.row('run')).toMatchObject({ total_records: 15, sync_status: 'syncing', retry_count: 0 })
    expect((await world.row('run')).error_message).toContain('items 15…')
    expect(await world.syncToEnd('run', { page_rows_max: 15 })).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toMatchObject({ total_records: 40, error_message: null, retry_count: 0 })
  })

  test('is forgotten with the next page: progress resets the count of failures', async () => {
    world.simulator.state.faults.add({ path: items, count: 2 * CALL_ATTEMPTS_MAX, fault: { status: 503 } })
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(world.sync('run')).rejects.toThrow('503')
      expect((await world.row('run')).retry_count).toBe(attempt)
    }
    world.simulator.state.faults.add({ path: items, skip: 1, fault: { status: 503 } })
    expect(await world.sync('run', { page_rows_max: 15 })).toMatchObject({ reason: 'interrupted' })
    expect((await world.row('run')).retry_count).toBe(0)
  })

  test('is retried with growing waits, spread by half', async () => {
    world.simulator.state.faults.add({ path: items, fault: { status: 503 } })
    await expect(world.sync('run')).rejects.toThrow('503')
    expect(world.waits_ms).toHaveLength(CALL_ATTEMPTS_MAX - 1)
    for (const [index, wait_ms] of world.waits_ms.entries()) {
      const full_ms = Math.min(20_000, 250 * 2 ** index)
      expect(wait_ms).toBeGreaterThanOrEqual(full_ms / 2)
      expect(wait_ms).toBeLessThanOrEqual(full_ms)
    }
    expect(new Set(world.waits_ms.map((wait_ms, index) => wait_ms / 2 ** index)).size).toBeGreaterThan(1)
  })

  test('is not retried sooner than Apify requests', async () => {
    world.simulator.state.faults.add({ path: items, count: 2, fault: { status: 429, retry_after_s: 7 } })
    await world.syncToEnd('run')
    expect(world.waits_ms).toEqual([7000, 7000])
  })

  test('leaves a long wait that Apify requests to the queue', async () => {
    world.simulator.state.faults.add({ path: items, count: 1, fault: { status: 429, retry_after_s: 300 } })
    await expect(world.sync('run')).rejects.toThrow('429')
    expect(world.waits_ms).toEqual([])
    expect(Date.parse((await world.row('run')).next_sync_at ?? '')).toBe(world.clock.ms + 300_000)
  })

  test('is not retried when the invocation is about to end', async () => {
    const rule = world.simulator.state.faults.add({ path: items, fault: { status: 503 } })
    const started = world.clock.ms
    const remaining_ms = () => 30_000 - (world.clock.ms - started)
    await expect(world.sync('run', { remaining_ms })).rejects.toThrow('503')
    expect(world.simulator.state.faults.fired(rule)).toBeGreaterThan(2)
    expect(remaining_ms()).toBeGreaterThan(5000)
  })

  test('lets a line that drops long answers deliver short ones', async () => {
    const limits: number[] = []
    world.simulator.state.faults.add({ path: items, fault: { reset: 'before' } })
    const readItems: typeof world.apify.readItems = (request, ...rest) => {
      limits.push(request.rows_max)
      if (request.rows_max <= 10) world.simulator.state.faults.clear()
      return world.apify.readItems(request, ...rest)
    }
    await world.syncToEnd('run', { page_rows_max: 40, apify: { ...world.apify, readItems } })
    expect(limits.slice(0, 4)).toEqual([40, 40, 20, 10])
    expect(await world.row('run')).toMatchObject({ total_records: 40, sync_status: 'completed' })
  })

  test.each([
    ['run', '/v2/actor-runs/run'],
    ['account', '/v2/users/me'],
    ['Actor', '/v2/actors/*'],
    ['input', '/v2/key-value-stores/*'],
  ])('on the read of the %s is retried in place', async (_, path) => {
    // More often than the client retries by itself.
    world.simulator.state.faults.add({ path, count: 4, fault: { status: 500 } })
    await world.syncToEnd('run')
    const row = await world.row('run')
    expect(row).toMatchObject({ sync_status: 'completed', retry_count: 0, actor_name: 'ann/places' })
    expect(world.waits_ms).toHaveLength(1)
  })

  test('by a server in between on the read of the run is retried, and its page is not quoted', async () => {
    const fault = { status: 404, invalid_json: true, content_type: 'text/html' }
    const rule_id = world.simulator.state.faults.add({ path: '/v2/actor-runs/run', fault })
    await expect(world.sync('run', { remaining_ms: () => 6_000 })).rejects.toThrow('A server in between')
    expect((await world.row('run')).error_message).toMatch(/^A server in between answered 404 for run run.*BASE_URL\.$/)
    world.simulator.state.faults.remove(rule_id)
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
  })

  test.each([
    ['120', 120],
    ['0', 0],
    ['Mon, 02 Mar 2026 08:02:00 GMT', 120],
    ['Mon, 02 Mar 2026 07:00:00 GMT', 0],
    ['', null],
    ['soon', null],
    ['Infinity', null],
  ])('Retry-After is a number of seconds or a time: %j', (header, seconds) => {
    expect(parseRetryAfter(header, Date.parse('2026-03-02T08:00:00Z'))).toBe(seconds)
  })

  test('makes a sync wait longer after each failure, at most six hours', async () => {
    world.simulator.state.faults.add({ path: items, fault: { status: 503 } })
    const waits: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await expect(world.sync('run')).rejects.toThrow('503')
      waits.push((Date.parse((await world.row('run')).next_sync_at ?? '') - world.clock.ms) / 1000)
    }
    expect(waits.slice(0, 4)).toEqual([60, 120, 240, 480])
    expect(waits.at(-1)).toBe(21_600)
    expect((await world.row('run')).retry_count).toBe(12)
  })

  test.each([401, 403])('does not include a refused token: the sync fails immediately (%i)', async (status) => {
    world.simulator.state.faults.add({ path: items, count: 1, fault: { status } })
    expect(await world.sync('run')).toMatchObject({ outcome: 'failed' })
    const row = await world.row('run')
    expect(row).toMatchObject({ sync_status: 'failed', error_details: { refusal: 'token' }, next_sync_at: null })
    expect(row.error_message).toContain('Set APIFY_TOKEN')
    // Once the token is fixed, the next message continues.
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
  })

  test('does not include an unknown run: its sync fails permanently, and the message states why', async () => {
    expect(await world.sync('nobody')).toMatchObject({ outcome: 'failed' })
    expect((await world.row('nobody')).error_message).toContain('Apify does not know run nobody')
  })
})

describe('a slow or silent connection', () => {
  let simulator: ApifySimulator
  let request: { dataset_id: string; offset: number; rows_max: number; bytes_max: number }
  beforeEach(async () => {
    simulator = await startApifySimulator({ gzip: false })
    const { defaultDatasetId } = simulator.state.addRun({ actor_id: 'ann/places', items: places(2000) })
    request = { dataset_id: defaultDatasetId, offset: 0, rows_max: 2000, bytes_max: 10_000_000 }
  })
  afterEach(() => simulator.close())
  const options = () => ({ base_url: simulator.url, token: simulator.token })
  const strike = (fault: Fault) => simulator.state.faults.add({ path: '/v2/datasets/*', fault })

  test('that drips yields small pages instead of none: a page ends at its last whole item', async () => {
    strike({ drip: { bytes: 60, every_ms: 5 } })
    const page = await readDatasetPage(request, { ...options(), slow_after_ms: 300 })
    expect(page.items.length).toBeGreaterThan(0)
    expect(page.items.length).toBeLessThan(2000)
    expect(page.items.map(({ value }) => value)).toEqual(places(page.items.length))
  })

  test('and a page of large items ends after the item that passes its bytes', async () => {
    const page = await readDatasetPage({ ...request, bytes_max: 1000 }, options())
    expect(page.items.length).toBeGreaterThan(1)
    expect(page.items.length).toBeLessThan(2000)
    expect(page.bytes).toBeLessThan(200_000)
    expect(page.items.map(({ value }) => value)).toEqual(places(page.items.length))
  })

  test('too slow for a single item times out and is reported', async () => {
    strike({ drip: { bytes: 1, every_ms: 5 } })
    await expect(readDatasetPage(request, { ...options(), slow_after_ms: 40 })).rejects.toThrow(/no whole item/)
  })

  test('that falls silent within the answer ends the page at its last whole item, a second later', async () => {
    strike({ stall_at: 0.5 })
    const page = await readDatasetPage(request, { ...options(), stall_timeout_ms: 600_000 })
    expect(page.items.length).toBeGreaterThan(900)
    expect(page.items.length).toBeLessThan(1100)
    expect(page.items.map(({ value }) => value)).toEqual(places(page.items.length))
    expect(page.broken_off).toBe('no byte for 1000 ms')
  })

  test.each<[string, Fault]>([
    ['never answers', { hang: true }],
    ['falls silent within the first item', { stall_at: 0.0001 }],
  ])('that %s times out', async (_what, fault) => {
    strike(fault)
    const reading = readDatasetPage(request, { ...options(), stall_timeout_ms: 100 })
    await expect(reading).rejects.toBeInstanceOf(ApifyTransientError)
    await expect(reading).rejects.toThrow('no byte for 100 ms')
  })
})

describe.each([
  ['an hour ahead of', -3_600_000],
  ['an hour behind', 3_600_000],
])('a consumer whose clock is %s that of Apify', (_what, skew_ms) => {
  test('waits for a run to settle as long as any other', async () => {
    const world = await createWorld('sqlite')
    world.simulator.state.time.skew_ms = skew_ms
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', status: 'RUNNING', items_lag_ms: 6000 })
    world.simulator.state.appendItems('run', places(5))
    world.simulator.state.finishRun('run')
    const started = world.clock.ms
    await world.syncToEnd('run')
    expect(await world.row('run')).toMatchObject({ total_records: 5, sync_status: 'completed' })
    expect(world.clock.ms - started).toBeLessThan(30_000)
    await world.close()
  })
})

describeEachEngine('a page of large items', (engine) => {
  test('is cut by bytes, so that memory stays bounded, and every item lands', async () => {
    const world = await createWorld(engine)
    const items = Array.from({ length: 12 }, (_, number) => place(number, { description: 'x'.repeat(1_500_000) }))
    items.push(place(12, { description: '"'.repeat(2_000_000) }), place(13))
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items })
    await world.syncToEnd('run')
    expect(await world.row('run')).toMatchObject({ total_records: 14, synced_records: 14, failed_records: 0 })
    const { leads } = await readContents(world.db)
    expect(leads.map(({ raw_data }) => raw_data)).toEqual(items)
    await world.close()
  })
})
