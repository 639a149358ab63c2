import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '@leads/core/database/engine'
import type { Sync } from '@leads/core/model/sync'
import { findSync } from '@leads/core/syncs/sync-state'
import { MultiBar, type SingleBar } from 'cli-progress'
import { print } from '../output/print.ts'
import type { DemoRun } from './runs.ts'

const POLL_INTERVAL_MS = 100
/** The demo fails if no item arrives for this long. */
const STALL_TIMEOUT_MS = 45_000

/**
 * Shows the progress of each run until all are completed. Returns their syncs in the same order.
 * @throws Error if a sync fails, none progresses for a while, or the signal aborts
 */
export async function watchRuns(
  db: Database,
  runs: readonly DemoRun[],
  { signal, is_silent }: { signal: AbortSignal; is_silent: boolean },
): Promise<Sync[]> {
  const display: Display = is_silent ? nothing : process.stdout.isTTY ? new Bars(runs) : new Lines(runs)
  let progress = { total: 0, at: performance.now() }
  try {
    for (;;) {
      signal.throwIfAborted()
      const syncs = await Promise.all(runs.map(({ run_id }) => findSync(db, run_id)))
      display.show(syncs)
      const failed = syncs.find((sync) => sync?.sync_status === 'failed')
      if (failed) throw new Error(`Run ${failed.run_id} could not be synced: ${failed.error_message}`)
      if (syncs.every((sync) => sync?.sync_status === 'completed')) return syncs as Sync[]
      const total = syncs.reduce((sum, sync) => sum + (sync?.total_records ?? 0), 0)
      if (total > progress.total) progress = { total, at: performance.now() }
      if (performance.now() - progress.at > STALL_TIMEOUT_MS)
        throw new Error(
          `No item arrived for ${STALL_TIMEOUT_MS / 1000} s. Set LOG_LEVEL=INFO to see the log of the functions.`,
        )
      await pause(POLL_INTERVAL_MS)
    }
  } finally {
    display.stop()
  }
}

interface Display {
  show(syncs: readonly (Sync | undefined)[]): void
  stop(): void
}

const nothing: Display = { show() {}, stop() {} }

/** A live bar per run. */
class Bars implements Display {
  readonly #bars: MultiBar
  readonly #shown: SingleBar[]
  readonly #started = performance.now()
  /** Completed runs: their rate no longer changes. */
  readonly #done = new Set<number>()

  constructor(runs: readonly DemoRun[]) {
    const width = Math.max(...runs.map(({ title }) => title.length))
    this.#bars = new MultiBar({
      format: '  {title} {bar} {value}/{total} items  {rate}/s  {status}',
      barsize: 24,
      hideCursor: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    })
    this.#shown = runs.map(({ title, items }) =>
      this.#bars.create(items, 0, { title: title.padEnd(width), rate: '0', status: 'waiting' }),
    )
  }

  show(syncs: readonly (Sync | undefined)[]): void {
    const elapsed_s = (performance.now() - this.#started) / 1000
    syncs.forEach((sync, index) => {
      const bar = this.#shown[index]
      if (!bar || !sync || this.#done.has(index)) return
      if (sync.sync_status === 'completed') this.#done.add(index)
      const status = sync.sync_status === 'completed' ? 'done' : sync.sync_status
      bar.update(sync.total_records, { status, rate: Math.round(sync.total_records / elapsed_s).toLocaleString('en') })
    })
  }

  stop(): void {
    this.#bars.stop()
  }
}

/** Without a terminal: one line when a run is completed. */
class Lines implements Display {
  readonly #runs: readonly DemoRun[]
  readonly #done = new Set<string>()

  constructor(runs: readonly DemoRun[]) {
    this.#runs = runs
  }

  show(syncs: readonly (Sync | undefined)[]): void {
    syncs.forEach((sync, index) => {
      if (sync?.sync_status !== 'completed' || this.#done.has(sync.run_id)) return
      this.#done.add(sync.run_id)
      print(`  ${this.#runs[index]?.title}: ${sync.total_records.toLocaleString('en')} items, done`)
    })
  }

  stop(): void {}
}
