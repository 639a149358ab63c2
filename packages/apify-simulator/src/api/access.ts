import type { RunRecord } from '../runs/record.ts'
import { ApiError } from './answer.ts'
import type { ApiRequest } from './request.ts'

/** Throws 401 where the request came without a token. */
export function needToken(request: ApiRequest): void {
  if (request.has_token) return
  throw new ApiError(401, 'token-not-provided', 'Authentication token was not provided')
}

/** A run and its storages may be read without a token only if the run is open to anyone who knows its id. */
export function needTokenUnlessOpen(request: ApiRequest, run: RunRecord | undefined): void {
  if (run?.general_access !== 'ANYONE_WITH_ID_CAN_READ') needToken(request)
}
