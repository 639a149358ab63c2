import type { ApifySimulator } from '@leads/apify-simulator/server'

/** One of the three Actor runs of the demo. */
export interface DemoRun {
  title: string
  run_id: string
  items: number
}

const PLACES = { generator: 'google-places', seed: 20 } as const
/** The runs ended a minute ago according to the simulated Apify: their settle time is over. */
const ENDED_AGO_MS = 60_000

/** Adds 5,000 places. The webhook is delivered twice, as can happen on the real platform. */
export function addFirstPlacesRun({ state }: ApifySimulator): DemoRun {
  const items = 5000
  state.delivery_faults.add({ count: 1, event_type: 'ACTOR.RUN.SUCCEEDED', action: { duplicates: 1 } })
  const run = state.addRun({
    actor_id: 'nwua9Gu5YrADL7ZDj',
    actor_name: 'compass/crawler-google-places',
    emit: true,
    dataset: { ...PLACES, count: items },
    finished_at: Date.now() - ENDED_AGO_MS,
    input: { searchStringsArray: ['dentist', 'plumber'], locationQuery: 'Europe' },
    usage_total_usd: 4.25,
  })
  return { title: 'Google Maps places', run_id: run.id, items }
}

export function addPeopleRun({ state }: ApifySimulator): DemoRun {
  const items = 2000
  const run = state.addRun({
    actor_id: 'LpVuK3Zozwuipa5bp',
    actor_name: 'harvestapi/linkedin-profile-search',
    emit: true,
    dataset: { generator: 'linkedin-people', seed: 7, count: items },
    finished_at: Date.now() - ENDED_AGO_MS,
    input: { searchQuery: 'head of sales' },
    usage_total_usd: 8,
  })
  return { title: 'LinkedIn people', run_id: run.id, items }
}

/** Adds a second search: 30% of its places are in the first run, and some have changed. */
export function addSecondPlacesRun({ state }: ApifySimulator): DemoRun {
  const items = 5000
  const run = state.addRun({
    actor_id: 'nwua9Gu5YrADL7ZDj',
    actor_name: 'compass/crawler-google-places',
    emit: true,
    dataset: {
      generator: 'google-places',
      seed: 21,
      count: items,
      overlap: { seed: PLACES.seed, share: 0.3, changed_share: 0.2 },
    },
    finished_at: Date.now() - ENDED_AGO_MS,
    input: { searchStringsArray: ['dentist', 'florist'], locationQuery: 'Europe' },
    usage_total_usd: 4.1,
  })
  return { title: 'Google Maps places, again', run_id: run.id, items }
}
