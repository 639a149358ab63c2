import { parseEngineName } from '../engine-names.ts'
import { loadMigrations, type Migration } from './load-migrations.ts'
import {
  createMigrationHistory,
  deleteMigrationRecord,
  finishMigration,
  type MigrationRecord,
  readMigrationHistory,
  setMigrationState,
  startMigration,
} from './migration-history.ts'
import { openSchemaConnection } from './open-schema.ts'
import type { SchemaConnection } from './schema-connection.ts'
import { SchemaError } from './schema-error.ts'
import { assertMigrationHistory, type NewerSchemaOption } from './schema-status.ts'
import { splitStatements } from './split-statements.ts'

export interface MigrateOptions {
  /** Default: the project's own, see {@link loadMigrations}. */
  migrations?: readonly Migration[]
}

/**
 * Applies every migration that the database does not have yet and returns their names, in order.
 * Safe when several run at once: one works, the others wait and find nothing to do.
 * Throws {@link SchemaError}; where DDL is transactional a failed migration has changed nothing.
 */
export async function migrateUp(
  database_url: string,
  options: MigrateOptions & NewerSchemaOption = {},
): Promise<string[]> {
  const migrations = options.migrations ?? loadMigrations(parseEngineName(database_url))
  return runSteps(database_url, async (connection, done) => {
    await createMigrationHistory(connection)
    const history = await readMigrationHistory(connection)
    assertMigrationHistory(history, migrations, { checksums: true, allow_newer: options.allow_newer ?? false })
    const next = migrations.find(({ name }) => !done.includes(name) && history.every((row) => row.name !== name))
    if (!next) return undefined
    await startMigration(connection, next.name, next.checksum)
    const undo = () => deleteMigrationRecord(connection, next.name)
    await runScript(connection, next.name, 'up', next.up, undo)
    await finishMigration(connection, next.name)
    return next.name
  })
}

/**
 * Reverts the newest migration, or with `to` every one after the migration of that name (`001_initial` or `001`; `base`
 * reverts all). Returns the names in the order of reverting. Their data is deleted.
 */
export async function migrateDown(
  database_url: string,
  options: MigrateOptions & { to?: string } = {},
): Promise<string[]> {
  const migrations = options.migrations ?? loadMigrations(parseEngineName(database_url))
  let steps_left = options.to === undefined ? 1 : Number.POSITIVE_INFINITY
  return runSteps(database_url, async (connection, done) => {
    const history = await readMigrationHistory(connection)
    assertMigrationHistory(history, migrations, { checksums: false })
    const last = history.at(-1)
    if (!last || done.includes(last.name) || steps_left-- === 0 || last.name === findTarget(history, options.to))
      return undefined
    const { down } = migrations.find(({ name }) => name === last.name) as Migration
    await setMigrationState(connection, last.name, 'reverting')
    await runScript(connection, last.name, 'down', down, () => setMigrationState(connection, last.name, 'applied'))
    await deleteMigrationRecord(connection, last.name)
    return last.name
  })
}

/** The name of the migration that stays, or undefined when none does. */
function findTarget(history: readonly MigrationRecord[], to: string | undefined): string | undefined {
  if (to === undefined || to === 'base') return undefined
  const row = history.find(({ name }) => name === to || name.startsWith(`${to}_`))
  if (row) return row.name
  const names = history.map(({ name }) => name).join(', ') || 'none'
  throw new SchemaError(
    'migration_unknown',
    `No applied migration is called ${to}. Applied: ${names}; "base" is before all.`,
  )
}

/**
 * Runs `work` under the migration lock, in a transaction where the engine can, until it finds nothing more to do. It
 * receives the finished names and repeats none: an up and a down at the same time would undo each other forever.
 */
async function runSteps(
  database_url: string,
  work: (connection: SchemaConnection, done: readonly string[]) => Promise<string | undefined>,
): Promise<string[]> {
  const connection = await openSchemaConnection(database_url)
  try {
    const names: string[] = []
    for (;;) {
      const name = await connection.withMigrationLock(() => work(connection, names))
      if (name === undefined) return names
      names.push(name)
    }
  } finally {
    await connection.close()
  }
}

/**
 * Where DDL is transactional, the script is run as a whole. Elsewhere its statements are run individually and counted in
 * the history, so that a person can see how far it came after a failure or a kill; with none done, `undo` removes the
 * record.
 */
async function runScript(
  connection: SchemaConnection,
  name: string,
  direction: 'up' | 'down',
  script: string,
  undo: () => Promise<void>,
): Promise<void> {
  const statements = connection.has_transactional_ddl ? [script] : splitStatements(script)
  for (const [index, statement] of statements.entries()) {
    try {
      await connection.run(statement)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!connection.has_transactional_ddl && index === 0) await undo()
      const outcome =
        connection.has_transactional_ddl || index === 0
          ? 'Nothing was changed.'
          : `${index} of its ${statements.length} statements are done; \`leads migrate status\` shows how to continue.`
      throw new SchemaError('migration_failed', `Migration ${name} (${direction}) failed: ${reason}. ${outcome}`, {
        cause: error,
      })
    }
    if (!connection.has_transactional_ddl)
      await setMigrationState(connection, name, direction === 'up' ? 'applying' : 'reverting', index + 1)
  }
}
