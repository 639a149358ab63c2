import { readFile } from 'node:fs/promises'
import type { Sql } from 'postgres'
import { median, round } from '../../measure.ts'
import type { Bench } from '../bench.ts'
import { connectBench, copyPages } from '../postgres.ts'

/** Something of the three tables that a database can do without for once. */
interface Droppable {
  name: string
  drop: string
}

export interface IndexCosts {
  /** Microseconds of the server's processor time that COPY takes a lead, with everything. */
  copy_us: number
  /** How much less it takes without one of them. */
  without: Record<string, number>
  /** How far two measurements of the same lie apart. */
  noise_us: number
}

/** Databases that lack something and are measured together with one that lacks nothing. */
const GROUP = 4

/**
 * What each index and foreign key costs: COPY of the prepared pages into databases that lack one, page by page in turn
 * with one that lacks nothing. (Measured one database after the other, the machine's drift decides: 80 to 118 µs for the same.)
 * COPY, because the statement of a page needs some of the indexes for its look-ups; inserting into an index costs both
 * the same. Processor time of the server's processes instead of time on the clock, where the system tells it.
 */
export async function measureIndexes(bench: Bench): Promise<IndexCosts> {
  const all = await listDroppable(bench.reference)
  const nothing = { name: 'nothing', drop: 'select 1' }
  const shares = new Map<string, number[]>()
  const whole_us: number[] = []
  for (let turn = 0; turn < bench.options.rounds; turn += 1) {
    for (let first = 0; first <= all.length; first += GROUP) {
      const group = [nothing, ...all].slice(first, first + GROUP)
      const pages = await copyInTurn(bench, [nothing, ...group])
      for (const [whole = Number.NaN, ...without] of pages) {
        whole_us.push(whole)
        for (const [index, us] of without.entries()) {
          const { name } = group[index] as Droppable
          shares.set(name, [...(shares.get(name) ?? []), 1 - us / whole])
        }
      }
    }
  }
  const copy_us = median(whole_us)
  const cost = (name: string): number => round(median(shares.get(name) ?? []) * copy_us, 1)
  return {
    copy_us: round(copy_us, 1),
    without: Object.fromEntries(all.map(({ name }) => [name, cost(name)])),
    noise_us: Math.abs(cost(nothing.name)),
  }
}

async function listDroppable(url: string): Promise<Droppable[]> {
  const sql = connectBench(url)
  try {
    const tables = sql`('sales_leads'::regclass, 'lead_sources'::regclass, 'lead_events'::regclass)`
    const indexes = await sql`
      select indexrelid::regclass::text as name from pg_index
      where indrelid in ${tables} and not indisprimary order by indrelid, 1`
    // The one of sales_leads stays: foreign keys refer to it.
    const keys = await sql`
      select conname as name, conrelid::regclass::text as "table", contype = 'f' as "isForeign" from pg_constraint
      where conrelid in ${tables} and (contype = 'f' or contype = 'p' and conrelid <> 'sales_leads'::regclass)
      order by contype, 1`
    return [
      ...indexes.map(({ name }) => ({ name: name as string, drop: `drop index ${name}` })),
      ...keys.map(({ name, table, isForeign }) => ({
        name: isForeign ? `${name} (foreign key)` : (name as string),
        drop: `alter table ${table} drop constraint ${name}`,
      })),
    ]
  } finally {
    await sql.end()
  }
}

/** Microseconds a lead that each of the databases took: one list a page, in the order of `lacking`. */
async function copyInTurn(bench: Bench, lacking: readonly Droppable[]): Promise<number[][]> {
  const { engine, reference, prepared, options } = bench
  const urls: string[] = []
  const connections: Sql[] = []
  const pages: number[][] = []
  try {
    for (const { drop } of lacking) {
      const url = await engine.create()
      urls.push(url)
      await engine.copyCompanies(reference, url)
      const sql = connectBench(url)
      connections.push(sql)
      await sql.unsafe(drop)
    }
    // The last page is not full.
    for (const [index, page] of prepared.slice(0, -1).entries()) {
      const us: number[] = []
      // Another one first each time.
      const order = connections.map((_, at) => (at + index) % connections.length)
      for (const at of order) {
        const sql = connections[at] as Sql
        const before = await serverMs(sql)
        await copyPages(sql, [page])
        us[at] = (((await serverMs(sql)) - before) * 1000) / options.page_rows
      }
      // The first one reads the catalogue and plans the checks of foreign keys.
      if (index > 0) pages.push(us)
    }
  } finally {
    for (const sql of connections) await sql.end()
    for (const url of urls) await engine.drop(url)
  }
  return pages
}

/** Processor time of the connection's server process, in ms; time on the clock where the system does not tell. */
async function serverMs(sql: Sql): Promise<number> {
  const [row] = await sql`select pg_backend_pid() as pid`
  try {
    const [nanoseconds] = (await readFile(`/proc/${row?.pid as number}/schedstat`, 'utf8')).split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return performance.now()
  }
}
