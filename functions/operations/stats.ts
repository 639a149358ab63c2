import { parseTime } from '@leads/core/lists/filter'
import { getStats, Stats } from '@leads/core/stats/get-stats'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { rowResponse } from '../http/schemas.ts'

const TimeText = z
  .string()
  .max(40)
  .transform((text, context) => {
    const time = parseTime(text)
    if (time) return time
    context.addIssue({ code: 'custom', message: 'an ISO 8601 time such as 2026-01-01T00:00:00Z' })
    return z.NEVER
  })
  .optional()

export const statsOperations: readonly Operation[] = [
  defineOperation('stats', {
    method: 'GET',
    path: '/stats',
    operation_id: 'getStats',
    tag: 'Stats',
    summary: 'Get statistics',
    description:
      'Counts leads by status, country, source and day. Returns the funnel, and the yield and cost per new lead of each Actor.',
    scope: 'read',
    get query() {
      return z.object({
        since: TimeText.meta({ override: { type: 'string' }, description: 'Start of the period (inclusive).' }),
        until: TimeText.meta({ override: { type: 'string' }, description: 'End of the period (exclusive).' }),
      })
    },
    get answers() {
      return { 200: rowResponse(Stats, 'The counts.') }
    },
    async handle(call) {
      return { status: 200, body: await getStats(call.db, call.query) }
    },
  }),
]
