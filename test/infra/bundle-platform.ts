import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundling, type Provider, platform, platformBundle, root } from './sst-platform.ts'

/** Once a run: bundles SST's components for the processes that synthesize, of which there are more than a hundred. */
export default async function setup(): Promise<() => Promise<void>> {
  const lock = JSON.parse(readFileSync(join(root, '.sst/provider-lock.json'), 'utf8')) as Provider[]
  await build({
    stdin: {
      contents: [
        ...lock.map(({ alias, package: name }) => `import * as ${alias} from "${name}"`),
        'import * as sst from "./src/components"',
        'import * as globals from "./src/shim/run.js"',
        'export { run } from "./src/auto/run.ts"',
        `Object.assign(globalThis, globals, { sst, ${lock.map(({ alias }) => alias).join(', ')} })`,
      ].join('\n'),
      resolveDir: platform,
    },
    outfile: platformBundle,
    define: { $app: 'globalThis.$app', $cli: 'globalThis.$cli', $dev: 'false' },
    ...bundling,
  })
  return () => rm(platformBundle, { force: true })
}
