import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApifyApi } from '@leads/core/apify/apify-api'
import { ApifyTransientError } from '@leads/core/apify/apify-errors'
import { readDatasetPage } from '@leads/core/apify/read-dataset-page'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

describeEachEngine('the first page of a run', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(1200) })
  })
  afterEach(() => world.close())

  async function syncAndListOffsets(apify: ApifyApi = world.apify): Promise<number[]> {
    const offsets: number[] = []
    await world.syncToEnd('run', { apify, settle_s: 0, onPage: ({ next_offset }) => offsets.push(next_offset) })
    return offsets
  }

  async function expectEachItemOnce(): Promise<void> {
    expect(await world.row('run')).toMatchObject({
      total_records: 1200,
      synced_records: 1200,
      duplicate_records: 0,
      failed_records: 0,
      sync_status: 'completed',
    })
    expect((await readContents(world.db)).leads).toHaveLength(1200)
  }

  test('is written from its first items on where statements do not block', async () => {
    const requested: number[] = []
    const readItems: ApifyApi['readItems'] = (request, ...rest) => {
      requested.push(request.offset)
      return world.apify.readItems(request, ...rest)
    }
    expect(await syncAndListOffsets({ ...world.apify, readItems })).toEqual(
      engine === 'sqlite' ? [1000, 1200] : [250, 1000, 1200],
    )
    // Its second part was not requested.
    expect(new Set(requested)).toEqual(new Set([0, 1000, 1200]))
    await expectEachItemOnce()
  })

  test('is requested again from where its rest cannot be read', async () => {
    const requested: number[] = []
    const readItems: ApifyApi['readItems'] = async (request, ...rest) => {
      requested.push(request.offset)
      const page = await world.apify.readItems(request, ...rest)
      const readRest = () => Promise.reject(new ApifyTransientError('The answer is not valid JSON.'))
      return page.readRest ? { ...page, readRest } : page
    }
    await syncAndListOffsets({ ...world.apify, readItems })
    expect(new Set(requested)).toEqual(new Set(engine === 'sqlite' ? [0, 1000, 1200] : [0, 250, 1200]))
    await expectEachItemOnce()
  })

  test('is requested while the details of the run are read', async () => {
    const { promise: requested, resolve: onRequested } = Promise.withResolvers<void>()
    const getInput: ApifyApi['getInput'] = async (run) => {
      await requested
      return world.apify.getInput(run)
    }
    const readItems: ApifyApi['readItems'] = (request, ...rest) => {
      onRequested()
      return world.apify.readItems(request, ...rest)
    }
    await syncAndListOffsets({ ...world.apify, getInput, readItems })
    await expectEachItemOnce()
  })

  test('is cancelled, and none of it written, when the details refuse the run', async () => {
    const { promise: requested, resolve: onRequested } = Promise.withResolvers<AbortSignal | undefined>()
    const getActorName: ApifyApi['getActorName'] = async (actor_id) => {
      await requested
      return world.apify.getActorName(actor_id)
    }
    const readItems: ApifyApi['readItems'] = (request, convert, limits) => {
      onRequested(limits?.signal)
      return world.apify.readItems(request, convert, limits)
    }
    const apify = { ...world.apify, getActorName, readItems }
    expect(await world.sync('run', { apify, actor_ids: ['ann/others'] })).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('APIFY_ACTOR_IDS'),
    })
    expect((await requested)?.aborted).toBe(true)
    expect(await world.row('run')).toMatchObject({ total_records: 0, next_offset: 0, sync_status: 'failed' })
    expect((await readContents(world.db)).leads).toHaveLength(0)
  })

  test('is cancelled when the details cannot be read', async () => {
    const stop = new Error('stop')
    const { promise: requested, resolve: onRequested } = Promise.withResolvers<AbortSignal | undefined>()
    const getInput: ApifyApi['getInput'] = async () => {
      await requested
      throw stop
    }
    const readItems: ApifyApi['readItems'] = (request, convert, limits) => {
      onRequested(limits?.signal)
      return world.apify.readItems(request, convert, limits)
    }
    await expect(world.sync('run', { apify: { ...world.apify, getInput, readItems } })).rejects.toBe(stop)
    expect((await requested)?.aborted).toBe(true)
    await syncAndListOffsets()
    await expectEachItemOnce()
  })

  test('is read on from its first part when the consumer hands over after it', async () => {
    const turn = { slice_ms: 0, left_items_max: 100_000 }
    expect(await world.sync('run', { turn })).toMatchObject({ outcome: 'continue' })
    expect((await world.row('run')).total_records).toBe(engine === 'sqlite' ? 1000 : 250)
    await syncAndListOffsets()
    await expectEachItemOnce()
  })
})

describe('an answer whose first items are asked for', () => {
  let server: Server
  let lines: string[]
  let stated: number | undefined
  beforeEach(async () => {
    lines = places(10).map((place) => JSON.stringify(place))
    stated = 10
    server = createServer((_request, response) => {
      if (stated !== undefined) response.setHeader('x-apify-pagination-count', stated)
      response.setHeader('content-type', 'application/jsonl').end(lines.join('\n'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => server.close())

  const read = (first_items: number) => {
    const request = { dataset_id: 'dataset', offset: 0, rows_max: 1000, bytes_max: 10_000_000, first_items }
    const { port } = server.address() as AddressInfo
    return readDatasetPage(request, { base_url: `http://127.0.0.1:${port}`, token: 'token' })
  }
  const numbers = ({ items }: { items: { value: unknown }[] }) =>
    items.map(({ value }) => (value as { title: string }).title.replace('Bakery ', ''))

  test('comes in two parts', async () => {
    const first = await read(4)
    expect(numbers(first)).toEqual(['0', '1', '2', '3'])
    const rest = await first.readRest?.()
    expect(numbers(rest ?? { items: [] })).toEqual(['4', '5', '6', '7', '8', '9'])
    expect(rest?.readRest).toBeUndefined()
    expect(first.bytes + (rest?.bytes ?? 0)).toBe(Buffer.byteLength(lines.join('\n')))
  })

  test.each([
    ['is short', 6, () => {}],
    ['states no number of items', 4, () => (stated = undefined)],
    ['states another number of items', 4, () => (stated = 11)],
  ])('comes at once if it %s', async (_what, first_items, change) => {
    change()
    const page = await read(first_items)
    expect(page.items).toHaveLength(10)
    expect(page.readRest).toBeUndefined()
  })

  test('is refused as a whole if it has more items than it states', async () => {
    stated = 9
    await expect(read(4)).rejects.toThrow('contains 10 items, but its header states 9')
  })

  test('keeps the items before a fault: in the first part, in the rest, and at its start', async () => {
    lines[2] = '{"title":'
    const broken = await read(4)
    expect(numbers(broken)).toEqual(['0', '1'])
    expect(broken).toMatchObject({ broken_off: expect.stringContaining('not valid JSON') })
    expect(broken.readRest).toBeUndefined()

    lines = places(10).map((place) => JSON.stringify(place))
    lines[6] = '{"title":'
    const rest = await (await read(4)).readRest?.()
    expect(numbers(rest ?? { items: [] })).toEqual(['4', '5'])
    expect(rest).toMatchObject({ broken_off: expect.stringContaining('not valid JSON') })

    lines[4] = '{"title":'
    await expect((await read(4)).readRest?.()).rejects.toBeInstanceOf(ApifyTransientError)
  })
})
