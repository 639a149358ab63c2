import { connectionErrorCodes } from '../connection-error-codes.ts'
import { type DatabaseErrorKind, defineEngine, type Engine } from '../engine.ts'
import { createBulkLoad } from './load-rows.ts'
import { mysqlMaintenance } from './maintenance.ts'
import { isTimeLimitError, queryWithin } from './query-within.ts'
import { prefixCondition, searchCondition, tagCondition } from './search-conditions.ts'
import {
  defaultOrderTime,
  findOldestWriteStart,
  periodNumber,
  secondsFromNow,
  secondsUntil,
  utcDay,
} from './time-expressions.ts'

const byCode: Record<string, DatabaseErrorKind> = {
  ER_DUP_ENTRY: 'unique',
  ER_NO_REFERENCED_ROW: 'foreign_key',
  ER_NO_REFERENCED_ROW_2: 'foreign_key',
  ER_ROW_IS_REFERENCED_2: 'foreign_key',
  ER_LOCK_DEADLOCK: 'deadlock',
  ER_LOCK_WAIT_TIMEOUT: 'transient',
  ER_CON_COUNT_ERROR: 'transient',
  ER_SERVER_SHUTDOWN: 'transient',
  ER_QUERY_INTERRUPTED: 'transient',
  ER_CHECKREAD: 'transient',
  ER_DISK_FULL: 'transient',
  ER_RECORD_FILE_FULL: 'transient',
  ER_NO_SUCH_TABLE: 'schema',
  ER_BAD_FIELD_ERROR: 'schema',
  ER_ACCESS_DENIED_ERROR: 'access',
  ER_DBACCESS_DENIED_ERROR: 'access',
  ER_BAD_DB_ERROR: 'access',
  ER_DATA_TOO_LONG: 'data',
  ER_TRUNCATED_WRONG_VALUE: 'data',
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: 'data',
  ER_WARN_DATA_OUT_OF_RANGE: 'data',
  ER_BAD_NULL_ERROR: 'data',
  ER_NO_DEFAULT_FOR_FIELD: 'data',
  ER_CONSTRAINT_FAILED: 'data',
  ER_CHECK_CONSTRAINT_VIOLATED: 'data',
  ER_INVALID_JSON_TEXT: 'data',
  ER_NET_PACKET_TOO_LARGE: 'data',
}

/** Deadlocks and lock time-outs are also recognized by errno: the driver has no name for some of MariaDB's numbers. */
function classifyError(error: unknown): DatabaseErrorKind {
  const { code, errno, fatal } = (error ?? {}) as { code?: unknown; errno?: unknown; fatal?: unknown }
  if (errno === 4025) return 'data'
  if (errno === 1020) return 'deadlock'
  // On a lost connection the driver refuses a query without a code, but as fatal.
  if (typeof code !== 'string') return fatal === true ? 'transient' : 'unknown'
  if (connectionErrorCodes.has(code)) return 'transient'
  return byCode[code] ?? 'unknown'
}

/** The driver puts values into the text, so that the packet bounds a statement, not the number of values. */
export const createMysqlEngine = (): Engine =>
  defineEngine({
    name: 'mysql',
    has_returning: false,
    has_on_conflict: false,
    has_row_comparison: false,
    has_optimization_fence: false,
    has_pipelined_transactions: false,
    has_sent_rows: false,
    has_lead_counts: false,
    text_type: 'char',
    maintenance: mysqlMaintenance,
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
    queryWithin,
    isTimeLimitError,
    bulkLoad: createBulkLoad(),
  })
