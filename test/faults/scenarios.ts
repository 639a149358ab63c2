import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '@leads/apify-simulator/faults/fault'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { noopLog } from '@leads/core/log'
import { reconcile } from '@leads/core/syncs/reconcile'
import { sql } from 'kysely'
import type { Dice } from './dice.ts'
import type { TcpProxy } from './proxy.ts'
import type { FaultEngine, Site } from './site.ts'

export interface Scenario {
  name: string
  engines: readonly FaultEngine[]
  /** Concurrent invocations; 1 by default. */
  concurrency?: number
  /** Seconds an invocation may take; 30 by default. */
  timeout_s?: number
  /** Seconds that a killed consumer keeps its run; 1 by default. 0 lets consumers race for each page. */
  lease_s?: number
  /** Items of a range; left out, the run is not split. */
  range_items?: number
  /** Items of a page, whatever the others have. */
  page_rows_max?: number
  /** Engines on which the short form makes one round of it; the long one takes them all. */
  short: readonly FaultEngine[]
  /** Sends the run's messages, does its worst while they are worked on, and returns when the queue is empty. */
  act(site: Site, run_id: string, dice: Dice): Promise<void>
}

const all: readonly FaultEngine[] = ['postgres', 'mysql', 'sqlite']
const servers: readonly FaultEngine[] = ['postgres', 'mysql']

/** Delivers until the queue is empty, and disturbs it concurrently. The disturbance ends by itself or with the queue. */
async function drainWhile(site: Site, disturb: (isOver: () => boolean) => Promise<void>): Promise<void> {
  let over = false
  const disturbing = disturb(() => over)
  try {
    await site.drain()
  } finally {
    over = true
    await disturbing
  }
}

/** Waits until consumers have shown `steps` signs of progress: statements on the way to the server, or requested pages. */
async function signsOfWork(site: Site, steps: number, isOver: () => boolean): Promise<boolean> {
  const signs = () => site.proxy?.statements ?? site.options.simulator.state.requests.list().length
  const from = signs()
  while (!isOver()) {
    if (signs() - from >= steps) return true
    await pause(2)
  }
  return false
}

async function killAtRandomInstants(site: Site, run_id: string, dice: Dice): Promise<void> {
  site.queue.send(run_id)
  await drainWhile(site, async (isOver) => {
    for (let kill = 0; kill < 8; kill += 1) {
      const steps = site.proxy ? 1 + dice.below(40) : 1 + dice.below(6)
      if (!(await signsOfWork(site, steps, isOver))) return
      await pause(dice.below(15))
      site.kill()
    }
  })
}

const killAtRandom: Scenario = {
  name: 'kill -9 at random instants',
  engines: all,
  short: ['postgres', 'sqlite'],
  act: killAtRandomInstants,
}

/** For a long run: each kill after some pages of the process that it hits. */
export const killWithinRun: Scenario = {
  name: 'kill -9 within a long run',
  engines: all,
  short: [],
  async act(site, run_id, dice) {
    site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      for (let kill = 0; kill < 5; kill += 1) {
        if (!(await signsOfWork(site, 10 + dice.below(20), isOver))) return
        await pause(dice.below(60))
        site.kill()
      }
    })
  },
}

/** Where the statements of start-up and of more than one whole page lie: each is a boundary to be killed at. */
const STATEMENTS = 30

/** Strikes at the first statement, then at the second after that, and so on: none of what is held back ever arrives. */
async function strikeAtEachStatement(site: Site, run_id: string, strike: (proxy: TcpProxy) => void): Promise<void> {
  const { proxy } = site
  if (!proxy) throw new Error('Statements are seen by the proxy only.')
  let boundary = 1
  proxy.statements = 0
  proxy.onStatement = (statement) => {
    if (statement < boundary || boundary > STATEMENTS) return true
    boundary += 1
    proxy.statements = 0
    strike(proxy)
    return false
  }
  site.queue.send(run_id)
  // Each kill costs a process: on a busy machine seven seconds.
  await site.drain(900_000)
}

const killAtEachStatement: Scenario['act'] = (site, run_id) =>
  strikeAtEachStatement(site, run_id, (proxy) => {
    // The connection stays frozen and is cut with the process that dies.
    site.kill()
    setImmediate(() => proxy.cutFrozen())
  })

const killAtEveryStatement: Scenario = {
  name: 'kill -9 at every statement',
  engines: servers,
  short: [],
  act: killAtEachStatement,
}

/** A range of two pages: between start-up and the fold, each statement is one of the first 30. */
const killAtEveryStatementOfRanges: Scenario = {
  name: 'ranges, kill -9 at every statement',
  engines: servers,
  short: [],
  range_items: 80,
  act: killAtEachStatement,
}

/** Pages large enough for MariaDB's bulk load: those of the other scenarios go as values. */
const killAmongBulkLoads: Scenario = {
  name: 'large pages, kill -9 at some statements',
  engines: ['mysql'],
  short: ['mysql'],
  page_rows_max: 200,
  async act(site, run_id, dice) {
    const before = await countLoads(site)
    await killAtSomeStatements.act(site, run_id, dice)
    const isOurs = site.options.consumer === 'product'
    if (isOurs && (await countLoads(site)) === before) throw new Error('No rows were loaded in bulk.')
  },
}

async function countLoads({ db }: Site): Promise<number> {
  const { rows } = await sql<{ Value: string }>`show global status like 'Com_load'`.execute(db.kysely)
  return Number(rows[0]?.Value)
}

/** As many ranges that not all are sent at once, also in the short form. */
const killAmongRanges: Scenario = {
  name: 'ranges, 3 consumers, kill -9',
  engines: servers,
  short: ['postgres'],
  range_items: 35,
  concurrency: 3,
  act: killAtRandomInstants,
}

/** Messages for the run and for its ranges come twice, late and in any order, and some requests fail. */
const rangeMessages: Scenario = {
  name: 'ranges, messages twice and late, faults',
  engines: servers,
  short: ['postgres'],
  range_items: 35,
  concurrency: 4,
  async act(site, run_id, dice) {
    addApifyFaults(site, dice, 0.04)
    await sendTwiceAndLate(site, run_id)
  },
}

/** As above with every third statement, in another place each time: for the short form. */
const killAtSomeStatements: Scenario = {
  name: 'kill -9 at some statements',
  engines: servers,
  short: ['postgres', 'mysql'],
  async act(site, run_id, dice) {
    const { proxy } = site
    if (!proxy) throw new Error('Statements are seen by the proxy only.')
    let kills = 0
    let boundary = 1 + dice.below(STATEMENTS)
    proxy.statements = 0
    proxy.onStatement = (statement) => {
      if (statement < boundary || kills >= 4) return true
      kills += 1
      boundary = 1 + dice.below(STATEMENTS)
      proxy.statements = 0
      site.kill()
      setImmediate(() => proxy.cutFrozen())
      return false
    }
    site.queue.send(run_id)
    await site.drain()
  },
}

const cutConnections: Scenario = {
  name: 'connections cut mid-query',
  engines: servers,
  short: ['mysql'],
  async act(site, run_id, dice) {
    site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      for (let cut = 0; cut < 10; cut += 1) {
        if (!(await signsOfWork(site, 1 + dice.below(30), isOver))) return
        await pause(dice.below(5))
        site.proxy?.cut()
      }
    })
  },
}

const cutAtEveryStatement: Scenario = {
  name: 'connection cut at every statement',
  engines: servers,
  short: [],
  act: (site, run_id) => strikeAtEachStatement(site, run_id, (proxy) => void setImmediate(() => proxy.cut())),
}

const halfOpen: Scenario = {
  name: 'half-open sockets',
  engines: servers,
  short: ['postgres'],
  timeout_s: 5,
  async act(site, run_id, dice) {
    site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      if (!(await signsOfWork(site, 15 + dice.below(30), isOver))) return
      site.proxy?.freeze()
      // The consumer gets no answer and times out first; the server notices later.
      await pause(2500)
      site.proxy?.cutFrozen()
    })
  },
}

const halfOpenForGood: Scenario = {
  name: 'half-open, unnoticed by the server',
  engines: servers,
  short: [],
  timeout_s: 8,
  async act(site, run_id, dice) {
    site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      for (let freeze = 0; freeze < 2; freeze += 1) {
        if (!(await signsOfWork(site, 15 + dice.below(30), isOver))) return
        site.proxy?.freeze()
      }
    })
  },
}

const restartServer: Scenario = {
  name: 'database server crashes and restarts',
  engines: servers,
  short: ['postgres'],
  async act(site, run_id, dice) {
    site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      for (let restart = 0; restart < 2; restart += 1) {
        if (!(await signsOfWork(site, 10 + dice.below(40), isOver))) return
        await site.options.server?.crashAndRestart()
      }
    })
  },
}

/** What Apify may answer in place of items, thrown from the dice for each request. */
const apifyFaults: readonly Fault[] = [
  { status: 429 },
  { status: 500 },
  { status: 503, retry_after_s: 1 },
  { reset: 'before' },
  { reset: 'middle' },
  { truncate: { how: 'content-length', at: 0.7, whole_lines: false } },
  { truncate: { how: 'chunked', at: 0.3, whole_lines: false } },
  { truncate: { how: 'clean', at: 0.5, whole_lines: true } },
  { truncate: { how: 'clean', at: 0.5, whole_lines: false } },
  { truncate: { how: 'gzip', at: 0.5, whole_lines: false } },
  { invalid_json: true },
  { latency_ms: 300 },
  { drip: { bytes: 4000, every_ms: 2 } },
]

const apifyTrouble: Scenario = {
  name: 'Apify 429, 5xx, cut, slow, wrong',
  engines: all,
  short: ['sqlite'],
  async act(site, run_id, dice) {
    addApifyFaults(site, dice, 0.04)
    site.queue.send(run_id)
    await site.drain()
  },
}

function addApifyFaults({ options }: Site, dice: Dice, probability: number): void {
  const { faults } = options.simulator.state
  for (const fault of apifyFaults) {
    const rule = { probability, seed: dice.below(1e9) }
    faults.add({ ...rule, path: '/v2/datasets/*/items', fault })
    // The client of the other calls waits longer before it tries again, so these are fewer.
    if (fault.status) faults.add({ ...rule, count: 1, path: '/v2/actor-runs/*', fault })
  }
}

const messages: Scenario = {
  name: 'messages twice, late, out of order',
  engines: all,
  short: ['mysql'],
  concurrency: 3,
  act: sendTwiceAndLate,
}

async function sendTwiceAndLate(site: Site, run_id: string): Promise<void> {
  site.queue.faults = { duplicate: 0.5, delay: 0.3, lose: 0 }
  for (let message = 0; message < 5; message += 1) site.queue.send(run_id)
  // Each message that finds a running consumer is redelivered later, some of them twice: not for ever.
  setTimeout(() => {
    site.queue.faults = { duplicate: 0, delay: 0, lose: 0 }
  }, 1500)
  await site.drain()
}

const lostMessages: Scenario = {
  name: 'webhooks and messages lost, reconcile',
  engines: all,
  short: ['sqlite'],
  act: loseMessages,
}

const lostRangeMessages: Scenario = {
  name: 'ranges, messages lost, reconcile',
  engines: servers,
  short: [],
  range_items: 80,
  concurrency: 3,
  act: loseMessages,
}

async function loseMessages(site: Site, run_id: string, dice: Dice): Promise<void> {
  site.queue.faults = { duplicate: 0, delay: 0, lose: 0.7 }
  const { db, queue, options } = site
  const apify = createApifyApi({ APIFY_TOKEN: options.simulator.token, APIFY_API_BASE_URL: options.simulator.url })
  for (let quarter = 0; quarter < 60; quarter += 1) {
    await reconcile({
      db,
      apify,
      log: noopLog,
      actor_ids: [],
      lookback_h: 72,
      // The account has a run of other scenarios too.
      queue: { send: async (run_ids) => run_ids.filter((id) => id === run_id).forEach((id) => void queue.send(id)) },
      // A quarter of an hour later each time, so that what has lost its consumer looks so.
      now: () => new Date(Date.now() + quarter * 15 * 60_000),
      remaining_ms: () => 300_000,
    })
    await drainWhile(site, async (isOver) => {
      if (dice.hits(0.5) && (await signsOfWork(site, 1 + dice.below(20), isOver))) site.kill()
    })
    const row = await db.kysely
      .selectFrom('apify_sync_states')
      .select('sync_status')
      .where('run_id', '=', run_id)
      .executeTakeFirst()
    if (row?.sync_status === 'completed') return
    if (quarter === 10) site.queue.faults = { duplicate: 0, delay: 0, lose: 0.2 }
  }
}

const consumersAtOnce = (concurrency: number, short: readonly FaultEngine[] = [], lease_s = 0): Scenario => ({
  name: `${concurrency} consumers on one run${lease_s > 0 ? ', with a lease' : ''}`,
  lease_s,
  engines: all,
  short,
  concurrency,
  async act(site, run_id) {
    for (let message = 0; message < concurrency; message += 1) site.queue.send(run_id)
    await site.drain()
  },
})

const everything: Scenario = {
  name: 'all faults together',
  engines: servers,
  short: [],
  concurrency: 3,
  async act(site, run_id, dice) {
    const { faults } = site.options.simulator.state
    for (const fault of apifyFaults)
      faults.add({ probability: 0.02, seed: dice.below(1e9), path: '/v2/datasets/*/items', fault })
    site.queue.faults = { duplicate: 0.1, delay: 0.2, lose: 0 }
    for (let message = 0; message < 3; message += 1) site.queue.send(run_id)
    await drainWhile(site, async (isOver) => {
      for (let blow = 0; blow < 8; blow += 1) {
        if (!(await signsOfWork(site, 10 + dice.below(60), isOver))) return
        if (dice.hits(0.6)) site.kill()
        else if (dice.hits(0.7)) site.proxy?.cut()
        else await site.options.server?.crashAndRestart()
      }
    })
  },
}

export const scenarios: readonly Scenario[] = [
  killAtRandom,
  killWithinRun,
  killAtEveryStatement,
  killAtSomeStatements,
  killAmongBulkLoads,
  cutConnections,
  cutAtEveryStatement,
  halfOpen,
  halfOpenForGood,
  restartServer,
  apifyTrouble,
  messages,
  lostMessages,
  consumersAtOnce(2),
  consumersAtOnce(3, ['postgres']),
  consumersAtOnce(3, ['mysql', 'sqlite'], 1),
  consumersAtOnce(8),
  everything,
  killAmongRanges,
  killAtEveryStatementOfRanges,
  rangeMessages,
  lostRangeMessages,
]
