import { readFile } from 'node:fs/promises'
import type { Profiler } from 'node:inspector'
import { printTable, round } from '../measure.ts'

/** Code whose time counts as one part: by file, or by function where `named` is given. The first that fits counts. */
export interface Part {
  name: string
  file?: RegExp
  named?: RegExp
  /** Counts only what is called by no other part, such as Node's sockets, which a driver calls. */
  isLast?: true
}

const GARBAGE = 'garbage collection'
const IDLE = 'waiting'
const NATIVE = 'V8 and Node itself (compiling, native code)'
const own = new Map([
  ['(garbage collector)', GARBAGE],
  ['(idle)', IDLE],
  ['(program)', NATIVE],
])
/** Starting and stopping the profiler, which takes as long as a page. */
const PROFILER = /^node:inspector/

export interface TimeSplit {
  /** Milliseconds by part, the largest first. */
  ms: Record<string, number>
  /** The functions with the most self time. */
  functions: { name: string; ms: number }[]
}

/**
 * Where the time of a profile went. A function's own time counts for the part it belongs to; that of one that belongs to
 * none (Node's streams, a built-in) for the part of its caller.
 */
export async function splitProfile(file: string, parts: readonly Part[]): Promise<TimeSplit> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as Profiler.Profile
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const partOf = (id: number): string | null => {
    const self = own.get(nodes.get(id)?.callFrame.functionName ?? '')
    if (self) return self
    let last: string | undefined
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const { functionName, url } = nodes.get(at)?.callFrame ?? { functionName: '', url: '' }
      if (PROFILER.test(url)) return null
      const part = parts.find((each) => (each.named?.test(functionName) ?? true) && (each.file?.test(url) ?? true))
      if (part && !part.isLast) return part.name
      last ??= part?.name
    }
    if (last !== undefined) return last
    return 'other'
  }
  const byPart = new Map<string, number>()
  const byFunction = new Map<string, number>()
  const add = (map: Map<string, number>, key: string, ms: number) => map.set(key, (map.get(key) ?? 0) + ms)
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const ms = (profile.timeDeltas?.[index] ?? 0) / 1000
    const part = partOf(id)
    if (part === null) continue
    add(byPart, part, ms)
    const frame = nodes.get(id)?.callFrame
    if (frame && !own.has(frame.functionName)) add(byFunction, nameOf(frame), ms)
  }
  const sorted = (map: Map<string, number>) => [...map].sort(([, a], [, b]) => b - a)
  return {
    ms: Object.fromEntries(sorted(byPart).map(([name, ms]) => [name, round(ms, 1)])),
    functions: sorted(byFunction)
      .slice(0, 12)
      .map(([name, ms]) => ({ name, ms: round(ms, 1) })),
  }
}

function nameOf({ functionName, url, lineNumber }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const file = url.replace(/.*\/node_modules\//, '').replace(/.*\/(?=(packages|functions|bench)\/)/, '')
  return `${functionName || '(anonymous)'} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`.trim()
}

/** Prints the split: milliseconds a thousand of `count`, and the share of the time that was not spent waiting. */
export function printSplit({ ms, functions }: TimeSplit, per: { count: number; of: string }): void {
  const busy = Object.entries(ms).reduce((sum, [name, value]) => sum + (name === IDLE ? 0 : value), 0)
  const each = (value: number): string => ((value / per.count) * 1000).toFixed(1)
  printTable([
    ['part', `ms for 1,000 ${per.of}`, 'of the busy time'],
    ...Object.entries(ms).map(([name, value]) => [
      name,
      each(value),
      name === IDLE ? '' : `${Math.round((value / busy) * 100)}%`,
    ]),
  ])
  console.log('Functions with the most self time:')
  printTable(functions.map(({ name, ms: value }) => [`  ${name}`, each(value)]))
}
