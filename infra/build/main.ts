import { parseArgs } from 'node:util'
import { type BundledEngine, buildFunctions, functionNames } from './bundle.ts'

/**
 * `npm run build [-- --engine postgres|mysql|sqlite] [--directory DIR]`: bundles all functions, prints their sizes, and
 * fails if one is over its budget.
 */
const { values } = parseArgs({
  options: { engine: { type: 'string', default: 'postgres' }, directory: { type: 'string' } },
})
if (!['postgres', 'mysql', 'sqlite'].includes(values.engine)) {
  console.error('--engine is postgres (default), mysql or sqlite.')
  process.exit(64)
}

const startedMs = performance.now()
const bundles = await buildFunctions(values.engine as BundledEngine, functionNames, values.directory)
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`.padStart(9)
console.log(`${'function'.padEnd(16)}${['all', 'at start', 'gzip'].map((title) => title.padStart(9)).join('')}`)
for (const { name, bytes, start_bytes, gzip_bytes } of bundles)
  console.log(`${name.padEnd(16)}${[bytes, start_bytes, gzip_bytes].map(kilobytes).join('')}`)
console.log(
  `${bundles.length} bundles for ${values.engine} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
)

for (const { name, problems } of bundles) for (const problem of problems) console.error(`${name}: ${problem}`)
if (bundles.some(({ problems }) => problems.length > 0)) process.exit(1)
