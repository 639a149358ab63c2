import { Logger } from '@aws-lambda-powertools/logger'

/**
 * Structured logs: one JSON line an event, with run_id or request id as fields. Powertools rather than pino: it knows
 * Lambda's context (request id, cold start) and needs no stream worker, which a frozen function would not flush.
 * Never log secrets, bodies or whole items.
 */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT']

/**
 * The levels that LOG_LEVEL lets pass. On AWS the platform's own level replaces LOG_LEVEL in Powertools, and it must stay
 * at INFO or below, since metrics are lines of that level: levels above INFO are applied here.
 */
function readEnabledLevels(): ReadonlySet<string> {
  const limit = LEVELS.indexOf((process.env.LOG_LEVEL ?? '').toUpperCase())
  return new Set(LEVELS.filter((_, index) => limit <= index))
}

/** A logger of one service; the level is LOG_LEVEL as it is now. */
export function createLogger(service: string): Log {
  const logger = new Logger({ serviceName: service })
  const enabled = readEnabledLevels()
  return {
    debug: (message, fields = {}) => enabled.has('DEBUG') && logger.debug(message, withoutValues(fields)),
    info: (message, fields = {}) => enabled.has('INFO') && logger.info(message, withoutValues(fields)),
    warn: (message, fields = {}) => enabled.has('WARN') && logger.warn(message, withoutValues(fields)),
    error: (message, fields = {}) => enabled.has('ERROR') && logger.error(message, withoutValues(fields)),
  }
}

const withoutValues = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? toLoggableError(value) : value]),
  )

interface DriverError extends Error {
  code?: unknown
  errno?: unknown
  constraint_name?: unknown
  table_name?: unknown
}

const isDriverError = (error: Error): boolean =>
  ['sql', 'sqlState', 'severity', 'sqlMessage'].some((name) => name in error) ||
  (error as DriverError).code === 'ERR_SQLITE_ERROR'

const CAUSES_MAX = 5

/**
 * Converts an error for a log. Errors of a database driver quote statements and values, which may be personal data: of
 * them only the kind, the place and the beginning of the message are kept.
 */
export function toLoggableError(error: Error, depth = 0): unknown {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const { cause } = error
  const shown = cause instanceof Error && depth < CAUSES_MAX ? { cause: toLoggableError(cause, depth + 1) } : {}
  const { name, message, code, errno, constraint_name, table_name } = error as DriverError
  if (!isDriverError(error))
    return { name, message, ...(code !== undefined && { code }), ...shown, stack: frames.join('\n') }
  const key = /for key '([\w.]+)'$/.exec(message)?.[1]
  const constraint = constraint_name ?? key
  return {
    name,
    code,
    ...(errno !== undefined && { errno }),
    ...(constraint !== undefined && { constraint }),
    ...(table_name !== undefined && { table: table_name }),
    message: message.split(/['"(`]/)[0]?.trim(),
    ...shown,
    stack: frames.join('\n'),
  }
}

/**
 * Returns an error that may leave a function: Lambda logs it with all its properties. One of a database driver becomes an
 * error of what may be logged of it.
 */
export function toLoggedError(error: unknown): unknown {
  if (!(error instanceof Error && isDriverError(error))) return error
  const { name, message, code, stack } = toLoggableError(error) as Record<'name' | 'message' | 'code' | 'stack', string>
  const text = `${message} (${code})`
  return Object.assign(new Error(text), { name, code, stack: `${name}: ${text}\n${stack}` })
}

/** Says nothing: for commands that print for people. */
export const noopLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
