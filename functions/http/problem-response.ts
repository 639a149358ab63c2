import { ConfigError } from '@leads/core/config/read-config'
import type { DatabaseErrorKind } from '@leads/core/database/engine'
import { SchemaError } from '@leads/core/database/migrations/schema-error'
import { Problem, toProblemDocument } from '@leads/core/problem'
import type { OperationResponse } from './operation.ts'

/**
 * Any thrown value as a problem that may leave the process: of what is not ours, only what kind of failure it is. `kind`
 * is what the database says of its own errors.
 */
export function toProblem(error: unknown, kind: DatabaseErrorKind | undefined): Problem {
  if (error instanceof Problem) return error
  if (error instanceof SchemaError || error instanceof ConfigError)
    return new Problem('unavailable', 'The service is not set up completely; its log says what is missing.', {
      cause: error,
    })
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  if (status === 415)
    return new Problem('unsupported_media_type', 'Send the body as application/json.', { cause: error })
  if (status === 422) return new Problem('invalid_json', 'The body cannot be read as JSON.', { cause: error })
  switch (kind) {
    case 'unique':
      return new Problem('already_exists', 'Somebody else made the same at the same moment: look again.', {
        cause: error,
      })
    case 'foreign_key':
      return new Problem('conflict', 'Something that this refers to is not there (any more).', { cause: error })
    case 'data':
      return new Problem('validation_failed', 'The database refuses one of the values.', { cause: error })
    case 'transient':
    case 'deadlock':
    case 'access':
    case 'schema':
      return new Problem('unavailable', 'The database does not answer as it should; try again in a moment.', {
        cause: error,
        headers: { 'retry-after': '2' },
      })
    case 'unknown':
    case undefined:
      return new Problem('internal', 'The log has the cause under this request_id.', { cause: error })
  }
}

export function toProblemResponse(problem: Problem, request_id: string): OperationResponse {
  return {
    status: problem.status,
    body: JSON.stringify(toProblemDocument(problem, request_id)),
    headers: { 'content-type': 'application/problem+json', ...problem.headers },
  }
}
