import { connect, type Socket } from 'node:net'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import postgres, { type Sql } from 'postgres'
import { startPostgres } from '../../test/setup/postgres-server.ts'
import type { BenchEngine, PreparedPage } from './engine.ts'

/** Without TCP_NODELAY, which postgres.js doesn't set, each COPY would wait 40 ms for an acknowledgement. */
function openSocket({ host, port }: { host: string[]; port: number[] }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host[0] as string, port: port[0] as number, noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One connection to a database of the bench. */
export const connectBench = (url: string): Sql =>
  postgres(url, { max: 1, onnotice: () => {}, ...({ socket: openSocket } as Record<string, unknown>) })

/** A server with its own settings for durability. Databases are clones of a template that has the schema. */
export async function startPostgresBench(directory: string): Promise<BenchEngine> {
  const server = await startPostgres(directory, { durable: true })
  const admin = connectBench(server.url('postgres'))
  await admin.unsafe('create database template_leads')
  await migrateUp(server.url('template_leads'))
  let count = 0
  const [settings] = await admin.unsafe(`select version(), current_setting('fsync') fsync,
    current_setting('synchronous_commit') synchronous_commit, current_setting('shared_buffers') shared_buffers,
    current_setting('max_wal_size') max_wal_size`)
  return {
    name: 'postgres',
    limit_name: 'COPY',
    description: `${String(settings?.version).split(' on ')[0]}, fsync ${settings?.fsync}, synchronous_commit ${
      settings?.synchronous_commit
    }, shared_buffers ${settings?.shared_buffers}, max_wal_size ${settings?.max_wal_size}`,
    async create(template = 'template_leads') {
      const name = `bench_${++count}`
      await admin.unsafe(`create database ${name} template ${template.replace(/.*\//, '')}`)
      return server.url(name)
    },
    async drop(url) {
      await admin.unsafe(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
    },
    prepare,
    copyCompanies,
    loadPrepared,
    async stop() {
      await admin.end({ timeout: 1 })
      await server.stop()
    },
  }
}

const tables = ['sales_leads', 'lead_sources', 'lead_events', 'lead_identities'] as const

async function copyOut(sql: Sql, query: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  await pipeline(
    await sql.unsafe(`copy (${query}) to stdout`).readable(),
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk)
        done()
      },
    }),
  )
  return Buffer.concat(chunks)
}

async function copyIn(sql: Sql, table: string, rows: Buffer): Promise<void> {
  const stream = await sql.unsafe(`copy ${table} from stdin`).writable()
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.once('finish', resolve)
    stream.end(rows)
  })
}

async function prepare(url: string, page_rows: number): Promise<PreparedPage[]> {
  const sql = connectBench(url)
  try {
    const pages: PreparedPage[] = []
    const [last] = await sql.unsafe('select max(id) as id from sales_leads')
    for (let first = 1; first <= (last?.id as number); first += page_rows) {
      const between = `between ${first} and ${first + page_rows - 1}`
      const page = await Promise.all([
        copyOut(sql, `select * from sales_leads where id ${between} order by id`),
        copyOut(sql, `select * from lead_sources where lead_id ${between} order by id`),
        copyOut(sql, `select * from lead_events where lead_id ${between} order by id`),
        copyOut(sql, `select * from lead_identities where lead_id ${between} order by identity`),
      ])
      pages.push({ tables: page })
    }
    return pages
  } finally {
    await sql.end()
  }
}

async function copyCompanies(from: string, to: string): Promise<void> {
  const [source, target] = [connectBench(from), connectBench(to)]
  try {
    await copyIn(target, 'companies', await copyOut(source, 'select * from companies order by id'))
  } finally {
    await Promise.all([source.end(), target.end()])
  }
}

/** Loads prepared pages over this connection, one transaction each. */
export async function copyPages(sql: Sql, pages: readonly PreparedPage[]): Promise<void> {
  for (const page of pages) {
    await sql.begin(async (trx) => {
      for (const [index, table] of tables.entries())
        await copyIn(trx as unknown as Sql, table, page.tables[index] as Buffer)
    })
  }
}

async function loadPrepared(url: string, pages: readonly PreparedPage[]): Promise<number> {
  const sql = connectBench(url)
  try {
    await sql.unsafe('select 1')
    const started = performance.now()
    await copyPages(sql, pages)
    return performance.now() - started
  } finally {
    await sql.end()
  }
}
