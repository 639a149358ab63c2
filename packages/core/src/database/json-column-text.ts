import { type RawBuilder, sql } from 'kysely'
import type { Db } from './engine.ts'

/** Selects the stored text of a JSON column, not parsed and serialized again. Alias it by a name that no JSON column has. */
export const jsonColumnText = (db: Db, column: string): RawBuilder<string> =>
  sql<string>`cast(${sql.ref(column)} as ${sql.raw(db.engine.text_type)})`
