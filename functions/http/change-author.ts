import type { ChangeAuthor } from '@leads/core/events/append-event'
import type { OperationCall } from './operation.ts'

/** Who makes this change: the API key's name goes into audit columns and events. */
export const toChangeAuthor = (call: Pick<OperationCall, 'identity'>): ChangeAuthor => ({
  actor: call.identity.name,
  event_source: 'api',
  at: new Date(),
})
