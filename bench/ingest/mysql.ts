import { Readable } from 'node:stream'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { startMariadb } from '../../test/setup/mariadb-server.ts'
import type { BenchEngine, PreparedPage } from './engine.ts'

const tables = ['sales_leads', 'lead_sources', 'lead_events', 'lead_identities'] as const

const connect = (url: string): Promise<Connection> =>
  createConnection({ uri: url, charset: 'utf8mb4_bin', flags: ['+LOCAL_FILES'] })

export async function startMysqlBench(directory: string): Promise<BenchEngine> {
  const server = await startMariadb(directory, { durable: true })
  const admin = await connect(server.url(''))
  const [settings] = await admin.query<RowDataPacket[]>(`select version() as version,
    @@innodb_flush_log_at_trx_commit as flush_log, @@innodb_buffer_pool_size div 1048576 as pool_mb`)
  let count = 0
  return {
    name: 'mysql',
    limit_name: 'LOAD DATA',
    description: `MariaDB ${settings[0]?.version}, innodb_flush_log_at_trx_commit ${
      settings[0]?.flush_log
    }, innodb_buffer_pool_size ${settings[0]?.pool_mb} MB`,
    async create(template) {
      const name = `bench_${++count}`
      await admin.query(`create database ${name}`)
      await migrateUp(server.url(name))
      if (template !== undefined) await copyRows(admin, nameOf(template), name)
      return server.url(name)
    },
    async drop(url) {
      await admin.query(`drop database ${nameOf(url)}`)
    },
    prepare,
    copyCompanies,
    loadPrepared,
    async stop() {
      admin.destroy()
      await server.stop()
    },
  }
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

/** Rows in the order of their keys, so that the copy's tables are as dense as ones that were filled from the start. */
async function copyRows(admin: Connection, from: string, to: string): Promise<void> {
  const [columns] = await admin.query<RowDataPacket[]>(
    `select table_name as name, group_concat('\`', column_name, '\`') as columns from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = ? and table_type = 'BASE TABLE' and is_generated = 'NEVER' group by table_name`,
    [from],
  )
  await admin.query('set foreign_key_checks = 0')
  for (const { name, columns: names } of columns) {
    await admin.query(`truncate table ${to}.${name}`)
    await admin.query(`insert into ${to}.${name} (${names}) select ${names} from ${from}.${name}`)
  }
  await admin.query('set foreign_key_checks = 1')
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\0': '\\0' }
const cell = (value: unknown): string =>
  value === null ? '\\N' : String(value).replace(/[\\\n\t\0]/g, (character) => escapes[character] as string)

async function readRows(connection: Connection, query: string): Promise<Buffer> {
  const [rows] = await connection.query<RowDataPacket[][]>({
    sql: query,
    rowsAsArray: true,
    typeCast: (field) => field.string('utf8'),
  })
  return Buffer.from(rows.map((row) => `${row.map(cell).join('\t')}\n`).join(''))
}

async function load(connection: Connection, table: string, rows: Buffer): Promise<void> {
  await connection.query({
    sql: `load data local infile 'rows' into table ${table} character set utf8mb4`,
    infileStreamFactory: () => Readable.from([rows]),
  } as never)
}

async function prepare(url: string, page_rows: number): Promise<PreparedPage[]> {
  const connection = await connect(url)
  const pages: PreparedPage[] = []
  const [last] = await connection.query<RowDataPacket[]>('select max(id) as id from sales_leads')
  for (let first = 1; first <= Number(last[0]?.id); first += page_rows) {
    const between = `between ${first} and ${first + page_rows - 1}`
    pages.push({
      tables: [
        await readRows(connection, `select * from sales_leads where id ${between} order by id`),
        await readRows(connection, `select * from lead_sources where lead_id ${between} order by id`),
        await readRows(connection, `select * from lead_events where lead_id ${between} order by id`),
        await readRows(connection, `select * from lead_identities where lead_id ${between} order by identity`),
      ],
    })
  }
  await connection.end()
  return pages
}

async function copyCompanies(from: string, to: string): Promise<void> {
  const [source, target] = [await connect(from), await connect(to)]
  await load(target, 'companies', await readRows(source, 'select * from companies order by id'))
  await Promise.all([source.end(), target.end()])
}

async function loadPrepared(url: string, pages: readonly PreparedPage[]): Promise<number> {
  const connection = await connect(url)
  const started = performance.now()
  for (const page of pages) {
    await connection.query('begin')
    for (const [index, table] of tables.entries()) await load(connection, table, page.tables[index] as Buffer)
    await connection.query('commit')
  }
  const ms = performance.now() - started
  await connection.end()
  return ms
}
