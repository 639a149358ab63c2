import { setTimeout as pause } from 'node:timers/promises'
import type { SpawnedSimulator } from '@leads/apify-simulator/spawn'
import type { LocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { sql } from 'kysely'
import type { TestServer } from '../test/setup/postgres-server.ts'

/** What benches of the whole way, from a webhook to rows, have in common. */

export const WEBHOOK_SECRET = 'bench-webhook-secret'
const POLL_MS = 25

let databases = 0

/** Creates an empty database. Returns its URL. */
export async function createDatabase(server: TestServer): Promise<string> {
  databases += 1
  const name = `bench_${databases}`
  const admin = await openDatabase(server.url('postgres'), { connections_max: 1 })
  await sql.raw(`create database ${name}`).execute(admin.kysely)
  await admin.close()
  return server.url(name)
}

/** Adds a run of places that ended a minute ago and sends its webhook. Returns its id. */
export async function queueRun(
  stack: LocalStack,
  simulator: SpawnedSimulator,
  dataset: { count: number; seed: number; duplicate_share?: number },
  actor_id = 'ann/places',
): Promise<string> {
  const { id } = await simulator.control.addRun({
    actor_id,
    dataset: { generator: 'google-places', ...dataset },
    finished_at: Date.now() - 60_000,
  })
  const response = await fetch(stack.webhook_url, {
    method: 'POST',
    headers: { authorization: `Bearer ${WEBHOOK_SECRET}` },
    body: JSON.stringify({ runId: id }),
  })
  if (response.status !== 202) throw new Error(`The webhook answered ${response.status}.`)
  return id
}

/** @throws Error if the run fails, or is not completed in time */
export async function waitForCompletion(db: Database, run_id: string, timeout_ms: number): Promise<void> {
  const ends = Date.now() + timeout_ms
  while (Date.now() < ends) {
    const sync = await findSync(db, run_id)
    if (sync?.sync_status === 'completed') return
    if (sync?.sync_status === 'failed') throw new Error(`Run ${run_id} failed: ${sync.error_message}`)
    await pause(POLL_MS)
  }
  throw new Error(`Run ${run_id} was not completed in ${timeout_ms / 1000} s.`)
}
