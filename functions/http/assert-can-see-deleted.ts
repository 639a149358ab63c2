import { hasScope } from '@leads/core/api-keys/authenticate'
import { Problem } from '@leads/core/problem'
import type { OperationCall } from './operation.ts'

/** @throws Problem insufficient_scope if a key without scope admin requests deleted rows */
export function assertCanSeeDeleted(call: Pick<OperationCall, 'identity'>, include_deleted: boolean | undefined): void {
  if (include_deleted && !hasScope(call.identity, 'admin'))
    throw new Problem('insufficient_scope', 'Deleted rows need a key with scope admin.')
}

/** Whether values of the filter `is_deleted` select deleted rows, however they are spelled: `true`, `eq:true`, `not:false`. */
export const selectsDeletedRows = (values: readonly (string | undefined)[]): boolean =>
  values.some((value) => value !== undefined && !/^(eq:)?false$/.test(value))

/** Whether rows that are read by their id may be deleted ones. */
export const canSeeDeleted = ({ identity }: Pick<OperationCall, 'identity'>): { include_deleted: boolean } => ({
  include_deleted: hasScope(identity, 'admin'),
})
