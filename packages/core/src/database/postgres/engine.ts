import { connectionErrorCodes } from '../connection-error-codes.ts'
import { type DatabaseErrorKind, defineEngine } from '../engine.ts'
import { postgresMaintenance } from './maintenance.ts'
import { isTimeLimitError, queryWithin } from './query-within.ts'
import { likelyCondition, prefixCondition, searchCondition, tagCondition, wordColumns } from './search-conditions.ts'
import {
  defaultOrderTime,
  findOldestWriteStart,
  periodNumber,
  secondsFromNow,
  secondsUntil,
  utcDay,
} from './time-expressions.ts'
import { readWordFrequencies } from './word-frequencies.ts'

const exact: Record<string, DatabaseErrorKind> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '42P01': 'schema',
  '42703': 'schema',
  '3D000': 'access',
  '3F000': 'schema',
  '40001': 'deadlock',
  '40P01': 'deadlock',
  '53100': 'transient',
  '53200': 'transient',
  '53300': 'transient',
  '57014': 'transient',
}

/** By class of SQLSTATE: see appendix A of the PostgreSQL manual. */
const classes: Record<string, DatabaseErrorKind> = {
  '08': 'transient',
  '22': 'data',
  '23': 'data',
  '28': 'access',
  '40': 'transient',
  // A limit of the server, such as how deep JSON may be nested: the value is too much, now and later.
  '54': 'data',
  '55': 'transient',
  '57': 'transient',
  '58': 'transient',
}

function classifyError(error: unknown): DatabaseErrorKind {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return 'unknown'
  if (connectionErrorCodes.has(code)) return 'transient'
  return exact[code] ?? classes[code.slice(0, 2)] ?? 'unknown'
}

export const postgresEngine = defineEngine({
  name: 'postgres',
  maintenance: postgresMaintenance,
  searchCondition,
  tagCondition,
  wordStatistics: { readFrequencies: readWordFrequencies, columns: wordColumns, likelyCondition },
  prefixCondition,
  defaultOrderTime,
  utcDay,
  periodNumber,
  secondsFromNow,
  secondsUntil,
  findOldestWriteStart,
  classifyError,
  queryWithin,
  isTimeLimitError,
})
