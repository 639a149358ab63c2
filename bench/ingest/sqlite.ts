import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import type { BenchEngine, PreparedPage } from './engine.ts'

const tables = ['sales_leads', 'lead_sources', 'lead_events', 'lead_identities'] as const
const path = (url: string): string => url.slice('sqlite:'.length)

/** As the product opens its files. */
function open(url: string): DatabaseSync {
  const database = new DatabaseSync(path(url))
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -8192')
  database.exec('pragma wal_autocheckpoint = 8192')
  return database
}

export async function startSqliteBench(directory: string): Promise<BenchEngine> {
  const template = `sqlite:${join(directory, 'template.db')}`
  await migrateUp(template)
  let count = 0
  const version = new DatabaseSync(':memory:').prepare('select sqlite_version() as version').get()?.version
  return {
    name: 'sqlite',
    limit_name: 'prepared inserts',
    description: `SQLite ${version}, journal_mode wal, synchronous normal`,
    async create(from = template) {
      const url = `sqlite:${join(directory, `bench-${++count}.db`)}`
      await copyFile(path(from), path(url))
      return url
    },
    async drop(url) {
      for (const suffix of ['', '-wal', '-shm']) await rm(path(url) + suffix, { force: true })
    },
    prepare,
    copyCompanies,
    loadPrepared,
    async stop() {},
  }
}

type Rows = SQLInputValue[][]

function readRows(database: DatabaseSync, query: string): Rows {
  return database
    .prepare(query)
    .all()
    .map((row) => Object.values(row))
}

async function prepare(url: string, page_rows: number): Promise<PreparedPage[]> {
  const database = open(url)
  const pages: PreparedPage[] = []
  const last = Number(database.prepare('select max(id) as id from sales_leads').get()?.id)
  for (let first = 1; first <= last; first += page_rows) {
    const between = `between ${first} and ${first + page_rows - 1}`
    pages.push({
      tables: [
        readRows(database, `select * from sales_leads where id ${between} order by id`),
        readRows(database, `select * from lead_sources where lead_id ${between} order by id`),
        readRows(database, `select * from lead_events where lead_id ${between} order by id`),
        readRows(database, `select * from lead_identities where lead_id ${between} order by identity`),
      ],
    })
  }
  database.close()
  return pages
}

function insertRows(database: DatabaseSync, table: string, rows: Rows): void {
  const statement = database.prepare(`insert into ${table} values (${(rows[0] ?? []).map(() => '?').join(', ')})`)
  for (const row of rows) statement.run(...row)
}

async function copyCompanies(from: string, to: string): Promise<void> {
  const [source, target] = [open(from), open(to)]
  insertRows(target, 'companies', readRows(source, 'select * from companies order by id'))
  source.close()
  target.close()
}

async function loadPrepared(url: string, pages: readonly PreparedPage[]): Promise<number> {
  const database = open(url)
  const started = performance.now()
  for (const page of pages) {
    database.exec('begin immediate')
    for (const [index, table] of tables.entries()) insertRows(database, table, page.tables[index] as Rows)
    database.exec('commit')
  }
  const ms = performance.now() - started
  database.close()
  return ms
}
