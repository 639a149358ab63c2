import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type TestEngine } from '../setup/engines.ts'
import { type Contents, readContents, sizes } from './contents.ts'
import { createWorld, type World } from './world.ts'

const dataset = { generator: 'google-places', count: 10_000, seed: 7, duplicate_share: 0.05 } as const
const again = {
  generator: 'google-places',
  count: 3000,
  seed: 8,
  overlap: { seed: 7, share: 0.5, changed_share: 0.5 },
} as const

describe('the same two runs give the same database on every engine', () => {
  const worlds = new Map<TestEngine, World>()
  const results = new Map<TestEngine, Contents>()

  beforeAll(async () => {
    for (const engine of ENGINES) {
      const world = await createWorld(engine)
      worlds.set(engine, world)
      // Ids that the simulator makes up would differ between the worlds.
      world.simulator.state.addRun({ id: 'first', actor_id: 'places', actor_name: 'ann/places', dataset })
      await world.syncToEnd('first')
      world.simulator.state.addRun({ id: 'second', actor_id: 'places', actor_name: 'ann/places', dataset: again })
      await world.syncToEnd('second')
      results.set(engine, await contentsWithPlainIds(world))
    }
    // 26,000 items in all: 20 s alone, minutes on a busy machine.
  }, 400_000)

  afterAll(async () => {
    for (const world of worlds.values()) await world.close()
  })

  test.each(ENGINES)('%s: rows match the dataset, and every item is accounted for', async (engine) => {
    const world = worlds.get(engine) as World
    const first = await world.row('first')
    expect(first.total_records).toBe(10_000)
    expect(first.synced_records + first.duplicate_records + first.failed_records).toBe(10_000)
    const { leads, sources, events, rejections } = results.get(engine) as Contents
    const second = await world.row('second')
    expect(second.total_records).toBe(3000)
    expect(second.duplicate_records).toBeGreaterThan(1000)
    expect(leads).toHaveLength(first.synced_records + second.synced_records)
    expect(sources).toHaveLength(leads.length)
    expect(events.filter(({ event_type }) => event_type === 'created')).toHaveLength(leads.length)
    expect(events.filter(({ event_type }) => event_type === 'updated').length).toBeGreaterThan(300)
    expect(rejections).toHaveLength(first.failed_records + second.failed_records)
  })

  test.each(ENGINES.filter((engine) => engine !== ENGINES[0]))('%s equals the first engine row for row', (engine) => {
    const ours = results.get(engine) as Contents
    const theirs = results.get(ENGINES[0] as TestEngine) as Contents
    expect(sizes(ours)).toEqual(sizes(theirs))
    for (const table of Object.keys(ours) as (keyof Contents)[]) {
      const differing = ours[table].filter((row, index) => !equal(row, theirs[table][index]))
      // One row says more than ten thousand.
      if (differing.length > 0) expect(differing[0]).toEqual(theirs[table][ours[table].indexOf(differing[0] as never)])
      expect(differing).toHaveLength(0)
    }
  })
})

const equal = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)

/** JSON with sorted keys: what a jsonb column returns has another order than what a text column returns. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** Contents with the dataset ids of this simulator written by the name of their run. */
async function contentsWithPlainIds(world: World): Promise<Contents> {
  let text = JSON.stringify(await readContents(world.db))
  for (const run_id of ['first', 'second'])
    text = text.replaceAll(world.simulator.state.run(run_id).defaultDatasetId, `dataset of ${run_id}`)
  return JSON.parse(text) as Contents
}
