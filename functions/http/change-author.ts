import type { By } from '@leads/core/events/append-event'
import type { Call } from './operation.ts'

/** Who makes this change: the API key's name goes into audit columns and events. */
export const byCaller = (call: Pick<Call, 'identity'>): By => ({
  actor: call.identity.name,
  event_source: 'api',
  at: new Date(),
})
