import type { ExitReason } from './exit-codes.ts'

/** An error that the user can fix. Its message states how. */
export class CommandError extends Error {
  readonly reason: ExitReason

  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.reason = reason
  }
}

export interface DescribedError {
  reason: ExitReason
  message: string
}

/**
 * Describes an error for the terminal. Errors are recognized by name and code, not by class: importing the classes would
 * load the modules that throw them.
 */
export function describeError(error: unknown): DescribedError {
  if (error instanceof CommandError) return { reason: error.reason, message: error.message }
  if (!(error instanceof Error)) return { reason: 'failed', message: String(error) }
  return describeNamed(error) ?? describeSystem(error) ?? { reason: 'failed', message: error.message }
}

function describeNamed(error: Error): DescribedError | null {
  const { name, message } = error
  const { code, errors } = error as { code?: unknown; errors?: unknown }
  switch (name) {
    case 'ConfigError':
      return { reason: 'configuration', message }
    case 'SchemaError':
      return { reason: 'configuration', message }
    case 'ConcurrentImportError':
      return { reason: 'conflict', message }
    case 'ApifyTransientError':
      return { reason: 'unavailable', message: `${message} Try again later; \`leads doctor\` checks the connection.` }
    case 'ApifyPermanentError':
      return { reason: toApifyExitReason(error), message }
    case 'Problem':
      return {
        reason: problemReasons[String(code)] ?? 'failed',
        message: withDetails(toCommandHints(message), errors),
      }
    default:
      return describeQueue(name, message)
  }
}

/** Replaces API routes in a message by the commands that do the same. */
const toCommandHints = (message: string): string =>
  message
    .replace(/POST \/leads\/(\d+)\/restore/, '`leads leads restore $1`')
    .replace('POST /syncs starts its sync', '`leads sync` syncs it')

const rejectedQueueLogins = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'InvalidSignatureException',
])
const missingQueue = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'])

/** Describes errors of SQS, recognized by the names that the SDK gives them. */
function describeQueue(name: string, message: string): DescribedError | null {
  if (missingQueue.has(name))
    return { reason: 'configuration', message: `There is no such queue (${message}). Fix SYNC_QUEUE_URL.` }
  if (rejectedQueueLogins.has(name))
    return {
      reason: 'no_permission',
      message: `The queue rejected the credentials: ${message} Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    }
  if (message.startsWith('Region is missing'))
    return {
      reason: 'configuration',
      message:
        'The region of the queue is missing. Set AWS_REGION; for a local queue run `leads start` in this folder.',
    }
  if (name === 'TimeoutError' && message.startsWith('@smithy/node-http-handler'))
    return {
      reason: 'unavailable',
      message: 'The queue did not answer in time. Try again later; `leads doctor` checks the queue.',
    }
  // Thrown by the mappings reader. Its message states what is wrong.
  if (message.startsWith('MAPPINGS_FILE')) return { reason: 'configuration', message }
  return null
}

function toApifyExitReason(error: Error): ExitReason {
  const { reason } = error as { reason?: unknown }
  if (reason === 'token') return 'no_permission'
  return reason === 'gone' ? 'not_found' : 'failed'
}

const problemReasons: Readonly<Record<string, ExitReason>> = {
  invalid_request: 'usage',
  validation_failed: 'usage',
  unknown_parameter: 'usage',
  invalid_cursor: 'usage',
  not_found: 'not_found',
  gone: 'conflict',
  already_exists: 'conflict',
  conflict: 'conflict',
  merged: 'conflict',
  precondition_failed: 'conflict',
  unauthorized: 'no_permission',
  insufficient_scope: 'no_permission',
  unavailable: 'unavailable',
}

function withDetails(message: string, errors: unknown): string {
  if (!Array.isArray(errors)) return message
  const lines = (errors as { detail?: string; pointer?: string; parameter?: string }[])
    .filter(({ detail }) => detail === undefined || !message.includes(detail))
    .map(({ detail, pointer, parameter }) => `  ${pointer?.replace(/^\//, '') ?? parameter ?? ''}: ${detail ?? ''}`)
  return lines.length === 0 ? message : `${message}\n${lines.join('\n')}`
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'PROTOCOL_CONNECTION_LOST',
])
/** SQLSTATE 28…, and the names of MySQL. */
const rejectedLogins = new Set(['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'])
const missingDatabase = new Set(['3D000', 'ER_BAD_DB_ERROR'])
const missingTable = new Set(['42P01', '42703', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'])

function describeSystem(error: Error): DescribedError | null {
  const code = findCode(error)
  const { message } = error
  if (unreachable.has(code) || message === 'fetch failed')
    return {
      reason: 'unavailable',
      message: `A server cannot be reached: ${describeConnectionError(error)}. Check that it runs and that its address in the environment is right. See \`leads doctor\`.`,
    }
  if (rejectedLogins.has(code))
    return { reason: 'no_permission', message: `The database rejected the login: ${message}. Fix DATABASE_URL.` }
  if (missingDatabase.has(code))
    return {
      reason: 'configuration',
      message: `The database does not exist: ${message}. Create it, or fix DATABASE_URL.`,
    }
  if (missingTable.has(code) || /^no such (table|column)/.test(message))
    return {
      reason: 'configuration',
      message: `The database lacks a table or column (${message}). Run \`leads migrate up\`.`,
    }
  if (code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    return { reason: 'conflict', message: `Port ${port} is in use. Choose another: PORT=${(port ?? 3000) + 1}` }
  }
  if (code === 'ENOENT') return { reason: 'not_found', message: `No such file: ${getPath(error)}` }
  if (code === 'EISDIR') return { reason: 'usage', message: `${getPath(error)} is a folder, not a file` }
  if (code === 'EACCES' || code === 'EPERM')
    return { reason: 'no_permission', message: `Permission denied: ${getPath(error)}` }
  if (code === 'ENOSPC') return { reason: 'unavailable', message: 'The disk is full.' }
  return null
}

/** Node wraps the errors of all addresses of a host in one error without a message. */
function findCode(error: Error): string {
  const { code, errors, cause } = error as { code?: unknown; errors?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  if (Array.isArray(errors) && errors[0] instanceof Error) return findCode(errors[0])
  return cause instanceof Error ? findCode(cause) : ''
}

function describeConnectionError(error: Error): string {
  const { errors, cause } = error as { errors?: unknown; cause?: unknown }
  if (error.message !== '') return error.message
  if (Array.isArray(errors) && errors[0] instanceof Error) return describeConnectionError(errors[0])
  return cause instanceof Error ? describeConnectionError(cause) : findCode(error)
}

const getPath = (error: Error): string => (error as { path?: string }).path ?? error.message
