import { getStatements } from '@leads/core/ingest/statements/registry'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

/** A statement that finds something to merge writes nothing: the page is then written by other statements. */
describe.each(ENGINES.filter((engine) => engine === 'postgres'))('pages as one statement (%s)', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    world.simulator.state.addRun({ id: 'first', actor_id: 'ann/places', items: places(60) })
    await world.syncToEnd('first')
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await world.close()
  })

  async function syncPages(items: Record<string, unknown>[]): Promise<unknown[]> {
    world.clock.ms += 3_600_000
    world.simulator.state.addRun({ id: 'second', actor_id: 'ann/places', items })
    const insertPage = vi.spyOn(getStatements(world.db), 'insertPage')
    expect(await world.syncToEnd('second', { page_rows_max: 20 })).toMatchObject({ outcome: 'completed' })
    const outcomes = await Promise.all(
      insertPage.mock.results.map(({ value }) => value as Promise<{ outcome: string }>),
    )
    return outcomes.map(({ outcome }) => outcome)
  }

  const again = (number: number) => place(number, { city: 'Shelbyville', scrapedAt: '2026-03-02T08:30:00.000Z' })

  test('are not tried where a run brings known leads that changed', async () => {
    expect(await syncPages(Array.from({ length: 60 }, (_, number) => again(number)))).toEqual([])
    const { leads } = await readContents(world.db)
    expect(leads.filter(({ city }) => city === 'Shelbyville')).toHaveLength(60)
    expect(await world.row('second')).toMatchObject({ total_records: 60, duplicate_records: 60 })
  })

  test('are written at once where a run brings known leads as they are', async () => {
    expect(await syncPages(places(60))).toEqual(['written', 'written', 'written'])
  })

  test('are written at once where a run brings new leads', async () => {
    expect(await syncPages(places(60, 100))).toEqual(['written', 'written', 'written'])
  })
})
