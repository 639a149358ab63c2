import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { runSync } from '@leads/core/syncs/run-sync'
import { startMariadb } from '../setup/mariadb-server.ts'
import { type Pgbouncer, startPgbouncer } from '../setup/pgbouncer-server.ts'
import { startPostgres, type TestServer } from '../setup/postgres-server.ts'
import { makeScratchDirectory, removeDirectory } from '../setup/scratch.ts'
import { type Contents, readContents } from '../syncs/contents.ts'
import { checkAccounting, compare } from './compare.ts'
import { Dice } from './dice.ts'
import type { Scenario } from './scenarios.ts'
import { type Consumer, type FaultEngine, openSite, type Site } from './site.ts'

export interface Result {
  scenario: string
  engine: FaultEngine
  consumer: Consumer
  rounds: number
  /** Processes killed in all rounds. */
  kills: number
  lost: number
  duplicated: number
  /** What else was not as it should be, the first of it. */
  complaint: string | null
  seconds: number
}

export interface RunOptions {
  scenarios: readonly Scenario[]
  engines: readonly FaultEngine[]
  consumers: readonly Consumer[]
  rounds(scenario: Scenario, consumer: Consumer, engine: FaultEngine): number
  seed: number
  items: number
  page_rows_max: number
  /** Called with each finished row of the report. */
  onResult?: (result: Result) => void
}

const RUN_ID = 'faults'
/**
 * A run where each lead is one item. Which of two items about one lead is written later is open where a run is read in
 * ranges, and all contents are compared.
 */
const UNIQUE_RUN_ID = 'faults-unique'

const runOf = ({ range_items = 0 }: Pick<Scenario, 'range_items'>): string => (range_items > 0 ? UNIQUE_RUN_ID : RUN_ID)

/** What the naive consumer promises at least: a lead, its source and its created event. */
const naiveTables = ['leads', 'sources', 'events'] as const
const allTables = ['leads', 'sources', 'events', 'rejections'] as const

/** Runs scenarios, each round on its own database, and compares each with an undisturbed sync. */
export async function runFaults(options: RunOptions): Promise<Result[]> {
  const { engines, seed, items } = options
  const directory = await makeScratchDirectory()
  const servers = new Map<FaultEngine, TestServer>()
  const simulator = await startApifySimulator()
  const results: Result[] = []
  let pooler: Pgbouncer | undefined
  try {
    // Durable: what a crash takes with it must be what the server had not promised to keep.
    if (engines.includes('postgres')) {
      const server = await startPostgres(directory, { durable: true })
      servers.set('postgres', server)
      // TEST_PGBOUNCER=1: the consumers are behind a pooler, the faults happen between the two.
      if (process.env.TEST_PGBOUNCER === '1') pooler = await startPgbouncer(directory, server.port)
    }
    if (engines.includes('mysql')) servers.set('mysql', await startMariadb(directory, { durable: true }))
    const dataset = {
      generator: 'google-places',
      count: items,
      seed,
      duplicate_share: 0.05,
      empty_share: 0.03,
    } as const
    const finished_at = Date.now() - 60_000
    simulator.state.addRun({ id: RUN_ID, actor_id: 'ann/places', dataset, finished_at })
    const unique = { ...dataset, duplicate_share: 0 }
    simulator.state.addRun({ id: UNIQUE_RUN_ID, actor_id: 'ann/places', dataset: unique, finished_at })
    for (const engine of engines) {
      const place = { ...options, engine, server: servers.get(engine), pooler, directory, simulator }
      const expected = new Map<string, Contents>()
      for (const run_id of [RUN_ID, UNIQUE_RUN_ID]) expected.set(run_id, await undisturbed(place, run_id))
      for (const scenario of options.scenarios.filter((candidate) => candidate.engines.includes(engine))) {
        for (const consumer of options.consumers) {
          if (options.rounds(scenario, consumer, engine) === 0) continue
          const setting = { ...place, consumer, expected: expected.get(runOf(scenario)) as Contents }
          const result = await runScenario(scenario, setting)
          results.push(result)
          options.onResult?.(result)
        }
      }
    }
  } finally {
    await simulator.close()
    await pooler?.stop()
    for (const server of servers.values()) await server.stop()
    await removeDirectory(directory)
  }
  return results
}

interface Setting extends RunOptions {
  engine: FaultEngine
  server: TestServer | undefined
  pooler: Pgbouncer | undefined
  directory: string
  simulator: ApifySimulator
}

const openOne = (setting: Setting, consumer: Consumer, scenario: Partial<Scenario>, dice: Dice): Promise<Site> =>
  openSite({
    engine: setting.engine,
    server: setting.server,
    pooler: setting.pooler,
    directory: setting.directory,
    simulator: setting.simulator,
    consumer,
    dice,
    page_rows_max: scenario.page_rows_max ?? setting.page_rows_max,
    timeout_s: scenario.timeout_s ?? 30,
    concurrency: scenario.concurrency ?? 1,
    lease_s: scenario.lease_s ?? 1,
    range_items: scenario.range_items ?? 0,
  })

/** What a sync leaves that nothing disturbs, made in this process. */
async function undisturbed(setting: Setting, run_id: string): Promise<Contents> {
  const site = await openOne(setting, 'product', {}, new Dice(0))
  const apify = createApifyApi({ APIFY_TOKEN: setting.simulator.token, APIFY_API_BASE_URL: setting.simulator.url })
  const { outcome } = await runSync(
    {
      db: site.db,
      apify,
      map: createMapper(),
      log: noopLog,
      on_duplicate: 'merge',
      now: () => new Date(),
      page_rows_max: setting.page_rows_max,
      settle_s: 0,
      follow_s: 1,
      remaining_ms: () => 900_000,
    },
    run_id,
  )
  if (outcome !== 'completed') throw new Error(`The undisturbed sync ended as ${outcome}.`)
  const contents = await readContents(site.db)
  await site.close()
  return contents
}

async function runScenario(
  scenario: Scenario,
  setting: Setting & { consumer: Consumer; expected: Contents },
): Promise<Result> {
  const { engine, consumer, expected, seed, simulator } = setting
  const rounds = setting.rounds(scenario, consumer, engine)
  const result: Result = {
    scenario: scenario.name,
    engine,
    consumer,
    rounds,
    kills: 0,
    lost: 0,
    duplicated: 0,
    complaint: null,
    seconds: 0,
  }
  const started = performance.now()
  for (let round = 0; round < rounds; round += 1) {
    const dice = new Dice(seed * 1_000_003 + round * 7919 + scenario.name.length)
    const site = await openOne(setting, consumer, scenario, dice)
    try {
      const timely = await scenario.act(site, runOf(scenario), dice).then(
        () => null,
        (error: unknown) => (error as Error).message,
      )
      const actual = await readContents(site.db)
      const toCompared = scenario.name.startsWith('ranges') ? withCompanyKeys : (contents: Contents) => contents
      const tables = consumer === 'product' ? allTables : naiveTables
      const difference = compare(toCompared(expected), toCompared(actual), tables)
      result.lost += difference.lost
      result.duplicated += difference.duplicated
      const complaints = [timely, ...(await checkAccounting(site.db)), ...difference.other].filter(Boolean)
      if (site.queue.dead_letters.length > 0) complaints.push(`${site.queue.dead_letters.length} dead letters`)
      if (complaints.length > 0)
        result.complaint ??= `round ${round} of seed ${seed}: ${complaints.join('; ').slice(0, 1500)}\n${site.output().slice(-1500)}`
      result.kills += site.kills
    } finally {
      simulator.state.faults.clear()
      await site.close()
    }
  }
  result.seconds = (performance.now() - started) / 1000
  return result
}

/**
 * Companies by their keys only: a value of a company is that of the first item that states one, and between ranges that are
 * read side by side none is the first.
 */
const withCompanyKeys = (contents: Contents): Contents => ({
  ...contents,
  companies: contents.companies.map(({ company_key }) => ({ company_key })),
})
