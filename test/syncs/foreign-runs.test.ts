import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readContents } from './contents.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

describe('a run that is not ours', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('sqlite')
  })
  afterEach(() => world.close())

  test('is not imported when it belongs to another account, although its id is enough to read it', async () => {
    world.simulator.state.addRun({
      id: 'theirs',
      actor_id: 'bob/places',
      user_id: 'anotherUser',
      general_access: 'ANYONE_WITH_ID_CAN_READ',
      items: places(5),
    })
    expect(await world.sync('theirs')).toMatchObject({ outcome: 'failed' })
    const row = await world.row('theirs')
    expect(row).toMatchObject({ sync_status: 'failed', total_records: 0, error_details: { refusal: 'other_account' } })
    expect(row.error_message).toContain('belongs to another Apify account')
    expect((await readContents(world.db)).leads).toEqual([])
  })

  test.each([
    [['ann/places'], true],
    [['ann~places'], true],
    [['Ann~Places'], true],
    [['ann~other'], false],
    [[], true],
  ])('is imported only when APIFY_ACTOR_IDS lists its Actor: %j', async (actor_ids, isImported) => {
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(5) })
    const end = await world.syncToEnd('run', { actor_ids })
    expect(end.outcome).toBe(isImported ? 'completed' : 'failed')
    const row = await world.row('run')
    expect(row.total_records).toBe(isImported ? 5 : 0)
    if (!isImported) expect(row.error_message).toContain('APIFY_ACTOR_IDS')
  })

  test('is imported by the id of its Actor as well', async () => {
    const run = world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(5) })
    expect(await world.syncToEnd('run', { actor_ids: [run.actId] })).toMatchObject({ outcome: 'completed' })
  })
})
