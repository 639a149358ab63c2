import { setTimeout as wait } from 'node:timers/promises'
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
import { isOnline, parseOnlineSteps } from './online-steps.ts'
import { openSchemaConnection } from './open-schema.ts'
import { DDL_ATTEMPTS_MAX, DDL_RETRY_DELAY_MS, type SchemaConnection } from './schema-connection.ts'
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
  return runSteps(database_url, async (connection, { done, lock }) => {
    await createMigrationHistory(connection)
    const history = await readMigrationHistory(connection)
    const stopped = findStopped(history, migrations, 'applying')
    if (stopped) return lock === 'online' ? continueUp(connection, stopped.migration, stopped.statements_done) : ONLINE
    assertMigrationHistory(history, migrations, { checksums: true, allow_newer: options.allow_newer ?? false })
    const next = migrations.find(({ name }) => history.every((row) => row.name !== name))
    // Where another process reverted what this one applied, the next migration would miss what it builds on.
    if (!next || done.includes(next.name)) return undefined
    if (isOnline(next.up) !== (lock === 'online')) return OTHER_LOCK[lock]
    await startMigration(connection, next.name, next.checksum)
    if (lock === 'online') return continueUp(connection, next, 0)
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
  const steps_max = options.to === undefined ? 1 : Number.POSITIVE_INFINITY
  return runSteps(database_url, async (connection, { done, lock }) => {
    const history = await readMigrationHistory(connection)
    const stopped = findStopped(history, migrations, 'reverting')
    if (stopped)
      return lock === 'online' ? continueDown(connection, stopped.migration, stopped.statements_done) : ONLINE
    assertMigrationHistory(history, migrations, { checksums: false })
    const last = history.at(-1)
    if (!last || done.includes(last.name) || done.length >= steps_max || last.name === findTarget(history, options.to))
      return undefined
    const migration = migrations.find(({ name }) => name === last.name) as Migration
    const { down } = migration
    if (isOnline(down) !== (lock === 'online')) return OTHER_LOCK[lock]
    await setMigrationState(connection, last.name, 'reverting')
    if (lock === 'online') return continueDown(connection, migration, 0)
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

/** Asks for the same step again under the lock whose statements commit by themselves, or under the usual one. */
const ONLINE = Symbol('online')
const TRANSACTION = Symbol('transaction')
const OTHER_LOCK = { online: TRANSACTION, transaction: ONLINE } as const

/** The name of a finished migration, the lock that the next one needs, or undefined: nothing is left to do. */
type Step = string | typeof ONLINE | typeof TRANSACTION | undefined

interface StepContext {
  /** Names of the finished migrations. */
  done: readonly string[]
  lock: keyof typeof OTHER_LOCK
}

/**
 * Runs `work` under the migration lock, in a transaction where the engine can, until it finds nothing more to do. It
 * repeats no finished migration: an up and a down at the same time would undo each other forever. An online migration
 * is found and recorded under the lock that it runs under: between two locks another process would see it as begun.
 */
async function runSteps(
  database_url: string,
  work: (connection: SchemaConnection, context: StepContext) => Promise<Step>,
): Promise<string[]> {
  const connection = await openSchemaConnection(database_url)
  try {
    const done: string[] = []
    let lock: StepContext['lock'] = 'transaction'
    for (;;) {
      const context: StepContext = { done, lock }
      const step: Step =
        lock === 'online'
          ? await connection.withOnlineLock(() => work(connection, context))
          : await retryOnLockTimeout(connection, () => connection.withMigrationLock(() => work(connection, context)))
      lock = step === ONLINE ? 'online' : 'transaction'
      if (step === undefined) {
        await connection.setSessionDefaults?.()
        return done
      }
      if (typeof step === 'string') done.push(step)
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

/** An online migration that was stopped is resumed behind its finished statements. */
function findStopped(
  history: readonly MigrationRecord[],
  migrations: readonly Migration[],
  state: 'applying' | 'reverting',
): { migration: Migration; statements_done: number } | undefined {
  const record = history.find((row) => row.state === state)
  const migration = migrations.find(({ name }) => name === record?.name)
  if (!record || !migration || !isOnline(state === 'applying' ? migration.up : migration.down)) return undefined
  return { migration, statements_done: record.statements_done }
}

async function continueUp(
  connection: SchemaConnection,
  { name, up }: Migration,
  statements_done: number,
): Promise<string> {
  await runOnline(connection, name, 'up', up, statements_done)
  await finishMigration(connection, name)
  return name
}

async function continueDown(
  connection: SchemaConnection,
  { name, down }: Migration,
  statements_done: number,
): Promise<string> {
  await runOnline(connection, name, 'down', down, statements_done)
  await deleteMigrationRecord(connection, name)
  return name
}

async function runOnline(
  connection: SchemaConnection,
  name: string,
  direction: 'up' | 'down',
  script: string,
  statements_done: number,
): Promise<void> {
  const steps = parseOnlineSteps(script)
  for (const [index, { statement, is_repeated }] of steps.entries()) {
    if (index < statements_done) continue
    try {
      while ((await retryOnLockTimeout(connection, () => connection.runOnline(statement))) > 0 && is_repeated);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new SchemaError(
        'migration_failed',
        `Migration ${name} (${direction}) stopped at statement ${index + 1} of ${steps.length}: ${reason}. ` +
          `What is done stays done: run \`npm run leads -- migrate ${direction}\` again to continue.`,
        { cause: error },
      )
    }
    await setMigrationState(connection, name, direction === 'up' ? 'applying' : 'reverting', index + 1)
  }
}

/** Tries again what could not get its lock. Queries that waited behind it pass in the meantime. */
async function retryOnLockTimeout<Result>(connection: SchemaConnection, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const cause = error instanceof SchemaError ? error.cause : error
      if (attempt >= DDL_ATTEMPTS_MAX || !connection.isLockTimeout(cause)) throw error
      await wait(DDL_RETRY_DELAY_MS)
    }
  }
}
