import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type FunctionName, type FunctionSpec, functionManifest } from '../functions/runtime/manifest.ts'
import { type DeployableEngine, isDeployable, parseEngineName } from '../packages/core/src/database/engine-names.ts'
import { settings } from './settings.ts'

/** The engine of a database, for which the functions are bundled. Throws for SQLite: a function has no lasting disk. */
function readEngine(database_url: string): DeployableEngine {
  const engine = parseEngineName(database_url)
  if (!isDeployable(engine)) throw new Error('On AWS the secret DatabaseUrl must begin with postgres:// or mysql://.')
  return engine
}

/** Bundles of this stage: two stages that are deployed at the same time from one folder do not collide. */
const stageDirectory = (engine: string): string => join($cli.paths.root, '.build/stages', $app.stage, engine)

/** Folder of the bundles, built first; infra/build/bundle.ts explains why SST does not build them itself. */
function buildBundles(engine: string): string {
  if (settings.BUNDLES === 'built') return join($cli.paths.root, '.build', engine)
  const directory = stageDirectory(engine)
  execFileSync('npm', ['run', '--silent', 'build', '--', '--engine', engine, '--directory', directory], {
    cwd: $cli.paths.root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return directory
}

/** Files of the deploying machine that functions read, by their variable: name in the bundle, and part that reads it. */
const files = {
  MAPPINGS_FILE: { name: 'mappings.json', part: 'sync' },
  DATABASE_CA_FILE: { name: 'database-ca.pem', part: 'database' },
} as const

/** The variable's value within a function, whose working folder is its bundle. */
export const fileVariables: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).flatMap(([variable, { name }]) => (process.env[variable] ? [[variable, name]] : [])),
)

/** The bundle of a function; with files that it reads, a copy of the bundle that contains them. */
function addFiles(directory: string, engine: string, name: FunctionName): string {
  const { config }: FunctionSpec = functionManifest[name]
  const added = Object.entries(files).filter(
    ([variable, { part }]) => process.env[variable] && config.some((each) => each === part),
  )
  const bundle = join(directory, name)
  if (added.length === 0) return bundle
  const copy = join(stageDirectory(engine), name)
  if (copy !== bundle) {
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy, { recursive: true })
    if (existsSync(bundle)) cpSync(bundle, copy, { recursive: true })
  }
  for (const [variable, file] of added)
    copyFileSync(resolve($cli.paths.root, process.env[variable] ?? ''), join(copy, file.name))
  return copy
}

function hashMigrations(engine: string): string {
  const directory = join($cli.paths.root, 'migrations', engine)
  const hash = createHash('sha256')
  for (const file of readdirSync(directory).sort())
    if (/\.(up|down)\.sql$/.test(file)) hash.update(file).update(readFileSync(join(directory, file)))
  return hash.digest('hex')
}

/** The bundle of each function, and a hash of the migrations that belong to them. */
export function createBundles(database_url: $util.Output<string>) {
  // Which engine it is is no secret, though the URL is.
  const engine = $util.unsecret(database_url.apply(readEngine))
  const directory = engine.apply(buildBundles)
  return {
    bundleOf: (name: FunctionName) =>
      $util.all([directory, engine]).apply(([folder, engine_name]) => addFiles(folder, engine_name, name)),
    migrations_hash: engine.apply(hashMigrations),
  }
}
