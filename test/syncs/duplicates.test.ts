import { createMapper } from '@leads/core/mapping/map-item'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

describeEachEngine('leads that come again', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    world.simulator.state.addRun({ id: 'first', actor_id: 'ann/places', items: places(10) })
    await world.syncToEnd('first')
  })
  afterEach(() => world.close())
  const bring = async (run_id: string, items: unknown[], changes = {}) => {
    world.clock.ms += 3_600_000
    world.simulator.state.addRun({ id: run_id, actor_id: 'bob/other', items })
    await world.syncToEnd(run_id, changes)
    return world.row(run_id)
  }
  const lead = async (number: number) => {
    const { leads } = await readContents(world.db)
    return leads.find(({ external_id }) => `${external_id}`.endsWith(String(number).padStart(10, '0'))) ?? {}
  }

  test('with changes are merged, with an event of old and new values and the run that brought them', async () => {
    const changed = place(3, { phone: '+1 217 555 9999', title: 'Bakery 3 & Sons' })
    expect(await bring('second', [changed, place(4)])).toMatchObject({ duplicate_records: 2, synced_records: 0 })
    expect(await lead(3)).toMatchObject({ phone: '+12175559999', company_name: 'Bakery 3 & Sons', run_id: 'first' })
    const { events } = await readContents(world.db)
    const updates = events.filter(({ event_type }) => event_type === 'updated')
    expect(updates).toHaveLength(1)
    expect(updates[0]).toMatchObject({
      event_data: { run_id: 'second' },
      changed_fields: { phone: { old: '+12175550003', new: '+12175559999' } },
      actor: 'apify-sync',
    })
  })

  test('with no change write no event and no new version', async () => {
    const before = await world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()
    await bring('second', places(10))
    expect(await world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()).toEqual(before)
    expect((await readContents(world.db)).events).toHaveLength(10)
  })

  test('are met under the external id that an earlier version gave them', async () => {
    const item = {
      company: 'Bakery 50',
      address: '50 Main Street, Springfield',
      cid: '10281119596374313554',
      phone: '+1 217 555 0050',
    }
    expect(await bring('second', [item])).toMatchObject({ synced_records: 1 })
    const mapped = createMapper()(item)
    const former = mapped.outcome === 'lead' ? mapped.former_external_id : undefined
    expect(former).toMatch(/^(?:domain|hash):/)
    const { kysely } = world.db
    const stored = kysely.selectFrom('lead_identities').select('lead_id').where('identity', 'like', 'google_cid:%')
    const { lead_id } = await stored.executeTakeFirstOrThrow()
    await kysely.updateTable('sales_leads').set({ external_id: former }).where('id', '=', lead_id).execute()
    await kysely.deleteFrom('lead_identities').where('lead_id', '=', lead_id).execute()
    for (const [run_id, kind] of [
      ['third', 'earlier_id'],
      ['fourth', 'google'],
    ] as const) {
      const { metadata, ...counts } = await bring(run_id, [item])
      expect(counts).toMatchObject({ synced_records: 0, duplicate_records: 1 })
      expect(metadata?.matches).toMatchObject({ joined_by: { [kind]: 1 }, contradicted: 0 })
    }
    expect(await stored.execute()).toEqual([{ lead_id }])
  })

  test('are left alone where merging is switched off', async () => {
    const changed = places(10).map((item) => ({ ...item, phone: '+1 217 555 1234' }))
    const before = (await readContents(world.db)).leads
    expect(await bring('second', changed, { on_duplicate: 'skip' })).toMatchObject({ duplicate_records: 10 })
    const { leads, events, sources } = await readContents(world.db)
    expect(leads).toEqual(before)
    expect(events).toHaveLength(10)
    for (const { metadata } of sources) expect(metadata).toMatchObject({ sightings: [{ run_id: 'second' }] })
  })

  test("keep a person's edits", async () => {
    const { kysely } = world.db
    await kysely.updateTable('sales_leads').set({ phone: '+4930123456', notes: 'Call Ann' }).execute()
    await bring(
      'second',
      places(10).map((item) => ({ ...item, phone: '+1 217 555 1234', city: 'Shelbyville' })),
    )
    expect(await lead(5)).toMatchObject({ phone: '+4930123456', notes: 'Call Ann', city: 'Shelbyville' })
  })

  test('and were deleted stay deleted and count as duplicates', async () => {
    const { kysely } = world.db
    await kysely.updateTable('sales_leads').set({ is_deleted: true, deleted_at: world.clock.now() }).execute()
    const before = (await readContents(world.db)).leads
    const changed = places(12).map((item) => ({ ...item, city: 'Shelbyville' }))
    expect(await bring('second', changed)).toMatchObject({ duplicate_records: 10, synced_records: 2 })
    const { leads, events } = await readContents(world.db)
    expect(leads.filter(({ is_deleted }) => is_deleted)).toEqual(before)
    expect(events).toHaveLength(12)
  })

  test('are noted on their source once a run, newest first, and fifty at most', async () => {
    await bring('second', [place(1), place(1, { rank: 2 })])
    await bring('third', [place(1)])
    const sightings = async () => {
      const { sources } = await readContents(world.db)
      const source = sources.find(({ lead: name }) => `${name}`.endsWith('0000000001'))
      const { sightings = [] } = (source?.metadata ?? {}) as { sightings?: { run_id: string }[] }
      return sightings.map(({ run_id }) => run_id)
    }
    expect(await sightings()).toEqual(['third', 'second'])
    await bring('third again', [place(1)])
    for (let number = 0; number < 52; number += 1) await bring(`run ${number}`, [place(1)])
    const noted = await sightings()
    expect(noted).toHaveLength(50)
    expect(noted[0]).toBe('run 51')
  })

  test('within one run count as duplicates, also across pages', async () => {
    const items = [...places(30, 100), ...places(30, 100), place(100, { phone: '+1 217 555 7777' })]
    const row = await bring('second', items, { page_rows_max: 7 })
    expect(row).toMatchObject({ total_records: 61, synced_records: 30, duplicate_records: 31 })
    expect(await lead(100)).toMatchObject({ phone: '+12175557777' })
  })

  test('have the same result individually and in pages of new, existing and changed leads', async () => {
    // Runs of one kind longer than a page, and all kinds within one, across each other's borders.
    const changed = (number: number) => place(number, { phone: '+1 217 555 8888' })
    const items = [
      ...places(9, 200),
      ...places(10),
      ...places(9, 300),
      place(400),
      place(1),
      changed(2),
      place(401),
      place(400),
      changed(401),
      ...places(9, 200),
      ...places(12, 500),
      changed(505),
      changed(506),
      ...places(9, 600),
      place(3),
    ]
    const pages = await createWorld(engine)
    try {
      const outcomes = []
      for (const [each, page_rows_max] of [
        [world, 1],
        [pages, 4],
      ] as const) {
        if (each === pages) {
          each.simulator.state.addRun({ id: 'first', actor_id: 'ann/places', items: places(10) })
          await each.syncToEnd('first')
          each.clock.ms += 3_600_000
        } else each.clock.ms += 3_600_000
        each.simulator.state.addRun({ id: 'second', actor_id: 'bob/other', items })
        await each.syncToEnd('second', { page_rows_max })
        outcomes.push(await readContents(each.db))
      }
      expect(withoutDrawnIds(outcomes[1])).toEqual(withoutDrawnIds(outcomes[0]))
      expect(await world.row('second')).toMatchObject({ total_records: items.length, synced_records: 41 })
    } finally {
      await pages.close()
    }
  })
})

/** The simulator draws the ids of Actors and datasets. */
const withoutDrawnIds = (contents: unknown): unknown =>
  JSON.parse(
    JSON.stringify(contents, (key, value: unknown) => {
      if (key === 'dataset_offsets') return Object.values(value as object)
      return key === 'actor_id' || key === 'dataset_id' ? undefined : value
    }),
  )
