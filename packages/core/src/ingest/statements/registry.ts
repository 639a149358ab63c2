import type { Db } from '../../database/engine.ts'
import type { EngineName } from '../../database/engine-names.ts'
import { mysqlStatements } from './mysql.ts'
import { portableStatements } from './portable.ts'
import { postgresStatements } from './postgres/statements.ts'
import { sqliteStatements } from './sqlite.ts'
import type { IngestStatements } from './types.ts'

/** Statements that an engine replaces because they were measured to be faster. */
const ownStatements: Partial<Record<EngineName, Partial<IngestStatements>>> = {
  postgres: postgresStatements,
  sqlite: sqliteStatements,
  mysql: mysqlStatements,
}

const statements = new Map<EngineName, IngestStatements>()

/** Returns the ingest statements of a database's engine. */
export function getStatements(db: Db): IngestStatements {
  const { name } = db.engine
  let complete = statements.get(name)
  if (!complete) {
    complete = { ...portableStatements, ...ownStatements[name] }
    statements.set(name, complete)
  }
  return complete
}
