import type { ExitReason } from './exit-codes.ts'

/** Something that a person can mend, said in words for them. */
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
 * What an error means to the person at the terminal. Errors are told by name and code, not by class: loading the
 * classes would load the modules that throw them.
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
      return { reason: 'unavailable', message: `${message} Try again later; \`leads doctor\` looks at the connection.` }
    case 'ApifyPermanentError':
      return { reason: apifyReason(error), message }
    case 'Problem':
      return {
        reason: problemReasons[String(code)] ?? 'failed',
        message: withDetails(toCommandHints(message), errors),
      }
    default:
      return describeQueue(name, message)
  }
}

/** What the API says of its routes, said of the commands that do the same. */
const toCommandHints = (message: string): string =>
  message
    .replace(/POST \/leads\/(\d+)\/restore/, '`leads leads restore $1`')
    .replace('POST /syncs starts its sync', '`leads sync` brings it in')

const queueRefusals = new Set([
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

/** Refusals of SQS, which the SDK names. */
function describeQueue(name: string, message: string): DescribedError | null {
  if (missingQueue.has(name))
    return { reason: 'configuration', message: `There is no such queue (${message}). Mend SYNC_QUEUE_URL.` }
  if (queueRefusals.has(name))
    return {
      reason: 'no_permission',
      message: `The queue refused the log-in: ${message} Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    }
  if (message.startsWith('Region is missing'))
    return {
      reason: 'configuration',
      message:
        'The region of the queue is not known. Set AWS_REGION; for a local queue run `leads start` in this folder.',
    }
  if (name === 'TimeoutError' && message.startsWith('@smithy/node-http-handler'))
    return {
      reason: 'unavailable',
      message: 'The queue did not answer in time. Try again later; `leads doctor` looks at the queue.',
    }
  // Thrown where the file is read; it says what is wrong in it.
  if (message.startsWith('MAPPINGS_FILE')) return { reason: 'configuration', message }
  return null
}

function apifyReason(error: Error): ExitReason {
  const { refusal } = error as { refusal?: unknown }
  if (refusal === 'token') return 'no_permission'
  return refusal === 'gone' ? 'not_found' : 'failed'
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
/** SQLSTATE 28…, and what MySQL calls the same. */
const refused = new Set(['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR'])
const missingDatabase = new Set(['3D000', 'ER_BAD_DB_ERROR'])
const missingTable = new Set(['42P01', '42703', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'])

function describeSystem(error: Error): DescribedError | null {
  const code = codeOf(error)
  const { message } = error
  if (unreachable.has(code))
    return {
      reason: 'unavailable',
      message: `A server cannot be reached: ${reachMessage(error)}. Is it running, and is its address in the environment right? See \`leads doctor\`.`,
    }
  if (refused.has(code))
    return { reason: 'no_permission', message: `The database refused the log-in: ${message}. Mend DATABASE_URL.` }
  if (missingDatabase.has(code))
    return {
      reason: 'configuration',
      message: `There is no such database: ${message}. Create it, or mend DATABASE_URL.`,
    }
  if (missingTable.has(code) || /^no such (table|column)/.test(message))
    return {
      reason: 'configuration',
      message: `The database lacks a table or column (${message}). Run \`leads migrate up\`.`,
    }
  if (code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    return { reason: 'conflict', message: `Port ${port} is taken. Choose another: PORT=${(port ?? 3000) + 1}` }
  }
  if (code === 'ENOENT') return { reason: 'not_found', message: `There is no such file: ${pathOf(error)}` }
  if (code === 'EISDIR') return { reason: 'usage', message: `${pathOf(error)} is a folder, not a file` }
  if (code === 'EACCES' || code === 'EPERM')
    return { reason: 'no_permission', message: `Not allowed to use ${pathOf(error)}` }
  if (code === 'ENOSPC') return { reason: 'unavailable', message: 'The disk is full.' }
  return null
}

/** Node wraps the failures of all of a host's addresses in one error without a message. */
function codeOf(error: Error): string {
  const { code, errors, cause } = error as { code?: unknown; errors?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  if (Array.isArray(errors) && errors[0] instanceof Error) return codeOf(errors[0])
  return cause instanceof Error ? codeOf(cause) : ''
}

function reachMessage(error: Error): string {
  const { errors, cause } = error as { errors?: unknown; cause?: unknown }
  if (error.message !== '') return error.message
  if (Array.isArray(errors) && errors[0] instanceof Error) return reachMessage(errors[0])
  return cause instanceof Error ? reachMessage(cause) : codeOf(error)
}

const pathOf = (error: Error): string => (error as { path?: string }).path ?? error.message
