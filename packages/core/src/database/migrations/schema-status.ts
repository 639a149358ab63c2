import { sql } from 'kysely'
import type { Db } from '../engine.ts'
import { parseEngineName } from '../engine-names.ts'
import { loadMigrations, type Migration } from './load-migrations.ts'
import { MIGRATION_TABLE, type MigrationRecord, readMigrationHistory } from './migration-history.ts'
import { isOnline } from './online-steps.ts'
import { openSchemaConnection } from './open-schema.ts'
import { SchemaError } from './schema-error.ts'

/**
 * `applied`; `pending`: `migrate up` will apply it; `unfinished`: stopped half-way; `changed`: its file was edited after
 * it was applied; `unknown`: the database has it, this code doesn't.
 */
export type MigrationState = 'applied' | 'pending' | 'unfinished' | 'changed' | 'unknown'

export interface MigrationStatus {
  name: string
  state: MigrationState
  /** ISO 8601 UTC; null while not applied. */
  applied_at: string | null
  /** What to do, in a sentence or two; null if nothing is to be done. */
  advice: string | null
}

/** Compares the migration history with the migrations of this code, ordered by name. Writes nothing. */
export async function migrationStatus(
  database_url: string,
  options: { migrations?: readonly Migration[] } = {},
): Promise<MigrationStatus[]> {
  const migrations = options.migrations ?? loadMigrations(parseEngineName(database_url))
  const connection = await openSchemaConnection(database_url)
  try {
    return compareMigrations(await readMigrationHistory(connection), migrations)
  } finally {
    await connection.close()
  }
}

export interface NewerSchemaOption {
  /**
   * Also takes a schema with migrations after the last that this code has, unless one's name ends in `_breaking`.
   * Migrations expand: what older code uses stays as it is, and is removed only when no running version uses it any
   * longer, by a migration of such a name. So functions that run on while a deployment replaces them, or that are
   * rolled back, work on.
   */
  allow_newer?: boolean
}

/**
 * Throws {@link SchemaError} unless the database has exactly the migrations that this code has: one query, for
 * start-up. A file that was edited after it was applied does not stop a running service, and is not checked.
 */
export async function assertSchema(
  db: Db,
  options: { migrations?: readonly Migration[] } & NewerSchemaOption = {},
): Promise<void> {
  const migrations = options.migrations ?? loadMigrations(db.engine.name)
  let history: readonly MigrationRecord[] = []
  try {
    const result = await sql<MigrationRecord>`select name, checksum, state, statements_done, started_at, applied_at
      from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db.kysely)
    history = result.rows
  } catch (error) {
    if (db.engine.classifyError(error) !== 'schema') throw error
  }
  assertMigrationHistory(history, migrations, { checksums: false, allow_newer: options.allow_newer ?? false })
  const pending = compareMigrations(history, migrations).filter(({ state }) => state === 'pending')
  if (pending.length === 0) return
  const names = pending.map(({ name }) => name).join(', ')
  const state = history.length === 0 ? 'has no tables yet' : `lacks ${names}`
  throw new SchemaError('migrations_pending', `The database ${state}. Run \`npm run leads -- migrate up\`.`)
}

/** @throws SchemaError if a person has to check the database before migrations can be applied or reverted */
export function assertMigrationHistory(
  history: readonly MigrationRecord[],
  migrations: readonly Migration[],
  { checksums, allow_newer = false }: { checksums: boolean } & NewerSchemaOption,
): void {
  const rows = compareMigrations(allow_newer ? dropNewerMigrations(history, migrations) : history, migrations)
  const codes = { unknown: 'schema_newer', unfinished: 'migration_unfinished', changed: 'migration_changed' } as const
  for (const [state, code] of Object.entries(codes)) {
    if (state === 'changed' && !checksums) continue
    const row = rows.find((candidate) => candidate.state === state)
    if (row?.advice) throw new SchemaError(code, row.advice)
  }
}

/** Returns the history without newer migrations that this code can run with. */
function dropNewerMigrations(
  history: readonly MigrationRecord[],
  migrations: readonly Migration[],
): readonly MigrationRecord[] {
  const last = migrations.at(-1)?.name ?? ''
  const isOlder = migrations.some(({ name }) => history.every((row) => row.name !== name))
  // If one of our migrations is missing, the schema is not newer: it belongs to another line of versions.
  if (isOlder) return history
  return history.filter(({ name }) => name <= last || name.endsWith('_breaking'))
}

function compareMigrations(history: readonly MigrationRecord[], migrations: readonly Migration[]): MigrationStatus[] {
  const names = new Set([...history, ...migrations].map(({ name }) => name))
  return [...names].sort().map((name) => {
    const row = history.find((candidate) => candidate.name === name)
    const migration = migrations.find((candidate) => candidate.name === name)
    const state = toMigrationState(row, migration)
    const advice = isResumable(row, migration) ? buildResumeAdvice(row) : buildAdvice(name, state, row)
    return { name, state, applied_at: row?.applied_at ?? null, advice }
  })
}

function toMigrationState(row: MigrationRecord | undefined, migration: Migration | undefined): MigrationState {
  if (!row) return 'pending'
  if (!migration) return 'unknown'
  if (row.state !== 'applied') return 'unfinished'
  return row.checksum === migration.checksum ? 'applied' : 'changed'
}

/** Returns whether a migration stopped whose script is resumed by the same command. */
function isResumable(row: MigrationRecord | undefined, migration: Migration | undefined): row is MigrationRecord {
  if (!row || !migration || row.state === 'applied') return false
  return isOnline(row.state === 'applying' ? migration.up : migration.down)
}

function buildResumeAdvice({ name, state, started_at, statements_done }: MigrationRecord): string {
  const direction = state === 'reverting' ? 'down' : 'up'
  return (
    `Migration ${name} (${direction}) began at ${started_at} and is still running or was stopped after ` +
    `${statements_done} of its statements. If none is running, \`npm run leads -- migrate ${direction}\` continues it.`
  )
}

function buildAdvice(name: string, state: MigrationState, row: MigrationRecord | undefined): string | null {
  switch (state) {
    case 'applied':
      return null
    case 'pending':
      return 'Run `npm run leads -- migrate up`.'
    case 'unknown':
      return (
        `The database has migration ${name}, which this code does not know: it was migrated by a newer version. ` +
        'Run that version, or revert the migration with it (`leads migrate down`) before you return to this one.'
      )
    case 'changed':
      return (
        `The file of migration ${name} was edited after it was applied, so this database may differ from the file. ` +
        'Restore the file and write the change as a new migration; or, if the data does not matter, run ' +
        '`leads migrate down --to base` and `leads migrate up`.'
      )
    case 'unfinished': {
      const direction = row?.state === 'reverting' ? 'down' : 'up'
      const end = direction === 'up' ? 'delete its row from' : `set its state to 'applied' in`
      return (
        `Migration ${name} (${direction}) began at ${row?.started_at} and did not finish: ${row?.statements_done} of ` +
        `its statements are done, and this engine cannot roll them back. Undo those statements of ` +
        `${name}.${direction}.sql by hand (the one after them may have been done too), ${end} ${MIGRATION_TABLE}, then ` +
        `run \`leads migrate ${direction}\` again.`
      )
    }
  }
}
