import { join } from 'node:path'
import { round } from '../measure.ts'
import { type Part, printSplit, splitProfile } from '../profile/split.ts'
import type { Bench } from './bench.ts'
import { PROFILE_DIRECTORY } from './options.ts'
import type { Figures } from './sections/figures.ts'
import type { TaskResult } from './worker.ts'

/** The parts of a consumer's time. */
const parts: Part[] = [
  { name: 'hashing', file: /ingest\/field-hashes|internal\/crypto/ },
  { name: 'mapping', file: /packages\/core\/src\/mapping\// },
  // parsePage reads whole texts by JSON.parse, whose time the profiler counts for its caller.
  { name: 'JSON parse', file: /apify\/dataset-page/, named: /parse/i },
  { name: 'HTTP and gzip', file: /packages\/core\/src\/apify\/|undici|internal\/deps\/undici|node:zlib|node:_?http/ },
  {
    name: 'queue and the function around the sync',
    file: /@aws-|@smithy|cli\/src\/stack|\/functions\//,
  },
  {
    name: 'text for the statement',
    file: /statements\/(postgres|portable)|database\/value-codec/,
  },
  { name: 'SQLite and its statements', file: /(database|statements)\/sqlite/ },
  { name: 'planning the page', file: /packages\/core\/src\/(ingest|syncs|duplicates)\// },
  {
    name: 'driver and query builder',
    file: /node_modules\/(postgres|mysql2|kysely)\/|node:sqlite|core\/src\/database\//,
  },
  { name: 'sockets and streams', file: /^node:/, isLast: true },
]

/** Profiles one end to end and three database stages (new, known and changed items), after one of each to warm up. */
export async function profileIngest(bench: Bench): Promise<Figures> {
  const split: Record<string, unknown> = {}
  const ways = {
    'end-to-end': (url: string, profile?: string) => bench.endToEnd(url, profile === undefined ? {} : { profile }),
    'database-stage': (url: string, profile?: string) => bench.stage(url, profile === undefined ? {} : { profile }),
    'known-items': (url: string, profile?: string) =>
      bench.stage(url, { run_id: 'again', ...(profile === undefined ? {} : { profile }) }),
    'changed-items': (url: string, profile?: string) => {
      const items = { ...bench.items, changed_share: 1 }
      return bench.stage(url, { run_id: 'again', items, ...(profile === undefined ? {} : { profile }) })
    },
  } satisfies Record<string, (url: string, profile?: string) => Promise<TaskResult>>
  for (const [way, run] of Object.entries(ways)) {
    const file = join(PROFILE_DIRECTORY, `${bench.engine.name}-${way}.cpuprofile`)
    const before = way.endsWith('-items') ? bench.reference : undefined
    await bench.onFresh((url) => run(url), before)
    const { ms, cpu_ms } = await bench.onFresh((url) => run(url, file), before)
    const each = (value: number): number => round((value / bench.options.rows) * 1000, 1)
    const times = await splitProfile(file, parts)
    console.log(
      `${way}: ${each(ms)} ms for 1,000 items, of which ${each(cpu_ms)} on processors of the consumer; ${file}`,
    )
    printSplit(times, { count: bench.options.rows, of: 'items' })
    console.log()
    split[way] = Object.fromEntries(Object.entries(times.ms).map(([name, value]) => [name, each(value)]))
  }
  return { profile_ms_per_1000: split }
}
