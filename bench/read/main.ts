import { migrateUp } from '@leads/core/database/migrations/migrate'
import postgres from 'postgres'
import { startPostgres } from '../../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { countFilledLeads, fillLeads } from '../fill.ts'
import { describeMachine } from '../machine.ts'
import { printBars, printTable } from '../measure.ts'
import { type Api, startApi } from './api.ts'
import { compareDeep, compareList, compareRead, compareSizes, type ListFigures } from './compare.ts'
import { readOptions } from './options.ts'
import { profileReads } from './profile.ts'
import { buildTargets, type Target } from './targets.ts'
import { type Timing, timeCalls } from './timing.ts'

/** The p99 of every list, in ms, on a machine with nothing else to do. */
const LIST_P99_MS = 20

interface SizeFigures extends ListFigures {
  timings: Record<string, Timing & { http: Timing }>
  /** Lists whose p99 is above the bound. */
  lists_over_p99: string[]
  /** One lead, and its history, against postgres.js, prepared, for the same SQL. */
  lead_over_raw: number
  history_over_raw: number
  deep_over_first: number
  profile_ms_per_1000?: Record<string, unknown>
}

const options = readOptions()
console.log(describeMachine())
const directory = await makeBenchDirectory()
const server = await startPostgres(directory, { durable: true })
const bySize: Record<number, SizeFigures> = {}
const [smallest, largest] = [Math.min(...options.sizes), Math.max(...options.sizes)]
let largeOverSmall: number | null = null
try {
  const urls: Record<number, string> = {}
  for (const leads of options.sizes) {
    const url = await createDatabase(leads)
    urls[leads] = url
    bySize[leads] = await measureSize(url, leads)
  }
  if (largest > smallest) {
    const [small, large] = [urls[smallest] as string, urls[largest] as string]
    largeOverSmall = await compareSizes({ small, large }, options.seconds)
    console.log(
      `\nThe list with ${largest.toLocaleString('en')} leads over ${smallest.toLocaleString('en')}: ${largeOverSmall}`,
    )
  }
} finally {
  await server.stop()
  await removeBenchDirectory(directory)
}
if (options.is_json) {
  const { list_ratio_to_pgbench, list_over_raw, list_over_raw_json, lead_over_raw, history_over_raw, deep_over_first } =
    bySize[largest] as SizeFigures
  const listsOverP99 = Object.values(bySize).reduce((sum, figures) => sum + figures.lists_over_p99.length, 0)
  console.log(
    JSON.stringify({
      list_ratio_to_pgbench,
      list_over_raw,
      list_over_raw_json,
      lead_over_raw,
      history_over_raw,
      deep_over_first,
      large_over_small: largeOverSmall,
      lists_over_p99: listsOverP99,
      sizes: bySize,
    }),
  )
}

async function measureSize(url: string, leads: number): Promise<SizeFigures> {
  const api = await startApi(url)
  try {
    console.log(`\n${leads.toLocaleString('en')} leads, milliseconds of a call, one at a time`)
    const targets = buildTargets(leads)
    const timings = await measureTargets(api, targets)
    const lists_over_p99 = Object.entries(timings).flatMap(([name, { p99 }]) =>
      isOver(targets[name], p99) ? [name] : [],
    )
    console.log(
      lists_over_p99.length === 0
        ? `Every list's p99 is below ${LIST_P99_MS} ms`
        : `p99 of ${LIST_P99_MS} ms or more: ${lists_over_p99.join(', ')}`,
    )
    const lists = Object.entries(timings).filter(([name]) => targets[name]?.isList)
    printBars(
      lists.map(([name, { p50 }]) => [`${name}, p50`, p50]),
      Math.max(...lists.map(([, { p50 }]) => p50)),
    )
    const figures = await compareList(api, { url, directory, seconds: options.seconds })
    const read = (name: string, table: string): Promise<number> =>
      compareRead(api, { url, seconds: options.seconds }, { path: targets[name]?.path ?? '', table })
    const lead_over_raw = await read('get', 'sales_leads')
    const history_over_raw = await read('history', 'lead_events')
    console.log(`Handler over postgres.js: one lead ${lead_over_raw}, its history ${history_over_raw}`)
    const deep_over_first = await compareDeep(api, options)
    const profile = options.is_profiled ? { profile_ms_per_1000: await profileReads(api, leads, options.seconds) } : {}
    return { timings, lists_over_p99, ...figures, lead_over_raw, history_over_raw, deep_over_first, ...profile }
  } finally {
    await api.close()
  }
}

function isOver(target: Target | undefined, p99: number): boolean {
  return Boolean(target?.isList) && p99 >= LIST_P99_MS
}

async function measureTargets(api: Api, targets: Record<string, Target>): Promise<SizeFigures['timings']> {
  const timings: SizeFigures['timings'] = {}
  const head = ['', 'p50', 'p95', 'p99', `p99 < ${LIST_P99_MS}`, 'calls/s', 'HTTP p50', 'HTTP p99', 'HTTP calls/s']
  const rows: (string | number)[][] = [head]
  for (const [name, target] of Object.entries(targets)) {
    const { path, isList } = target
    const timing = await timeCalls(options.seconds, () => api.invoke(path))
    const http = await timeCalls(options.seconds / 2, () => api.request(path))
    timings[name] = { ...timing, http }
    const verdict = isOver(target, timing.p99) ? 'FAIL' : 'pass'
    const { p50, p95, p99, per_s } = timing
    rows.push([name, p50, p95, p99, isList ? verdict : '–', per_s, http.p50, http.p99, http.per_s])
  }
  printTable(rows)
  return timings
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
  await countFilledLeads(url)
  await sql.unsafe('vacuum analyze')
  await sql.end()
  return url
}
