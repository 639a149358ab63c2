import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { describe, inject } from 'vitest'

export type TestEngine = 'sqlite' | 'postgres' | 'mysql'

export interface FreshDatabase {
  database_url: string
  /** Close what you opened first. What is not dropped goes when the run ends. */
  drop(): Promise<void>
}

/** The engines that can be tested on this machine. */
export const ENGINES: readonly TestEngine[] = inject('database_engines')

let count = 0

/**
 * A new database for one test file (or test): with the schema and no rows, or with `migrated: false` nothing at all.
 * Starts the engine's server when this is the run's first. SQLite 1 ms, PostgreSQL 20, MariaDB 40.
 */
export async function freshDatabase(engine: TestEngine, options: { migrated?: boolean } = {}): Promise<FreshDatabase> {
  const { migrated = true } = options
  return engine === 'sqlite' ? freshFile(migrated) : freshOnServer(engine, migrated)
}

async function freshFile(migrated: boolean): Promise<FreshDatabase> {
  const path = join(inject('scratch_directory'), `${process.pid}-${++count}.db`)
  const database_url = `sqlite:${path}`
  if (migrated) await copyFile(await migratedFile(), path)
  return {
    database_url,
    async drop() {
      for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true })
    },
  }
}

let template: Promise<string> | undefined

/** One a test file: 60 ms to make, 1 ms to copy. */
function migratedFile(): Promise<string> {
  const path = join(inject('scratch_directory'), `${process.pid}-template.db`)
  template ??= migrateUp(`sqlite:${path}`).then(() => path)
  return template
}

async function freshOnServer(engine: 'postgres' | 'mysql', migrated: boolean): Promise<FreshDatabase> {
  const database_url = await askBroker('POST', `${engine}${migrated ? '?migrated' : ''}`)
  const name = new URL(database_url).pathname.slice(1)
  return {
    database_url,
    async drop() {
      await askBroker('DELETE', `${engine}/${name}`)
    },
  }
}

async function askBroker(method: string, path: string): Promise<string> {
  const response = await fetch(`${inject('database_broker_url')}/${path}`, { method })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}

/** The same promises on every engine that can be tested. */
export function describeEachEngine(name: string, tests: (engine: TestEngine) => void): void {
  describe.each(ENGINES)(`${name} (%s)`, tests)
}
