import type { ChangeAuthor } from '@leads/core/model/change-author'
import type { OperationCall } from './operation.ts'

/** Returns the author of this request's changes. The API key's name goes into audit columns and events. */
export const toChangeAuthor = (call: Pick<OperationCall, 'identity'>): ChangeAuthor => ({
  actor: call.identity.name,
  event_source: 'api',
  at: new Date(),
})
