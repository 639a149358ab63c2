import { listRanges, RANGES_SENT_MAX } from '@leads/core/syncs/ranges'
import type { RangeOutcome } from '@leads/core/syncs/run-sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { OPTIONS, useLongRun } from './long-run.ts'
import { createWorld, type World } from './world.ts'

/** A run that comes later waits for a few ranges of a huge one, not for all, and none of them is lost. */

describeEachEngine('a run with more ranges than are sent at once', (engine) => {
  const { addRun, split, expectWhole } = useLongRun(() => world)
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  const SMALL = { ...OPTIONS, split: { items_min: 10, range_items: 5 } }
  const COUNT = 100
  const nextOf = (outcome: RangeOutcome): number[] => {
    expect(outcome.outcome).toBe('read')
    return (outcome as Extract<RangeOutcome, { outcome: 'read' }>).range_ids
  }
  const readFirst = async (ids: readonly number[]): Promise<number[]> =>
    nextOf(await world.readRange('long', ids[0] as number, SMALL))

  test('sends the next one for each that is done', async () => {
    addRun(COUNT)
    const queue = await split(SMALL)
    expect(queue).toHaveLength(RANGES_SENT_MAX)
    const all = (await listRanges(world.db, 'long')).map(({ id }) => id)
    expect(queue).toEqual(all.slice(0, RANGES_SENT_MAX))
    for (const id of all.slice(0, -1)) {
      expect(queue.shift()).toBe(id)
      queue.push(...nextOf(await world.readRange('long', id, SMALL)))
      expect(queue.length).toBeLessThanOrEqual(RANGES_SENT_MAX)
      expect(queue).toEqual(all.slice(all.indexOf(id) + 1).slice(0, RANGES_SENT_MAX))
    }
    expect(await world.readRange('long', queue[0] as number, SMALL)).toEqual({ outcome: 'rejoined' })
    await world.syncToEnd('long', SMALL)
    await expectWhole(COUNT)
  })

  test('sends each once by consumers that work at the same time', async () => {
    addRun(COUNT)
    const sent = await split(SMALL)
    let rejoined = 0
    const consume = async (id: number): Promise<void> => {
      const outcome = await world.readRange('long', id, SMALL)
      if (outcome.outcome === 'rejoined') rejoined += 1
      const next = outcome.outcome === 'read' ? outcome.range_ids : []
      sent.push(...next)
      await Promise.all(next.map(consume))
    }
    await Promise.all(sent.map(consume))
    expect(rejoined).toBe(1)
    expect(sent.length).toBe(COUNT / 5)
    expect(new Set(sent).size).toBe(sent.length)
    await world.syncToEnd('long', SMALL)
    await expectWhole(COUNT)
  })

  test('chooses the same one again when the consumer was killed before it sent it', async () => {
    addRun(COUNT)
    const ids = await split(SMALL)
    const next = await readFirst(ids)
    expect(next).toHaveLength(1)
    expect(await readFirst(ids)).toEqual(next)
    // A range that is complete, but not yet added, likewise.
    const third = nextOf(await world.readRange('long', ids[2] as number, SMALL))
    expect(third).toHaveLength(1)
    expect(third).not.toEqual(next)
    expect(nextOf(await world.readRange('long', ids[2] as number, SMALL))).toEqual(third)
    // Once it is in work, a message that comes twice leads to no other.
    const turn = { slice_ms: 0, left_items_max: Number.POSITIVE_INFINITY }
    const outcome = await world.readRange('long', third[0] as number, { ...SMALL, page_rows_max: 2, turn })
    expect(outcome).toMatchObject({ outcome: 'continue', reason: 'deadline' })
    expect(nextOf(await world.readRange('long', ids[2] as number, SMALL))).toEqual([])
    await world.syncToEnd('long', SMALL)
    await expectWhole(COUNT)
  })

  test('loses none whose consumer was killed before it sent it and whose message never came again', async () => {
    addRun(COUNT)
    const queue = await split(SMALL)
    const lost = await readFirst(queue.splice(0, 1))
    for (const id of queue) queue.push(...nextOf(await world.readRange('long', id, SMALL)))
    expect((await listRanges(world.db, 'long')).map(({ id }) => id)[0]).toBe(lost[0])
    // Reconcile queues the run.
    expect(await world.sync('long', SMALL)).toEqual({ outcome: 'split', range_ids: lost })
    await world.syncToEnd('long', SMALL)
    await expectWhole(COUNT)
  })

  test('continues with as many when all messages are lost', async () => {
    addRun(COUNT)
    const ids = await split(SMALL)
    const again = await world.sync('long', SMALL)
    expect(again).toEqual({ outcome: 'split', range_ids: ids })
    const next = await readFirst(ids)
    expect(await world.sync('long', SMALL)).toEqual({ outcome: 'split', range_ids: [...ids.slice(1), ...next] })
    await world.syncToEnd('long', SMALL)
    await expectWhole(COUNT)
  })
})
