/**
 * `migrations_pending`: the database is older than the code. `schema_newer`: it has migrations that the code doesn't.
 * `migration_changed`: a file was edited after it was applied. `migration_unfinished`: one stopped half-way on an engine
 * that cannot roll back DDL. `migration_failed`: a statement was refused. `migration_busy`: another migration is in progress.
 * `migration_unknown`: no such name to go down to.
 */
export type SchemaErrorCode =
  | 'migrations_pending'
  | 'schema_newer'
  | 'migration_changed'
  | 'migration_unfinished'
  | 'migration_failed'
  | 'migration_busy'
  | 'migration_unknown'

/** The schema does not fit the code, or could not be migrated. The message states what to do. */
export class SchemaError extends Error {
  readonly code: SchemaErrorCode

  constructor(code: SchemaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SchemaError'
    this.code = code
  }
}
