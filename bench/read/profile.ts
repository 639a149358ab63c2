import { join } from 'node:path'
import { round } from '../measure.ts'
import { startProfile } from '../profile/record.ts'
import { type Part, printSplit, splitProfile } from '../profile/split.ts'
import type { Api } from './api.ts'
import { buildTargets } from './targets.ts'

const DIRECTORY = 'bench-profile'
const PROFILED = ['list', 'list with source and company', 'get'] as const

/** The parts of a read's time. JSON is counted for the function that makes it. */
const parts: Part[] = [
  { name: 'the bench itself', file: /bench\/read\/|cli\/src\/stack\// },
  { name: 'JSON of the answer, its headers', file: /functions\/http\/(present|etag)/ },
  { name: 'the key', file: /core\/src\/api-keys\/|functions\/http\/guard/ },
  {
    name: 'reading and checking the request',
    file: /functions\/http\/(read|schemas)|node_modules\/zod|core\/src\/lists\/(cursor|filter)/,
  },
  {
    name: 'rows as the API shows them',
    file: /core\/src\/(leads|companies|events|sources|stats)\/|functions\/operations/,
  },
  { name: 'query builder', file: /node_modules\/kysely|core\/src\/lists\// },
  { name: 'driver and its sockets', file: /node_modules\/postgres\/|core\/src\/database\// },
  {
    name: 'middleware, log, configuration',
    file: /@middy|@aws-lambda-powertools|core\/src\/(log|config)|functions\/http\.ts|functions\/database/,
  },
  { name: 'sockets and streams', file: /^node:/, isLast: true },
]

/** Profiles so many seconds of some calls, one at a time; writes the profiles, prints and returns the splits. */
export async function profileReads(api: Api, leads: number, seconds: number): Promise<Record<string, unknown>> {
  const figures: Record<string, unknown> = {}
  const targets = buildTargets(leads)
  for (const name of PROFILED) {
    const { path = '' } = targets[name] ?? {}
    const file = join(DIRECTORY, `read-${leads}-${name.replaceAll(/\W+/g, '-')}.cpuprofile`)
    for (let call = 0; call < 200; call += 1) await api.invoke(path)
    const stop = await startProfile()
    const ends = performance.now() + seconds * 1000
    let calls = 0
    for (; performance.now() < ends; calls += 1) await api.invoke(path)
    await stop(file)
    const split = await splitProfile(file, parts)
    console.log(`\n${name}: ${calls} calls; ${file}`)
    printSplit(split, { count: calls, of: 'calls' })
    const each = (ms: number): number => round((ms / calls) * 1000, 1)
    figures[name] = Object.fromEntries(Object.entries(split.ms).map(([part, ms]) => [part, each(ms)]))
  }
  return figures
}
