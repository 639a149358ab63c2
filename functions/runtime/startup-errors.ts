import { connectionErrorCodes } from '@leads/core/database/connection-error-codes'

/** The server is starting or shutting down, or all its connections are in use. */
const BUSY_CODES = new Set(['57P01', '57P02', '57P03', '53300', 'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN'])

/** Logins that a database refuses until its proxy has read the password, and names that DNS does not know yet. */
const NEW_DATABASE_CODES = new Set(['28P01', '28000', '3D000', 'ENOTFOUND'])

/** What a typing error in an address causes: the same answer again, however long one waits. */
const ADDRESS_CODES = new Set(['ENOTFOUND'])

/** Whether a database that answered with this error may accept the same connection a moment later. */
export function isWorthWaiting(error: unknown, is_created: boolean): boolean {
  const { code: value, message = '' } = (error ?? {}) as { code?: unknown; message?: string }
  const code = String(value)
  if (BUSY_CODES.has(code)) return true
  // RDS Proxy without a target, or before it has the password, answers in words.
  if (is_created && (NEW_DATABASE_CODES.has(code) || /RDS Proxy|no available (targets|instances)/i.test(message)))
    return true
  return connectionErrorCodes.has(code) && !ADDRESS_CODES.has(code)
}
