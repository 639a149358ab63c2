import { expect, test } from 'vitest'
import { PLACES, simulate } from './receiver.ts'

function stoppedClock() {
  let now = Date.UTC(2026, 4, 4, 12)
  return { clock: () => now, pass: (ms: number) => (now += ms) }
}

test('counters lag behind: items come back while itemCount and the total still say 0', async () => {
  const { clock, pass } = stoppedClock()
  const { state, client } = await simulate({ clock, time_scale: 1 })
  state.lags.counters_ms = 5_000
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: [{ a: 1 }, { a: 2 }] })
  const dataset = client.dataset(defaultDatasetId)
  expect(await dataset.listItems()).toMatchObject({ count: 2, total: 0 })
  expect((await dataset.get())?.itemCount).toBe(0)
  pass(5_000)
  expect(await dataset.listItems()).toMatchObject({ count: 2, total: 2 })
  expect((await dataset.get())?.itemCount).toBe(2)
})

test('items lag behind the webhook: the run has ended, its items can be read later, the older ones immediately', async () => {
  const { clock, pass } = stoppedClock()
  const { state, client } = await simulate({ clock, time_scale: 1 })
  const run = state.addRun({ actor_id: PLACES, status: 'RUNNING', items: [{ n: 0 }], items_lag_ms: 3_000 })
  pass(3_000)
  state.appendItems(run.id, [{ n: 1 }])
  state.finishRun(run.id)
  const read = async () => (await client.dataset(run.defaultDatasetId).listItems()).items
  expect(await read()).toEqual([{ n: 0 }])
  pass(2_999)
  expect(await read()).toEqual([{ n: 0 }])
  pass(1)
  expect(await read()).toEqual([{ n: 0 }, { n: 1 }])
})

test('a run that ended in the past has its items and counters immediately', async () => {
  const { clock } = stoppedClock()
  const { state, client } = await simulate({ clock, time_scale: 1 })
  state.lags.counters_ms = 5_000
  const { defaultDatasetId } = state.addRun({ actor_id: PLACES, items: [{ a: 1 }], finished_at: clock() - 60_000 })
  expect(await client.dataset(defaultDatasetId).listItems()).toMatchObject({ count: 1, total: 1 })
})

test('the cost is final only some seconds after the end', async () => {
  const { clock, pass } = stoppedClock()
  const { state, client } = await simulate({ clock, time_scale: 1 })
  state.lags.usage_ms = 10_000
  const { id } = state.addRun({ actor_id: PLACES, usage_total_usd: 0.5 })
  expect((await client.run(id).get())?.usageTotalUsd).toBe(0.25)
  pass(10_000)
  expect((await client.run(id).get())?.usageTotalUsd).toBe(0.5)
})

test('a growing run shows more and more items and ends by itself', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({
    actor_id: PLACES,
    dataset: { generator: 'google-places', count: 100, seed: 2 },
    grow: { duration_ms: 2_000_000, steps: 10, finish_status: 'FAILED' },
  })
  expect(run).toMatchObject({ status: 'RUNNING', finishedAt: null })
  const dataset = state.datasets.get(run.defaultDatasetId)
  const seen = new Set<number>()
  const ended = await state.waiters.until(
    () => {
      seen.add(dataset?.readable ?? 0)
      return state.runs.get(run.id)?.status === 'FAILED' ? true : undefined
    },
    10_000,
    () => 'the end of the run',
  )
  expect(ended).toBe(true)
  expect([...seen]).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
  expect((await client.dataset(run.defaultDatasetId).listItems()).items).toHaveLength(100)
})

test("Apify's clock can be ahead of ours", async () => {
  const { clock } = stoppedClock()
  const { state } = await simulate({ clock, time_scale: 1 })
  state.time.skew_ms = 90_000
  const run = state.addRun({ actor_id: PLACES, items: [{ a: 1 }] })
  expect(Date.parse(run.finishedAt ?? '')).toBe(clock() + 90_000)
})

test('a run cannot grow without a generated dataset', async () => {
  const { state } = await simulate()
  expect(() => state.addRun({ actor_id: PLACES, grow: { duration_ms: 10 } })).toThrow('give dataset, too')
  expect(state.runs.size).toBe(0)
})
