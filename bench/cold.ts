import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type BundledEngine, buildFunctions } from '../infra/build/bundle.ts'

/**
 * `npm run bench:cold [-- --engine postgres --rounds 15]`: what a cold start spends on loading each bundle, as the median
 * of fresh processes over that of an empty module. Rounds go through all bundles in turn, so that a machine that slows
 * down slows all of them. Lambda adds its own part (creating the environment), and has less CPU below 1,769 MB.
 */
const { values } = parseArgs({
  options: { engine: { type: 'string', default: 'postgres' }, rounds: { type: 'string', default: '15' } },
})
const rounds = Number(values.rounds)
const directory = mkdtempSync(join(tmpdir(), 'leads-cold-'))

/** Milliseconds that `import()` of a file takes in a new process. */
function importMs(file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t); process.exit()`
  const output = execFileSync(process.execPath, ['--enable-source-maps', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'bench' },
  })
  return Number(output.trim().split('\n').at(-1))
}

const median = (numbers: number[]): number =>
  numbers.sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN

try {
  const empty = join(directory, 'empty.mjs')
  writeFileSync(empty, '')
  const bundles = await buildFunctions(values.engine as BundledEngine, undefined, join(directory, 'bundles'))
  const files = [empty, ...bundles.map((bundle) => join(bundle.directory, 'index.mjs'))]
  const taken = new Map<string, number[]>(files.map((file) => [file, []]))
  for (let round = 0; round < rounds; round++) for (const file of files) taken.get(file)?.push(importMs(file))
  const base_ms = median(taken.get(empty) ?? [])
  console.log(`empty module: ${base_ms.toFixed(1)} ms (taken off); ${rounds} rounds, Node.js ${process.version}`)
  for (const bundle of bundles) {
    const import_ms = median(taken.get(join(bundle.directory, 'index.mjs')) ?? []) - base_ms
    const size = `${(bundle.start_bytes / 1000).toFixed(0)} KB`
    console.log(`${bundle.name.padEnd(16)}${size.padStart(9)}${`${import_ms.toFixed(0)} ms`.padStart(9)}`)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
