import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEngineName } from '../packages/core/src/database/engine-names.ts'
import { settings } from './settings.ts'

/** The engine of a database, for which the functions are bundled. Throws for SQLite: a function has no disk that stays. */
function deployableEngine(database_url: string): 'postgres' | 'mysql' {
  const engine = parseEngineName(database_url)
  if (engine === 'sqlite') throw new Error('On AWS the secret DatabaseUrl must begin with postgres:// or mysql://.')
  return engine
}

/** Where the bundles are, built first; see infra/build/bundle.ts for why SST does not build them itself. */
function buildBundles(engine: string): string {
  if (settings.BUNDLES === 'build')
    execFileSync('npm', ['run', '--silent', 'build', '--', '--engine', engine], {
      cwd: $cli.paths.root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  return join($cli.paths.root, '.build', engine)
}

function hashMigrations(engine: string): string {
  const directory = join($cli.paths.root, 'migrations', engine)
  const hash = createHash('sha256')
  for (const file of readdirSync(directory).sort())
    if (/\.(up|down)\.sql$/.test(file)) hash.update(file).update(readFileSync(join(directory, file)))
  return hash.digest('hex')
}

/** Folder of all bundles, and a hash of the migrations that belong to them. */
export function createBundles(database_url: $util.Output<string>) {
  // Which engine it is is no secret, though the URL is.
  const engine = $util.unsecret(database_url.apply(deployableEngine))
  return { directory: engine.apply(buildBundles), migrations_hash: engine.apply(hashMigrations) }
}
