import { ConfigError } from '@leads/core/config/read-config'
import type { DatabaseErrorKind } from '@leads/core/database/engine'
import { SchemaError } from '@leads/core/database/migrations/schema-error'
import { Problem, toProblemDocument } from '@leads/core/problem'
import type { OperationResponse } from './operation.ts'

/**
 * Converts any thrown value to a problem that may leave the process. Errors of libraries are reduced to their kind;
 * `kind` is the database's classification of the error.
 */
export function toProblem(error: unknown, kind: DatabaseErrorKind | undefined): Problem {
  if (error instanceof Problem) return error
  if (error instanceof SchemaError || error instanceof ConfigError)
    return new Problem('unavailable', 'The service is not fully configured. Its log lists the missing settings.', {
      cause: error,
    })
  switch (kind) {
    case 'unique':
      return new Problem('already_exists', 'A concurrent request created the same resource. Read it again.', {
        cause: error,
      })
    case 'foreign_key':
      return new Problem('conflict', 'A referenced resource does not exist.', { cause: error })
    case 'data':
      return new Problem('validation_failed', 'The database rejects one of the values.', { cause: error })
    case 'transient':
    case 'deadlock':
    case 'access':
    case 'schema':
      return new Problem('unavailable', 'The database is temporarily unavailable. Retry in a moment.', {
        cause: error,
        headers: { 'retry-after': '2' },
      })
    case 'unknown':
    case undefined:
      return new Problem('internal', 'The log contains the cause under this request_id.', { cause: error })
  }
}

export function toProblemResponse(problem: Problem, request_id: string): OperationResponse {
  return {
    status: problem.status,
    body: JSON.stringify(toProblemDocument(problem, request_id)),
    headers: { 'content-type': 'application/problem+json', ...problem.headers },
  }
}
