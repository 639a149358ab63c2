import type { By } from '@leads/core/events/append'
import type { Call } from './route.ts'

/** Who makes this change: the API key's name goes into audit columns and events. */
export const byCaller = (call: Pick<Call, 'identity'>): By => ({
  actor: call.identity.name,
  event_source: 'api',
  at: new Date(),
})
