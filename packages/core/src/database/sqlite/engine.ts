import { type DatabaseErrorKind, defineEngine, type Engine } from '../engine.ts'
import { sqliteMaintenance } from './maintenance.ts'
import { prefixCondition, searchCondition, tagCondition } from './search-conditions.ts'
import type { StatementCache } from './statement-cache.ts'
import {
  defaultOrderTime,
  findOldestWriteStart,
  periodNumber,
  secondsFromNow,
  secondsUntil,
  utcDay,
} from './time-expressions.ts'

/** Result codes: https://www.sqlite.org/rescode.html; the low byte is the primary code. */
function classifyError(error: unknown): DatabaseErrorKind {
  const { errcode, message } = (error ?? {}) as { errcode?: unknown; message?: unknown }
  if (typeof errcode !== 'number') return 'unknown'
  if (errcode === 2067 || errcode === 1555 || errcode === 2579) return 'unique'
  if (errcode === 787) return 'foreign_key'
  const primary = errcode & 0xff
  // 5 BUSY, 6 LOCKED, 10 IOERR, 13 FULL, 14 CANTOPEN, 17 SCHEMA
  if ([5, 6, 10, 13, 14, 17].includes(primary)) return 'transient'
  // 18 TOOBIG, 19 CONSTRAINT, 20 MISMATCH, 25 RANGE
  if ([18, 19, 20, 25].includes(primary)) return 'data'
  if (primary === 1 && typeof message === 'string' && /no such (table|column)/.test(message)) return 'schema'
  if (primary === 26 || primary === 8) return 'access'
  return 'unknown'
}

export const createSqliteEngine = (statements: StatementCache): Engine =>
  defineEngine({
    name: 'sqlite',
    parameters_max: 32_766,
    caches_statements: true,
    has_row_locks: false,
    has_optimization_fence: false,
    has_json_lists: true,
    blocks_thread: true,
    has_pipelined_transactions: false,
    has_sent_rows: false,
    has_lead_counts: false,
    maintenance: sqliteMaintenance,
    searchCondition,
    tagCondition,
    prefixCondition,
    defaultOrderTime,
    utcDay,
    periodNumber,
    secondsFromNow,
    secondsUntil,
    findOldestWriteStart,
    classifyError,
    prepare: (sql) => statements.prepare(sql),
  })
