import { diagnose, serviceChecks } from '@leads/core/doctor/diagnose'
import { Timestamp } from '@leads/core/model/fields'
import { lazily } from '@leads/core/model/lazily'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { rowResponse } from '../http/schemas.ts'
import { API_VERSION, PRODUCT_VERSION } from '../http/version.ts'

const Service = lazily(() =>
  z
    .object({
      product_version: z.string(),
      api_version: z.string(),
      findings: z.array(
        z.object({
          check: z.string(),
          state: z.enum(['ok', 'warning', 'failed']),
          message: z.string(),
          advice: z.string().nullable(),
        }),
      ),
      tasks: z
        .array(z.object({ name: z.string(), reached_at: Timestamp() }))
        .meta({ description: 'How far scheduled tasks have got.' }),
    })
    .meta({ id: 'Service' }),
)

export const serviceOperations: readonly Operation[] = [
  defineOperation('sync-actions', {
    method: 'GET',
    path: '/service',
    operation_id: 'getService',
    tag: 'Service',
    summary: 'Diagnose the service',
    description:
      'Returns versions, the findings of `leads doctor` about configuration, database, schema and queue, and the ' +
      'progress of scheduled tasks. `leads doctor --deploy` also checks Apify and its webhook.',
    scope: 'admin',
    get answers() {
      const example = {
        product_version: PRODUCT_VERSION,
        api_version: API_VERSION,
        findings: [{ check: 'schema', state: 'ok', message: 'The schema is up to date.', advice: null }],
        tasks: [{ name: 'reconcile', reached_at: '2026-03-02T07:45:00.000Z' }],
      }
      return { 200: { ...rowResponse(Service(), 'The state of the service.'), example } }
    },
    async handle(call) {
      const [findings, tasks] = await Promise.all([
        diagnose(process.env, serviceChecks),
        call.db.kysely.selectFrom('watermarks').select(['name', 'reached_at']).orderBy('name').execute(),
      ])
      const body = { product_version: PRODUCT_VERSION, api_version: API_VERSION, findings, tasks }
      return { status: 200, body }
    },
  }),
]
