import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../engine-names.ts'
import { splitStatements } from './split-statements.ts'

export interface Migration {
  /** `NNN_what_it_does`, the file's name without `.up.sql`. Migrations run in the order of their names. */
  name: string
  up: string
  down: string
  /** SHA-256 of the statements of `up`; comments and line breaks don't count. */
  checksum: string
}

/** In the repository, and next to a bundle, where the build copies the folder. */
const folders = ['../../../../../migrations/', './migrations/']

/** Returns the folder that contains `postgres/`, `sqlite/` and `mysql/`. @throws Error if the code was moved without it */
export function getMigrationsDirectory(): string {
  for (const folder of folders) {
    const directory = fileURLToPath(new URL(folder, import.meta.url))
    if (existsSync(directory)) return directory
  }
  throw new Error(`There is no folder "migrations" next to the code (searched from ${import.meta.url}).`)
}

/**
 * The migrations of one engine, ordered by name, from `directory` or the project's own folder.
 * Throws when a file has no partner: up and down come together.
 */
export function loadMigrations(engine: EngineName, directory = getMigrationsDirectory()): Migration[] {
  const files = readdirSync(`${directory}/${engine}`).filter((file) => /\.(up|down)\.sql$/.test(file))
  const names = [...new Set(files.map((file) => file.replace(/\.(up|down)\.sql$/, '')))].sort()
  return names.map((name) => {
    const [up, down] = ['up', 'down'].map((direction) => {
      const file = `${name}.${direction}.sql`
      if (!files.includes(file)) throw new Error(`migrations/${engine}/${file} is missing: up and down come together.`)
      return readFileSync(`${directory}/${engine}/${file}`, 'utf8')
    }) as [string, string]
    return toMigration(name, up, down)
  })
}

/** For migrations that come from elsewhere than a folder, e.g. embedded in a bundle. */
export function toMigration(name: string, up: string, down: string): Migration {
  const checksum = createHash('sha256').update(splitStatements(up).join(';\n')).digest('hex')
  return { name, up, down, checksum }
}
