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

/** A logger of one service; the level comes from LOG_LEVEL. */
export function createLogger(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  }
}

/** Says nothing: for commands that print for people. */
export const noopLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
