import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { type ApifyApi, createApifyApi } from '@leads/core/apify/apify-api'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { type Log, noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import type { Sync } from '@leads/core/model/sync'
import { type RangeOutcome, runRange, runSync, type SyncOutcome } from '@leads/core/syncs/run-sync'
import type { SyncOptions } from '@leads/core/syncs/sync-options'
import { findSync } from '@leads/core/syncs/sync-state'
import { type FreshDatabase, freshDatabase, type TestEngine } from '../setup/engines.ts'

/** A clock that only moves when told to, shared by the simulator and the sync: no test waits for it. */
export interface Clock {
  ms: number
  now(): Date
}

export interface World {
  simulator: ApifySimulator
  clock: Clock
  /** The waits between attempts of a call; the clock moves instead. */
  waits_ms: number[]
  db: Database
  database_url: string
  log: RecordedLog
  apify: ApifyApi
  options: SyncOptions
  /** One invocation of the consumer for this run. */
  sync(run_id: string, changes?: Partial<SyncOptions>): Promise<SyncOutcome>
  /** One invocation of the consumer for a range of this run. */
  readRange(run_id: string, range_id: number, changes?: Partial<SyncOptions>): Promise<RangeOutcome>
  /** Like the queue: invokes repeatedly, with the clock set forward by the requested delays, until the sync ends. */
  syncToEnd(
    run_id: string,
    changes?: Partial<SyncOptions>,
  ): Promise<Exclude<SyncOutcome, { outcome: 'continue' | 'split' }>>
  row(run_id: string): Promise<Sync>
  close(): Promise<void>
}

export type RecordedLog = Log & { lines: { level: string; message: string; fields: Record<string, unknown> }[] }

export function recordedLog(): RecordedLog {
  const lines: RecordedLog['lines'] = []
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      lines.push({ level, message, fields })
    }
  return { ...noopLog, lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** An Apify account, a database with the schema and no rows, and a clock. */
export async function createWorld(engine: TestEngine): Promise<World> {
  const clock: Clock = { ms: Date.parse('2026-03-02T08:00:00Z'), now: () => new Date(clock.ms) }
  const simulator = await startApifySimulator({ clock: () => clock.ms })
  const fresh: FreshDatabase = await freshDatabase(engine)
  const db = await openDatabase(fresh.database_url, { connections_max: 10 })
  const log = recordedLog()
  const waits_ms: number[] = []
  const apify = createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url })
  const options: SyncOptions = {
    db,
    apify,
    map: createMapper(),
    log,
    on_duplicate: 'merge',
    page_rows_max: 1000,
    settle_s: 10,
    follow_s: 30,
    now: () => clock.now(),
    remaining_ms: () => 900_000,
    wait: async (ms) => {
      clock.ms += Math.round(ms)
      waits_ms.push(Math.round(ms))
    },
  }
  const sync: World['sync'] = (run_id, changes = {}) => runSync({ ...options, ...changes }, run_id)
  const readRange: World['readRange'] = (run_id, range_id, changes = {}) =>
    runRange({ ...options, ...changes }, { run_id, range_id })
  return {
    simulator,
    clock,
    waits_ms,
    db,
    database_url: fresh.database_url,
    log,
    apify,
    options,
    sync,
    readRange,
    async syncToEnd(run_id, changes) {
      for (let invocation = 0; invocation < 1000; invocation += 1) {
        const outcome = await sync(run_id, changes)
        if (outcome.outcome === 'split') await readRanges(readRange, run_id, outcome.range_ids, changes)
        else if (outcome.outcome !== 'continue') return outcome
        else clock.ms += outcome.delay_s * 1000
      }
      throw new Error(`The sync of ${run_id} came to no end in 1,000 invocations.`)
    },
    async row(run_id) {
      const row = await findSync(db, run_id)
      if (!row) throw new Error(`There is no sync of ${run_id}.`)
      return row
    },
    async close() {
      await simulator.close()
      await db.close()
      await fresh.drop()
    },
  }
}

/** Reads these ranges and those that follow them, all at the same time. */
async function readRanges(
  readRange: World['readRange'],
  run_id: string,
  range_ids: readonly number[],
  changes: Partial<SyncOptions> | undefined,
): Promise<void> {
  await Promise.all(
    range_ids.map(async (range_id) => {
      const outcome = await readRange(run_id, range_id, changes)
      if (outcome.outcome === 'read') await readRanges(readRange, run_id, outcome.range_ids, changes)
    }),
  )
}
