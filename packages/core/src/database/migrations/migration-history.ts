import type { SchemaConnection } from './schema-connection.ts'

export const ledger_table = 'schema_migrations'

/** `applying` and `reverting` are seen by others only where DDL cannot be rolled back. */
export type LedgerState = 'applying' | 'applied' | 'reverting'

/** A row of `schema_migrations`: claimed before the work begins, so that a migration is never run twice. */
export interface LedgerRow {
  name: string
  checksum: string
  state: LedgerState
  /** Statements finished so far, while not `applied`. */
  statements_done: number
  /** ISO 8601 UTC text on every engine: nothing reads it but people. */
  started_at: string
  applied_at: string | null
}

export async function createLedger(connection: SchemaConnection): Promise<void> {
  if (await connection.hasTable(ledger_table)) return
  await connection.run(`create table if not exists ${ledger_table} (
    name varchar(255) not null primary key,
    checksum varchar(64) not null,
    state varchar(20) not null,
    statements_done integer not null,
    started_at varchar(30) not null,
    applied_at varchar(30)
  )`)
}

export async function readLedger(connection: SchemaConnection): Promise<LedgerRow[]> {
  if (!(await connection.hasTable(ledger_table))) return []
  const rows = await connection.query(
    `select name, checksum, state, statements_done, started_at, applied_at from ${ledger_table} order by name`,
  )
  return rows as unknown as LedgerRow[]
}

export async function claim(connection: SchemaConnection, name: string, checksum: string): Promise<void> {
  await connection.query(
    `insert into ${ledger_table} (name, checksum, state, statements_done, started_at) values (?, ?, 'applying', 0, ?)`,
    [name, checksum, new Date().toISOString()],
  )
}

export async function setState(
  connection: SchemaConnection,
  name: string,
  state: LedgerState,
  statements_done = 0,
): Promise<void> {
  await connection.query(`update ${ledger_table} set state = ?, statements_done = ? where name = ?`, [
    state,
    statements_done,
    name,
  ])
}

export async function finish(connection: SchemaConnection, name: string): Promise<void> {
  await connection.query(`update ${ledger_table} set state = 'applied', applied_at = ? where name = ?`, [
    new Date().toISOString(),
    name,
  ])
}

export async function forget(connection: SchemaConnection, name: string): Promise<void> {
  await connection.query(`delete from ${ledger_table} where name = ?`, [name])
}
