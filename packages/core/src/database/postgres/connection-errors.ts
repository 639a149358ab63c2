import { CONNECTION_ABANDONED, connectionErrorCodes } from '../connection-error-codes.ts'

export const connectionLostError = (): Error =>
  Object.assign(new Error('The connection to the database was lost.'), { code: 'CONNECTION_CLOSED' })

export const connectionAbandonedError = (cause: unknown): Error =>
  Object.assign(new Error('The query was abandoned: it had no answer for too long.', { cause }), {
    code: CONNECTION_ABANDONED,
  })

/** Whether the error means that the connection is lost. */
export function isConnectionError(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && connectionErrorCodes.has(code)
}
