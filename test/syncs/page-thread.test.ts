import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { generateDataset } from '@leads/apify-simulator/generate/dataset'
import { ApifyPermanentError, ApifyTransientError } from '@leads/core/apify/apify-errors'
import type { DatasetPage } from '@leads/core/apify/read-dataset-page'
import { prepareItem } from '@leads/core/ingest/lead-draft'
import { createMapper } from '@leads/core/mapping/map-item'
import { packPage, unpackPage } from '@leads/core/syncs/packed-page'
import { toPageItems } from '@leads/core/syncs/page-source'
import { type PageThread, startPageThread } from '@leads/core/syncs/page-thread'
import { PageThreadError } from '@leads/core/syncs/page-thread-error'
import type { SyncOptions } from '@leads/core/syncs/sync-options'
import type { PageItem } from '@leads/core/syncs/write-page'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readContents } from './contents.ts'
import { createWorld, type World } from './world.ts'

const ITEMS = 600
const PAGE_ROWS = 10
const PAGES = ITEMS / PAGE_ROWS
const dataset = { generator: 'apollo-people', count: ITEMS, seed: 3, duplicate_share: 0.05, error_share: 0.05 } as const
const actor = { actor_id: 'people', actor_name: 'ann/people' }

describe.each(['google-places', 'linkedin-people', 'apollo-people'] as const)('a page of %s', (generator) => {
  test('is the same after it was handed over between threads', () => {
    const items = generateDataset({ ...dataset, generator, empty_share: 0.05 })
    const toPageItem = toPageItems(createMapper(), actor)
    const texts = Array.from({ length: ITEMS }, (_, offset) => items.text(offset))
    texts.push('null', '[]', '{"name":"Ann Lee","email":"ann@example.com","phone":"n/a maybe"}')
    const page: DatasetPage<PageItem> = {
      items: texts.map((text) => toPageItem(JSON.parse(text), text)),
      bytes: 1,
      served_at: new Date(0),
      total: texts.length,
      broken_off: null,
    }
    const received = unpackPage(structuredClone(packPage(page)))
    expect(received).toEqual(page)
    const hashes = ({ items: all }: DatasetPage<PageItem>) =>
      all.map((item) => ('lead' in item ? prepareItem(item.lead) : item.reason))
    expect(hashes(received)).toEqual(hashes(page))
    expect(page.items.filter((item) => 'reason' in item).length).toBeGreaterThan(1)
    expect(page.items.filter((item) => 'lead' in item).length).toBeGreaterThan(500)
  })
})

describe('a sync on SQLite with a thread that reads pages', () => {
  let world: World
  let page_thread: SyncOptions['page_thread'] & object
  /** Pages that were not read by the thread. */
  let own_pages: number
  let changes: Partial<SyncOptions>
  let threads: Worker[]
  /** The last thread is ready, or failed. */
  let started: Promise<unknown>
  const onThread = (message: unknown): void => {
    const { worker } = message as { worker: Worker }
    threads.push(worker)
    started = Promise.race([once(worker, 'message'), once(worker, 'exit')]).catch(() => {})
  }
  const failure = expect.objectContaining({
    level: 'warn',
    message: 'The thread that reads pages failed; the sync continues without it',
  })

  beforeEach(async () => {
    threads = []
    subscribe('worker_threads', onThread)
    world = await createWorld('sqlite')
    world.simulator.state.addRun({ id: 'run', ...actor, dataset })
    page_thread = {
      apify: { APIFY_TOKEN: world.simulator.token, APIFY_API_BASE_URL: world.simulator.url },
      mappings: [],
      items_min: 1,
    }
    own_pages = 0
    started = Promise.resolve()
    const readItems: typeof world.apify.readItems = async (...request) => {
      own_pages += 1
      await started
      return world.apify.readItems(...request)
    }
    changes = { page_rows_max: PAGE_ROWS, apify: { ...world.apify, readItems }, page_thread }
  })
  afterEach(async () => {
    unsubscribe('worker_threads', onThread)
    await world.close()
  })

  /** The first two pages are read while it starts, and the last one, which is empty, by another invocation. */
  const expectThreadUsed = (): void => expect(own_pages).toBeLessThan(5)

  test('writes what a sync without one writes', async () => {
    const alone = await createWorld('sqlite')
    try {
      alone.simulator.state.addRun({ id: 'run', ...actor, dataset })
      await alone.syncToEnd('run', { page_rows_max: 50 })
      await world.syncToEnd('run', changes)
      const plain = (text: string, { simulator }: World) =>
        text.replaceAll(simulator.state.run('run').defaultDatasetId, 'dataset')
      const [ours, theirs] = [await readContents(world.db), await readContents(alone.db)]
      expect(JSON.parse(plain(JSON.stringify(ours), world))).toEqual(JSON.parse(plain(JSON.stringify(theirs), alone)))
      expectThreadUsed()
    } finally {
      await alone.close()
    }
  })

  test('maps with the presets of the mappings file', async () => {
    const mappings = [{ name: 'own', match: { all: ['organization_id'] }, fields: { title: 'first_name' } }]
    const map = createMapper({ mappings })
    await world.syncToEnd('run', { ...changes, map, page_thread: { ...page_thread, mappings } })
    expectThreadUsed()
    const leads = await world.db.kysely.selectFrom('sales_leads').select(['title', 'first_name']).execute()
    expect(leads.length).toBeGreaterThan(400)
    for (const { title, first_name } of leads) expect(title).toBe(first_name)
  })

  test('retries a temporary fault', async () => {
    world.simulator.state.faults.add({ path: '/v2/datasets/*/items', skip: 30, count: 2, fault: { status: 503 } })
    const retries: string[] = []
    const onRetry: SyncOptions['onRetry'] = ({ error_message }) => retries.push(error_message)
    await world.syncToEnd('run', { ...changes, onRetry })
    expect(retries).toHaveLength(2)
    for (const message of retries) expect(message).toContain('Apify answered 503')
    expect(await world.row('run')).toMatchObject({ total_records: ITEMS, sync_status: 'completed', retry_count: 0 })
  })

  test('continues without it where it fails to start', async () => {
    const mappings = [{ name: 'broken', fields: { unknown: 'x' } }] as never
    await world.syncToEnd('run', { ...changes, page_thread: { ...page_thread, mappings } })
    expect(await world.row('run')).toMatchObject({ total_records: ITEMS, sync_status: 'completed', retry_count: 0 })
    expect(own_pages).toBeGreaterThan(PAGES)
    expect(world.log.lines).toContainEqual(failure)
  })

  test('continues without it where it ends in the middle', async () => {
    const onPage: SyncOptions['onPage'] = ({ total_records }) => {
      if (total_records === ITEMS - 100) void threads[0]?.terminate()
    }
    await world.syncToEnd('run', { ...changes, onPage })
    expect(await world.row('run')).toMatchObject({ total_records: ITEMS, sync_status: 'completed', retry_count: 0 })
    expect(own_pages).toBeGreaterThan(5)
    expect(own_pages).toBeLessThan(20)
    expect(world.log.lines).toContainEqual(failure)
  })

  const askedItems = (): { offset: number; limit: number }[] =>
    world.simulator.state.requests.list().flatMap(({ path, query }) => {
      if (!path.endsWith('/items')) return []
      const asked = new URLSearchParams(query)
      return [{ offset: Number(asked.get('offset')), limit: Number(asked.get('limit')) }]
    })

  test('asks for pages that two threads have room for', async () => {
    await world.syncToEnd('run', { ...changes, page_rows_max: 1000 })
    expect(askedItems().map(({ limit }) => limit)).toEqual([250, 250, 250, 250, 250])
  })

  test('reads two pages ahead of the last that is written, in their order', async () => {
    const ahead: number[] = []
    const onPage: SyncOptions['onPage'] = ({ total_records }) =>
      ahead.push(Math.max(...askedItems().map(({ offset }) => offset)) - total_records)
    await world.syncToEnd('run', { ...changes, onPage })
    expectThreadUsed()
    expect(Math.max(...ahead)).toBeLessThanOrEqual(2 * PAGE_ROWS)
    const offsets = askedItems().map(({ offset }) => offset)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  })

  test('ends it with the sync, whether that succeeds or fails', async () => {
    await world.syncToEnd('run', changes)
    world.simulator.state.addRun({ id: 'other', ...actor, dataset })
    const onPage: SyncOptions['onPage'] = ({ total_records }) => {
      if (total_records === ITEMS - 100) throw new Error('stopped')
    }
    expect(await world.sync('other', { ...changes, onPage })).toMatchObject({ reason: 'interrupted' })
    // The number that a thread has while it runs.
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1])
    expect(world.log.lines).not.toContainEqual(failure)
  })
})

describe('a thread that reads pages', () => {
  let world: World
  let thread: PageThread
  let request: Parameters<PageThread['read']>[0]
  beforeEach(async () => {
    world = await createWorld('sqlite')
    world.simulator.state.addRun({ id: 'run', ...actor, dataset })
    const { token: APIFY_TOKEN, url: APIFY_API_BASE_URL } = world.simulator
    thread = startPageThread({ apify: { APIFY_TOKEN, APIFY_API_BASE_URL }, mappings: [] }, actor, () => {})
    const dataset_id = world.simulator.state.run('run').defaultDatasetId
    request = { dataset_id, offset: 0, rows_max: 100, bytes_max: 1e6 }
  })
  afterEach(async () => {
    await thread.end()
    await world.close()
  })

  test('reads the pages that it is asked for, also while it starts', async () => {
    const [first, second] = await Promise.all([thread.read(request, {}), thread.read({ ...request, offset: 100 }, {})])
    expect([first.items.length, second.items.length, first.total]).toEqual([100, 100, ITEMS])
    expect(first.items[0]?.raw).not.toBe(second.items[0]?.raw)
    expect(thread.isReady).toBe(true)
  })

  test('gives each request its own page, whichever is answered first', async () => {
    const items = '/v2/datasets/*/items'
    const alone = [await thread.read(request, {}), await thread.read({ ...request, offset: 100 }, {})]
    world.simulator.state.faults.add({ path: items, count: 1, fault: { latency_ms: 300 } })
    const order: number[] = []
    const read = async (offset: number) => {
      const page = await thread.read({ ...request, offset }, {})
      order.push(offset)
      return page
    }
    const [first, second] = await Promise.all([read(0), read(100)])
    expect(order).toEqual([100, 0])
    const texts = (page: DatasetPage<PageItem> | undefined) => page?.items.map(({ raw }) => raw)
    expect([first, second].map(texts)).toEqual(alone.map(texts))
  })

  test('gives up an answer that stalls for as long as it was told', async () => {
    world.simulator.state.faults.add({ path: '/v2/datasets/*/items', fault: { latency_ms: 30_000 } })
    const stalled = thread.read(request, { stall_timeout_ms: 200 })
    await expect(stalled).rejects.toThrow(ApifyTransientError)
  }, 10_000)

  test('tells errors as they were', async () => {
    const missing = thread.read({ ...request, dataset_id: 'none' }, {})
    await expect(missing).rejects.toThrow(ApifyPermanentError)
    await expect(missing).rejects.toMatchObject({ reason: 'gone', name: 'ApifyPermanentError' })
    world.simulator.state.faults.add({ path: '/v2/datasets/*/items', fault: { status: 429, retry_after_s: 7 } })
    const busy = thread.read(request, {})
    await expect(busy).rejects.toThrow(ApifyTransientError)
    await expect(busy).rejects.toMatchObject({ retry_after_s: 7 })
  })

  test('fails what it is asked for when it has ended', async () => {
    const asked = thread.read(request, {})
    const failed = expect(asked).rejects.toThrow(PageThreadError)
    await thread.end()
    await failed
    await expect(thread.read(request, {})).rejects.toThrow(PageThreadError)
    expect(thread.isReady).toBe(false)
  })
})
