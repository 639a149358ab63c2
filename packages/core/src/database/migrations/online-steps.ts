import { splitStatements } from './split-statements.ts'

/** A statement of an online migration. A repeated one is run until it changes no row: a backfill in batches. */
export interface OnlineStep {
  statement: string
  is_repeated: boolean
}

const ONLINE_PATTERN = /^\s*-- leads: online\s*\n/
const REPEAT_PATTERN = /^-- leads: repeat[ \t]*$/gm
/** Survives the removal of comments. */
const REPEAT_MARK = 'leads_repeat'

/**
 * Returns whether a script is run online: it begins with the line `-- leads: online`. Its statements are committed one by
 * one, so it can build an index concurrently and fill a column in batches while imports run. Every statement must be
 * safe to run again (`if not exists`; a condition that excludes what is done), because a stopped one is resumed.
 */
export const isOnline = (script: string): boolean => ONLINE_PATTERN.test(script)

/** Splits an online script. The line `-- leads: repeat` before a statement marks it as repeated. */
export const parseOnlineSteps = (script: string): OnlineStep[] =>
  splitStatements(script.replaceAll(REPEAT_PATTERN, REPEAT_MARK)).map((statement) =>
    statement.startsWith(`${REPEAT_MARK} `)
      ? { statement: statement.slice(REPEAT_MARK.length + 1), is_repeated: true }
      : { statement, is_repeated: false },
  )
