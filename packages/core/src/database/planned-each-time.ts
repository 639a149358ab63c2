import { type RawBuilder, sql } from 'kysely'

/** Ends the text of a statement that is not prepared. */
const MARK = '/* planned each time */'

/**
 * For a statement whose best plan depends on its values. PostgreSQL plans a prepared one for its values five times, and may
 * then keep a plan that knows none of them.
 */
export const plannedEachTime = <Row>(statement: RawBuilder<Row>): RawBuilder<Row> =>
  sql<Row>`${statement} ${sql.raw(MARK)}`

export const isPlannedEachTime = (text: string): boolean => text.includes(MARK)
