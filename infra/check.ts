import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm run infra:check [-- --update]`: types against SST's own, the bundles with their budgets, then the whole stack under
 * Pulumi's mocks against every promise. No credentials, no network but for the one-time install of SST's platform
 * (45 s, 320 MB under .sst), which is skipped while it fits the pinned version.
 */
const root = fileURLToPath(new URL('../', import.meta.url))
const env = {
  ...process.env,
  // Without these the command requests Pulumi and Bun over the network, and sends telemetry.
  SST_SKIP_DEPENDENCY_CHECK: 'true',
  SST_NO_BUN: 'true',
  SST_TELEMETRY_DISABLED: '1',
}

function installPlatform(): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: { sst: string } }
  const wanted = manifest.devDependencies.sst
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')
  const providers = [
    ...readFileSync(join(root, 'sst.config.ts'), 'utf8').matchAll(/version: '([\d.]+)'|random: '([\d.]+)'/g),
  ]
  const lock = read('.sst/provider-lock.json')
  const complete =
    read('.sst/platform/version') === wanted &&
    existsSync(join(root, '.sst/platform/node_modules/@pulumi/aws/package.json')) &&
    providers
      .map((match) => match[1] ?? match[2])
      .every((version) => version === wanted || lock.includes(`"${version}"`))
  if (complete) return
  console.log(`Installing SST's platform ${wanted} into .sst (once) …`)
  execFileSync('npx', ['sst', 'install', '--stage', 'check'], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

function step(
  title: string,
  command: string[],
  failed = (status: number | null, _output: string) => status !== 0,
): void {
  const started_ms = performance.now()
  const { status, stdout } = spawnSync('npx', ['--no', '--', ...command], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', title === 'types' ? 'pipe' : 'inherit', 'inherit'],
  })
  if (failed(status, stdout ?? '')) {
    if (stdout) console.error(stdout)
    console.error(`✗ ${title}`)
    process.exit(1)
  }
  console.log(`✓ ${title} (${((performance.now() - started_ms) / 1000).toFixed(1)} s)`)
}

/**
 * The product's own files come along through the route table, and see a second version of Node's types, which SST
 * brings; `npm run check` has checked them. What counts here is what is written against SST.
 */
const isOurs = /^(infra\/|sst\.config|error TS)/m

installPlatform()
step(
  'types',
  ['tsc', '--noEmit', '-p', 'infra/tsconfig.json'],
  (status, output) => status === null || isOurs.test(output),
)
step('bundles', ['node', 'infra/build/main.ts'])
step('promises', [
  'vitest',
  'run',
  '--config',
  'test/infra/vitest.config.ts',
  '--reporter=dot',
  ...process.argv.slice(2),
])
