import { migrateUp } from '@leads/core/database/migrate'
import postgres from 'postgres'
import { startPostgres } from '../../test/setup/postgres-server.ts'
import { captureQueries, withLiterals } from '../capture.ts'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { fillLeads } from '../fill.ts'
import { describeMachine } from '../machine.ts'
import { printTable, round } from '../measure.ts'
import { type Api, startApi } from './api.ts'
import { readOptions } from './options.ts'
import { type Timing, timeCalls, timePgbench } from './timing.ts'

/** Active leads of a country and status, newest first: the list of the schema's usage patterns. */
const LIST = '/leads?country=DE&lead_status=new&limit=100'

const targets: Record<string, string> = {
  list: LIST,
  'list, all leads': '/leads?limit=100',
  'list with source and company': `${LIST}&include=source,company`,
  search: '/leads?q=last4242&limit=100',
  get: '/leads/4242',
  history: '/leads/4242/events',
  source: '/leads/4242/source',
  companies: '/companies?limit=100',
  stats: '/stats',
}

interface SizeFigures {
  timings: Record<string, Timing>
  list_ratio_to_pgbench: number | null
  list_over_raw: number
  deep_over_first: number
}

const options = readOptions()
console.log(describeMachine())
const directory = await makeBenchDirectory()
const server = await startPostgres(directory, { durable: true })
const bySize: Record<number, SizeFigures> = {}
try {
  for (const leads of options.sizes) bySize[leads] = await measureSize(leads)
} finally {
  await server.stop()
  await removeBenchDirectory(directory)
}
if (options.is_json) {
  const [smallest, largest] = [Math.min(...options.sizes), Math.max(...options.sizes)]
  const of = (leads: number) => bySize[leads] as SizeFigures
  const p50 = (leads: number) => of(leads).timings.list?.p50 ?? Number.NaN
  const { list_ratio_to_pgbench, list_over_raw, deep_over_first } = of(largest)
  const large_over_small = round(p50(largest) / p50(smallest))
  console.log(
    JSON.stringify({ list_ratio_to_pgbench, list_over_raw, deep_over_first, large_over_small, sizes: bySize }),
  )
}

async function measureSize(leads: number): Promise<SizeFigures> {
  const url = await createDatabase(leads)
  const api = await startApi(url)
  const raw = postgres(url, { max: 1, onnotice: () => {} })
  try {
    console.log(`\n${leads.toLocaleString('en')} leads, milliseconds of a call, one at a time`)
    const timings: Record<string, Timing> = {}
    const rows: (string | number)[][] = [['', 'p50', 'p95', 'p99', 'calls/s', 'HTTP p50', 'HTTP calls/s']]
    for (const [name, target] of Object.entries(targets)) {
      const timing = await timeCalls(options.seconds, () => api.invoke(target))
      const http = await timeCalls(options.seconds / 2, () => api.request(target))
      timings[name] = timing
      rows.push([name, timing.p50, timing.p95, timing.p99, timing.per_s, http.p50, http.per_s])
    }
    printTable(rows)

    const queries = await captureQueries(() => api.invoke(LIST))
    const list = queries.find(({ sql }) => sql.includes('sales_leads'))
    if (!list) throw new Error('The list sent no query for leads.')
    // In turn, so that both meet the machine in the same mood.
    const handler: Timing[] = []
    const driver: Timing[] = []
    const limit: (number | null)[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const seconds = options.seconds / 2
      handler.push(await timeCalls(seconds, () => api.invoke(LIST)))
      driver.push(await timeCalls(seconds, () => raw.unsafe(list.sql, list.parameters as never[], { prepare: true })))
      limit.push(await timePgbench({ url, directory, seconds: Math.max(1, Math.round(seconds)) }, withLiterals(list)))
    }
    const middle = <Value>(values: Value[], by: (value: Value) => number): Value =>
      [...values].sort((a, b) => by(a) - by(b))[values.length >> 1] as Value
    const ours = middle(handler, ({ p50 }) => p50)
    const theirs = middle(driver, ({ p50 }) => p50)
    const best = middle(limit, (rate) => rate ?? 0)
    const deep_over_first = await compareDeep(api)
    const list_ratio_to_pgbench = best === null ? null : round(ours.per_s / best)
    const list_over_raw = round(ours.p50 / theirs.p50)
    console.log(
      `The list: handler ${ours.p50} ms, ${ours.per_s}/s; postgres.js prepared ${theirs.p50} ms, ${theirs.per_s}/s`,
    )
    console.log(
      best === null ? 'pgbench is not installed' : `pgbench ${best}/s: handler ${list_ratio_to_pgbench} of it`,
    )
    console.log(`Page ${options.depth.toLocaleString('en')} over the first: ${deep_over_first}`)
    return { timings, list_ratio_to_pgbench, list_over_raw, deep_over_first }
  } finally {
    await raw.end()
    await api.close()
  }
}

async function createDatabase(leads: number): Promise<string> {
  const admin = postgres(server.url('postgres'), { max: 1, onnotice: () => {} })
  const name = `leads_${leads}`
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  const url = server.url(name)
  await migrateUp(url)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillLeads(sql, leads)
  await sql.unsafe('vacuum analyze')
  await sql.end()
  return url
}

/** How much longer a page far down the list of all leads takes than the first. */
async function compareDeep(api: Api): Promise<number> {
  const all = '/leads?limit=100'
  let target = all
  for (let page = 1; page < options.depth; page += 1) {
    const { next_cursor } = JSON.parse(await api.invoke(target)) as { next_cursor: string | null }
    if (next_cursor === null) break
    target = `${all}&cursor=${encodeURIComponent(next_cursor)}`
  }
  const first: number[] = []
  const deep: number[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    first.push((await timeCalls(options.seconds / 4, () => api.invoke(all))).p50)
    deep.push((await timeCalls(options.seconds / 4, () => api.invoke(target))).p50)
  }
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number
  return round(middle(deep) / middle(first))
}
