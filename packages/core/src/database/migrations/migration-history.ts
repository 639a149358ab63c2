import type { SchemaConnection } from './schema-connection.ts'

export const MIGRATION_TABLE = 'schema_migrations'

/** `applying` and `reverting` are seen by others only where DDL cannot be rolled back. */
export type MigrationRecordState = 'applying' | 'applied' | 'reverting'

/** A row of `schema_migrations`, inserted before the work begins, so that a migration is never run twice. */
export interface MigrationRecord {
  name: string
  checksum: string
  state: MigrationRecordState
  /** Number of finished statements, while not `applied`. */
  statements_done: number
  /** ISO 8601 UTC text on every engine: only people read it. */
  started_at: string
  applied_at: string | null
}

export async function createMigrationHistory(connection: SchemaConnection): Promise<void> {
  if (await connection.hasTable(MIGRATION_TABLE)) return
  await connection.run(`create table if not exists ${MIGRATION_TABLE} (
    name varchar(255) not null primary key,
    checksum varchar(64) not null,
    state varchar(20) not null,
    statements_done integer not null,
    started_at varchar(30) not null,
    applied_at varchar(30)
  )`)
}

export async function readMigrationHistory(connection: SchemaConnection): Promise<MigrationRecord[]> {
  if (!(await connection.hasTable(MIGRATION_TABLE))) return []
  const rows = await connection.query(
    `select name, checksum, state, statements_done, started_at, applied_at from ${MIGRATION_TABLE} order by name`,
  )
  return rows as unknown as MigrationRecord[]
}

export async function startMigration(connection: SchemaConnection, name: string, checksum: string): Promise<void> {
  await connection.query(
    `insert into ${MIGRATION_TABLE} (name, checksum, state, statements_done, started_at) values (?, ?, 'applying', 0, ?)`,
    [name, checksum, new Date().toISOString()],
  )
}

export async function setMigrationState(
  connection: SchemaConnection,
  name: string,
  state: MigrationRecordState,
  statements_done = 0,
): Promise<void> {
  await connection.query(`update ${MIGRATION_TABLE} set state = ?, statements_done = ? where name = ?`, [
    state,
    statements_done,
    name,
  ])
}

export async function finishMigration(connection: SchemaConnection, name: string): Promise<void> {
  await connection.query(`update ${MIGRATION_TABLE} set state = 'applied', applied_at = ? where name = ?`, [
    new Date().toISOString(),
    name,
  ])
}

export async function deleteMigrationRecord(connection: SchemaConnection, name: string): Promise<void> {
  await connection.query(`delete from ${MIGRATION_TABLE} where name = ?`, [name])
}
