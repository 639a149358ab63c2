import { type RawBuilder, sql } from 'kysely'
import type { Db } from './engine.ts'

/** The text of a JSON column as it is stored, neither parsed nor written anew. Alias it by a name that is no JSON column's. */
export const jsonColumnText = (db: Db, column: string): RawBuilder<string> =>
  sql<string>`cast(${sql.ref(column)} as ${sql.raw(db.engine.text_type)})`
