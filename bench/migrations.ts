import { setTimeout as wait } from 'node:timers/promises'
import { startApifySimulator } from '@leads/apify-simulator/server'
import { createApifyApi } from '@leads/core/apify/apify-api'
import { loadMigrations, toMigration } from '@leads/core/database/migrations/load-migrations'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { runSync } from '@leads/core/syncs/run-sync'
import type { Sql } from 'postgres'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { fillLeads } from './fill.ts'
import { connectBench } from './ingest/postgres.ts'
import { describeMachine } from './machine.ts'
import { percentile, printTable, round } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * `npm run bench:migrations [-- --rows 1000000 --json]`: how long inserts wait while a migration changes a large table.
 * A column is added, filled in batches, and indexed, while a run is imported and single leads are inserted. Compared with
 * the same inserts before the migration. Exit code 1 if an insert waited for a lock longer than 250 ms.
 */
const values = readOptions(import.meta.filename, {
  rows: { type: 'string', default: '1000000' },
  batch: { type: 'string', default: '2000' },
  json: { type: 'boolean', default: false },
})
const ROWS = Number(values.rows)
const LOCK_WAIT_MS_MAX = 250
const QUIET_MS = 20_000
const INSERT_INTERVAL_MS = 10
const SAMPLE_INTERVAL_MS = 20

/**
 * Rows inserted since the beginning are left alone, as the new version of a program would write the column itself: so the
 * batches have an end. The small index finds what is left, as a search from the first row would take ever longer.
 */
const migration = toMigration(
  '901_first_word',
  `-- leads: online
alter table sales_leads add column if not exists first_word varchar(100);
create index concurrently if not exists ix_sales_leads_unfilled on sales_leads (id) where first_word is null;
-- leads: repeat
update sales_leads set first_word = split_part(coalesce(full_name, ''), ' ', 1) where id in (
  select id from sales_leads where first_word is null and id <= ${ROWS} order by id limit ${Number(values.batch)}
  for update skip locked);
drop index concurrently if exists ix_sales_leads_unfilled;
create index concurrently if not exists ix_sales_leads_first_word on sales_leads (first_word);`,
  'alter table sales_leads drop column first_word;',
)

interface Figures {
  phase: string
  seconds: number
  inserts: number
  p50_ms: number
  p99_ms: number
  max_ms: number
  /** The longest time that any client waited for a lock, as the server shows it. */
  lock_wait_ms: number
  items_per_s: number
}

/** Inserts single leads at a fixed pace until `done`, and notes how long each took. */
async function insertUntil(sql: Sql, isDone: () => boolean): Promise<number[]> {
  const taken: number[] = []
  while (!isDone()) {
    const started = performance.now()
    await sql`insert into sales_leads (full_name, email, source) values ('Ada Lovelace', ${`ada-${started}@example.com`}, 'api')`
    taken.push(performance.now() - started)
    await wait(INSERT_INTERVAL_MS)
  }
  return taken
}

/** The longest wait for a lock of a client that is not the migration itself. */
async function watchLocks(sql: Sql, isDone: () => boolean): Promise<number> {
  let longest_ms = 0
  while (!isDone()) {
    const [row] = await sql`
      select extract(epoch from max(clock_timestamp() - waitstart)) * 1000 as waited_ms
      from pg_locks join pg_stat_activity using (pid)
      where not granted and application_name <> 'leads migrate'`
    longest_ms = Math.max(longest_ms, Number(row?.waited_ms ?? 0))
    await wait(SAMPLE_INTERVAL_MS)
  }
  return longest_ms
}

const directory = await makeBenchDirectory()
const server = await startPostgres(directory, { durable: true })
const simulator = await startApifySimulator()
const figures: Figures[] = []

async function measure(url: string, phase: string, work: () => Promise<unknown>): Promise<void> {
  const [writer, watcher] = [connectBench(url), connectBench(url)]
  let isDone = false
  const started = performance.now()
  const [count] = await watcher`select sum(total_records) as n from apify_sync_states`
  const measuring = Promise.all([insertUntil(writer, () => isDone), watchLocks(watcher, () => isDone)])
  await work().finally(() => {
    isDone = true
  })
  const [taken, lock_wait_ms] = await measuring
  const seconds = (performance.now() - started) / 1000
  const [after] = await watcher`select sum(total_records) as n from apify_sync_states`
  figures.push({
    phase,
    seconds: round(seconds, 1),
    inserts: taken.length,
    p50_ms: round(percentile(taken, 0.5), 1),
    p99_ms: round(percentile(taken, 0.99), 1),
    max_ms: round(Math.max(...taken), 1),
    lock_wait_ms: round(lock_wait_ms, 1),
    items_per_s: Math.round((Number(after?.n ?? 0) - Number(count?.n ?? 0)) / seconds),
  })
  await Promise.all([writer.end(), watcher.end()])
}

/** Imports one run after the other until it is stopped. */
function importRuns(url: string): { stop(): Promise<void> } {
  let isStopped = false
  const importing = (async () => {
    const db = await openDatabase(url, { connections_max: 2 })
    for (let seed = 1; !isStopped; seed += 1) {
      const dataset = { generator: 'google-places', count: 20_000, seed } as const
      const run = simulator.state.addRun({ actor_id: 'ann/places', dataset, finished_at: Date.now() - 60_000 })
      await runSync(
        {
          db,
          apify: createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url }),
          map: createMapper(),
          log: noopLog,
          on_duplicate: 'merge',
          page_rows_max: 1000,
          settle_s: 0,
          follow_s: 1,
          now: () => new Date(),
          remaining_ms: () => 900_000,
        },
        run.id,
      )
    }
    await db.close()
  })()
  return {
    async stop() {
      isStopped = true
      await importing
    },
  }
}

try {
  const url = server.url('postgres')
  await migrateUp(url)
  const admin = connectBench(url)
  console.error(`Filling ${ROWS.toLocaleString('en')} leads …`)
  await fillLeads(admin, ROWS)
  await admin.unsafe('vacuum analyze sales_leads')
  const imports = importRuns(url)
  await measure(url, 'no migration', () => wait(QUIET_MS))
  await measure(url, 'column, batches, index', () =>
    migrateUp(url, { migrations: [...loadMigrations('postgres'), migration] }),
  )
  await imports.stop()
  const [filled] = await admin`
    select count(*) filter (where first_word is null and id <= ${ROWS}) as empty, count(*) as n,
      (select indisvalid from pg_index where indexrelid = 'ix_sales_leads_first_word'::regclass) as is_valid
    from sales_leads`
  await admin.end()
  console.log(`${describeMachine()}; ${ROWS.toLocaleString('en')} leads, batches of ${values.batch}`)
  console.log(
    `afterwards ${filled?.n} leads, ${filled?.empty} of the old ones not filled; the index is ${filled?.is_valid ? 'valid' : 'INVALID'}`,
  )
} finally {
  await simulator.close()
  await server.stop()
  await removeBenchDirectory(directory)
}

if (values.json) console.log(JSON.stringify({ machine: describeMachine(), rows: ROWS, figures }))
else
  printTable([
    ['phase', 'seconds', 'inserts', 'p50 ms', 'p99 ms', 'max ms', 'lock wait ms', 'items/s of the import'],
    ...figures.map(({ phase, ...row }) => [phase, ...Object.values(row)]),
  ])
if (figures.some(({ lock_wait_ms }) => lock_wait_ms > LOCK_WAIT_MS_MAX)) process.exitCode = 1
