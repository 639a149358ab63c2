import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ApifySimulator } from '@leads/apify-simulator/server'
import { type ChildFunction, createChildFunction } from '@leads/cli/stack/child-function'
import { invokeHandler } from '@leads/cli/stack/lambda'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import type { Database } from '@leads/core/database/engine'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { sql } from 'kysely'
import type { Pgbouncer } from '../setup/pgbouncer-server.ts'
import type { TestServer } from '../setup/postgres-server.ts'
import type { Dice } from './dice.ts'
import { startProxy, type TcpProxy } from './proxy.ts'
import { type FaultyQueue, startFaultyQueue } from './queue.ts'
import { countMysqlStatements, countPostgresStatements } from './statements.ts'

export type FaultEngine = 'sqlite' | 'postgres' | 'mysql'
export type Consumer = 'product' | 'naive'

export interface SiteOptions {
  engine: FaultEngine
  consumer: Consumer
  /** The engine's server; none for SQLite. */
  server: TestServer | undefined
  /** What the consumers connect to in place of the server. */
  pooler: Pgbouncer | undefined
  directory: string
  simulator: ApifySimulator
  dice: Dice
  page_rows_max: number
  /** Seconds an invocation may take before it is killed. */
  timeout_s: number
  concurrency: number
  /** Of a killed consumer; 0 lets consumers race for each page. */
  lease_s: number
  /** Items of a range; 0: runs are not split. */
  range_items: number
}

/** A separate pipeline: a new database behind a proxy, a queue, consumers in processes. */
export interface Site {
  readonly options: SiteOptions
  db: Database
  proxy: TcpProxy | undefined
  queue: FaultyQueue
  /** Number of killed processes. */
  kills: number
  /** What the consumers printed last, for a report of what went wrong. */
  output(): string
  /** SIGKILL to every consumer process; false when there was none. */
  kill(): boolean
  /** Delivers what is in the queue until it is empty. */
  drain(timeout_ms?: number): Promise<void>
  close(): Promise<void>
}

const projectRoot = fileURLToPath(new URL('../../', import.meta.url))
let count = 0

export async function openSite(options: SiteOptions): Promise<Site> {
  const { engine, consumer, server, pooler, directory, dice, timeout_s, concurrency } = options
  const name = `faults_${process.pid}_${++count}`
  const path = join(directory, `${name}.db`)
  const direct_url = server ? server.url(name) : `sqlite:${path}`
  if (server) await onServer(server, engine, `create database ${name}`)
  await migrateUp(direct_url)
  const db = await openDatabase(direct_url, { connections_max: 3 })
  if (consumer === 'naive') await withoutUniqueKey(db, engine)
  const proxy =
    server &&
    (await startProxy((pooler ?? server).port, engine === 'postgres' ? countPostgresStatements : countMysqlStatements))
  const consumer_url = new URL((pooler ?? server)?.url(name) ?? direct_url)
  if (proxy) consumer_url.port = String(proxy.port)
  const queue = await startFaultyQueue(dice)

  let output = ''
  const consumers = createConsumers(options, consumer_url.href, queue, (text) => {
    output = (output + text).slice(-20_000)
  })

  const deliver = async (event: SQSEvent): Promise<SQSBatchResponse | null> => {
    const invocation = {
      handler: consumers.handler,
      event,
      function_name: 'sync-consumer',
      timeout_ms: timeout_s * 1000,
    }
    const result = await invokeHandler(invocation)
    if (!result.ok) throw new Error(result.error.errorMessage)
    return result.payload as SQSBatchResponse | null
  }

  const site: Site = {
    options,
    db,
    proxy,
    queue,
    kills: 0,
    output: () => output,
    kill() {
      const pids = consumers.pids()
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      site.kills += pids.length
      return pids.length > 0
    },
    drain: (timeout_ms = 300_000) => queue.run(deliver, { concurrency, timeout_ms }),
    async close() {
      await consumers.close(0)
      await queue.close()
      await proxy?.close()
      await db.close()
      if (server) await onServer(server, engine, dropDatabase(engine, name))
      else for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true })
    },
  }
  return site
}

function createConsumers(
  { consumer, timeout_s, concurrency, simulator, page_rows_max, lease_s, range_items }: SiteOptions,
  database_url: string,
  queue: FaultyQueue,
  onOutput: (text: string) => void,
): ChildFunction<SQSEvent> {
  return createChildFunction<SQSEvent>({
    function_name: 'sync-consumer',
    task_root: projectRoot,
    handler: consumer === 'product' ? 'functions/handlers/sync-consumer.handler' : 'test/faults/naive-consumer.handler',
    timeout_ms: timeout_s * 1000,
    maximum_concurrency: concurrency,
    env: {
      ...localAwsEnvironment(queue.endpoint),
      NODE_OPTIONS: '',
      LOG_LEVEL: 'WARN',
      DATABASE_URL: database_url,
      DATABASE_CONNECTIONS_MAX: '2',
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      SYNC_QUEUE_URL: queue.url,
      SYNC_PAGE_ROWS_MAX: String(page_rows_max),
      SYNC_SETTLE_SECONDS: '0',
      SYNC_FOLLOW_SECONDS: '1',
      SYNC_LEASE_SECONDS: String(lease_s),
      SYNC_RANGE_ITEMS: String(range_items),
    },
    onOutput,
  })
}

/** The table as the plain index of a naive design leaves it: nothing but a SELECT keeps duplicates out. */
async function withoutUniqueKey(db: Database, engine: FaultEngine): Promise<void> {
  const table = engine === 'mysql' ? ' on sales_leads' : ''
  await sql.raw(`drop index idx_provider_external${table}`).execute(db.kysely)
  await sql.raw('create index idx_provider_external on sales_leads (provider_name, external_id)').execute(db.kysely)
}

const dropDatabase = (engine: FaultEngine, name: string): string =>
  `drop database if exists ${name}${engine === 'postgres' ? ' with (force)' : ''}`

async function onServer(server: TestServer, engine: FaultEngine, statement: string): Promise<void> {
  const admin = await openDatabase(server.url(engine === 'postgres' ? 'postgres' : ''), { connections_max: 1 })
  try {
    await sql.raw(statement).execute(admin.kysely)
  } finally {
    await admin.close()
  }
}

/** The resident memory of a process in MB. */
export const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
