import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type SpawnedSimulator, spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { createApifyApi } from '@leads/core/apify/apify-api'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { runSync } from '@leads/core/syncs/run-sync'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { Dice } from '../faults/dice.ts'
import { startProxy } from '../faults/proxy.ts'
import { countPostgresStatements } from '../faults/statements.ts'
import { ENGINES, freshDatabase, type TestEngine } from '../setup/engines.ts'
import { type Contents, readContents } from '../syncs/contents.ts'
import { places } from '../syncs/items.ts'
import { type Finished, runLeads } from './run-leads.ts'

/**
 * Ends commands that write at random times of their whole run, including the start, and runs them again until they finish.
 * The database must then equal that of an undisturbed run, with each row once.
 */

// The tests start many processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

const KILLS = 3

interface Place {
  db: Database
  cwd: string
  run(words: readonly string[], onStart?: Parameters<typeof runLeads>[1]): Promise<Finished>
  close(): Promise<void>
}

async function createPlace(engine: TestEngine, more: Readonly<Record<string, string>> = {}): Promise<Place> {
  const { database_url, drop } = await freshDatabase(engine)
  const db = await openDatabase(database_url)
  const cwd = mkdtempSync(join(inject('scratch_directory'), 'killed-'))
  return {
    db,
    cwd,
    run: (words, options = {}) => runLeads(words, { cwd, env: { DATABASE_URL: database_url, ...more }, ...options }),
    async close() {
      await db.close()
      await drop()
    },
  }
}

/** Runs the command to its end and returns its duration. */
async function undisturbed(place: Place, words: readonly string[]): Promise<number> {
  const started = performance.now()
  const { code, stderr } = await place.run(words)
  expect([code, stderr]).toEqual([0, expect.any(String)])
  return performance.now() - started
}

interface Disturbance {
  signal: NodeJS.Signals
  /** Of the undisturbed run. */
  duration_ms: number
  dice: Dice
  /** Whether the command has written its first part. */
  hasBegun(): Promise<boolean> | boolean
  /** Checks the state after each kill. */
  look?(): Promise<void> | void
}

/**
 * Ends the command `KILLS` times, checks the state after each, then runs it to its end. Returns how many of them were
 * ended before their end.
 *
 * The first is ended as soon as it has written something, because a machine that is suddenly faster can finish before
 * any time drawn from the duration of the undisturbed run. The others are ended at one time from each part of their run.
 */
async function disturbed(
  place: Place,
  words: readonly string[],
  { signal, duration_ms, dice, hasBegun, look = () => {} }: Disturbance,
): Promise<number> {
  let ended = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const after_ms = ((kill + dice.next()) / KILLS) * duration_ms
    const finished = await place.run(words, {
      onStart(child) {
        const abort = new AbortController()
        child.once('exit', () => abort.abort())
        const due =
          kill === 0 ? until(hasBegun, abort.signal) : setTimeout(after_ms, undefined, { signal: abort.signal })
        due.then(
          () => child.kill(signal),
          // The command ended first.
          () => {},
        )
      },
    })
    const isInOrder =
      finished.code === 0 || finished.signal === signal || (signal === 'SIGINT' && finished.code === 130)
    expect([isInOrder, finished.code, finished.stderr]).toEqual([true, finished.code, finished.stderr])
    if (finished.code !== 0) ended += 1
    await look()
  }
  await undisturbed(place, words)
  return ended
}

/** Resolves once `hasBegun` does; rejects when aborted. */
async function until(hasBegun: Disturbance['hasBegun'], signal: AbortSignal): Promise<void> {
  while (!(await hasBegun())) await setTimeout(3, undefined, { signal })
}

async function countLeads(db: Database, city?: string): Promise<number> {
  let query = db.kysely.selectFrom('sales_leads').select(({ fn }) => fn.countAll().as('count'))
  if (city !== undefined) query = query.where('city', '=', city)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/** Removes the fields that differ for a run that was interrupted and resumed. */
function result(contents: Contents): Contents {
  return { ...contents, syncs: contents.syncs.map(({ error_message, error_details, ...sync }) => sync) }
}

/** A command that is asked to end does so by itself, behind its page or part: on one engine that is as on all. */
const signalsOf = (engine: TestEngine): readonly NodeJS.Signals[] =>
  engine === 'sqlite' ? ['SIGKILL', 'SIGINT'] : ['SIGKILL']
const engines = ENGINES.filter((engine) => engine !== 'mysql')
const cases = engines.flatMap((engine) => signalsOf(engine).map((signal) => [engine, signal] as const))

const people = (count: number): string =>
  `name;mail;firma;telefon;status;notiz\n${Array.from({ length: count }, (_, index) => `Ana ${index} Lopez;ana${index % (count - 100)}@firm${index % 50}.com;Firm ${index % 50};+34 911 ${String(index).padStart(6, '0')};contacted;Note ${index}`).join('\n')}\n;;;;;\nfoo;bar;;;;\n`

describe.each(cases)('file commands on %s, ended by %s at random times', (engine, signal) => {
  const seed = Math.floor(Math.random() * 1_000_000)
  const dice = new Dice(seed)

  test(`an interrupted import leaves the same rows as an undisturbed one (seed ${seed})`, async () => {
    const [calm, wild] = [await createPlace(engine), await createPlace(engine)]
    const words = ['import', 'people.csv', '--json']
    for (const { cwd } of [calm, wild]) writeFileSync(join(cwd, 'people.csv'), people(6000))
    const duration_ms = await undisturbed(calm, words)
    const hasBegun = async () => (await countLeads(wild.db)) > 0
    const ended = await disturbed(wild, words, {
      signal,
      duration_ms,
      dice,
      hasBegun,
      async look() {
        const batch = await wild.db.kysely.selectFrom('import_batches').selectAll().executeTakeFirst()
        // The count of the batch equals the committed rows.
        expect(await countLeads(wild.db)).toBe(batch?.synced_records ?? 0)
      },
    })
    expect(ended).toBeGreaterThan(0)
    expect(result(await readContents(wild.db))).toEqual(result(await readContents(calm.db)))
    expect(readFileSync(join(wild.cwd, 'people.rejected.csv'), 'utf8')).toBe(
      readFileSync(join(calm.cwd, 'people.rejected.csv'), 'utf8'),
    )
    await Promise.all([calm.close(), wild.close()])
  })

  test(`an interrupted export leaves the old file or the complete new one, and no temporary file after the next run (seed ${seed})`, async () => {
    const place = await createPlace(engine)
    writeFileSync(join(place.cwd, 'people.csv'), people(6000))
    await place.run(['import', 'people.csv'])
    const words = ['export', '-o', 'out.csv']
    const duration_ms = await undisturbed(place, words)
    const whole = readFileSync(join(place.cwd, 'out.csv'), 'utf8')
    expect(whole.split('\r\n')).toHaveLength(5902)
    const out = join(place.cwd, 'out.csv')
    writeFileSync(out, 'the old file')
    const ended = await disturbed(place, words, {
      signal,
      duration_ms,
      dice,
      hasBegun: () => readdirSync(place.cwd).some((name) => name.endsWith('.part')),
      look() {
        expect(['the old file', whole].includes(readFileSync(out, 'utf8'))).toBe(true)
        writeFileSync(out, 'the old file')
      },
    })
    expect(ended).toBeGreaterThan(0)
    expect(readFileSync(out, 'utf8')).toBe(whole)
    expect(readdirSync(place.cwd).filter((name) => name.endsWith('.part'))).toEqual([])
    await place.close()
  })
})

describe.each(cases)('sync commands on %s, ended by %s at random times', (engine, signal) => {
  const seed = Math.floor(Math.random() * 1_000_000)
  const dice = new Dice(seed)
  let simulator: SpawnedSimulator
  const run_ids: string[] = []
  beforeAll(async () => {
    simulator = await spawnApifySimulator()
    const finished_at = Date.now() - 3_600_000
    for (const from of [0, 1000, 2000, 2500]) {
      const { id } = await simulator.control.addRun({
        actor_id: 'ann/places',
        started_at: finished_at - 60_000 + from,
        finished_at: finished_at + from,
        // Each run contains leads of the previous one; every 50th item is not a lead.
        items: places(1500, from).map((item, index) => (index % 50 === 7 ? { error: `nothing ${index}` } : item)),
      })
      run_ids.push(id)
    }
  })
  afterAll(() => simulator.close())

  const apify = () => ({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url, SYNC_PAGE_ROWS_MAX: '200' })

  test(`an interrupted sync of all runs leaves the same rows as an undisturbed one (seed ${seed})`, async () => {
    const [calm, wild] = [await createPlace(engine, apify()), await createPlace(engine, apify())]
    const words = ['sync', '--actor', 'ann/places', '--since', '2020-01-01', '--json']
    const duration_ms = await undisturbed(calm, words)
    const hasBegun = async () => (await countLeads(wild.db)) > 0
    const ended = await disturbed(wild, words, {
      signal,
      duration_ms,
      dice,
      hasBegun,
      async look() {
        const syncs = await wild.db.kysely.selectFrom('apify_sync_states').selectAll().execute()
        // The accounting holds after every page.
        for (const sync of syncs)
          expect(sync.total_records).toBe(sync.synced_records + sync.duplicate_records + sync.failed_records)
        expect(await countLeads(wild.db)).toBe(syncs.reduce((sum, { synced_records }) => sum + synced_records, 0))
      },
    })
    expect(ended).toBeGreaterThan(0)
    const contents = await readContents(wild.db)
    expect(contents.syncs.map(({ sync_status, total_records }) => [sync_status, total_records])).toEqual(
      run_ids.map(() => ['completed', 1500]),
    )
    expect(result(contents)).toEqual(result(await readContents(calm.db)))
    await Promise.all([calm.close(), wild.close()])
  })

  test(`an interrupted remap leaves the same rows as an undisturbed one (seed ${seed})`, async () => {
    const [calm, wild] = [await createPlace(engine, apify()), await createPlace(engine, apify())]
    for (const { db } of [calm, wild]) {
      for (const run_id of run_ids.slice(0, 3)) await syncEarly(db, run_id)
      await db.kysely
        .updateTable('sales_leads')
        .set({ city: 'Typed by hand' })
        .where('external_id', 'like', '%5')
        .execute()
    }
    const words = ['remap', '--json']
    const duration_ms = await undisturbed(calm, words)
    const hasBegun = async () => (await countLeads(wild.db, 'Springfield')) > 0
    const ended = await disturbed(wild, words, { signal, duration_ms, dice, hasBegun })
    expect(ended).toBeGreaterThan(0)
    const contents = await readContents(wild.db)
    expect(new Set(contents.leads.map(({ city }) => city))).toEqual(new Set(['Springfield', 'Typed by hand']))
    expect(contents).toEqual(await readContents(calm.db))
    await Promise.all([calm.close(), wild.close()])
  })

  const good = createMapper()
  /** A mapping that sets a wrong city and rejects every third item. */
  const early = (item: unknown): MappedItem => {
    const mapped = good(item)
    if (mapped.outcome === 'rejected') return mapped
    if (Number((item as { title: string }).title.split(' ')[1]) % 3 === 0)
      return { outcome: 'rejected', reason: 'not understood yet' }
    return { ...mapped, lead: { ...mapped.lead, city: 'Nowhere' } }
  }
  const syncEarly = (db: Database, run_id: string) =>
    runSync(
      {
        db,
        apify: createApifyApi({ ...apify() }),
        map: early,
        log: noopLog,
        on_duplicate: 'merge',
        page_rows_max: 500,
        settle_s: 10,
        follow_s: 30,
        now: () => new Date(),
        remaining_ms: () => 900_000,
      },
      run_id,
    )
})

// One engine: a sync that was interrupted behind its first page waits for 15 s.
test('a sync whose connections to the database are cut continues by itself, and stores each item once', async () => {
  const simulator = await spawnApifySimulator()
  const { database_url, drop } = await freshDatabase('postgres')
  const url = new URL(database_url)
  const proxy = await startProxy(Number(url.port), countPostgresStatements)
  url.port = String(proxy.port)
  const db = await openDatabase(database_url)
  let cuts = 0
  let last = 0
  try {
    const run = { actor_id: 'ann/places', items: places(1500), finished_at: Date.now() - 60_000 }
    const { id } = await simulator.control.addRun(run)
    // Slow enough that the run has many pages left when its first one is noticed.
    await simulator.control.addFault({ path: '/v2/datasets/*/items', fault: { latency_ms: 40 } })
    const running = runLeads(['sync', id, '--json'], {
      env: {
        DATABASE_URL: url.href,
        APIFY_TOKEN: simulator.token,
        APIFY_API_BASE_URL: simulator.url,
        SYNC_PAGE_ROWS_MAX: '25',
      },
    })
    let isOver = false
    const ending = running.finally(() => {
      isOver = true
    })
    // Before the first page a lost connection is reported at once: the address may be wrong.
    while (!isOver && (await countLeads(db)) === 0) await setTimeout(5)
    proxy.onStatement = (statement) => {
      if (cuts < 6 && statement - last >= 3) {
        cuts += 1
        last = statement
        setImmediate(() => proxy.cut())
      }
      return true
    }
    const { code, stderr } = await ending
    expect([code, stderr]).toEqual([0, expect.any(String)])
    expect(cuts).toBe(6)
    expect((await readContents(db)).leads).toHaveLength(1500)
  } finally {
    await db.close()
    await proxy.close()
    await simulator.close()
    await drop()
  }
})
