import { readConfig } from '@leads/core/config/read-config'
import { Problem } from '@leads/core/problem'
import { sql } from 'kysely'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { rowResponse } from '../http/schemas.ts'
import { getDatabase } from '../runtime/database.ts'

export const healthOperations: readonly Operation[] = [
  defineOperation('health', {
    method: 'GET',
    path: '/health',
    operation_id: 'getHealth',
    tag: 'Service',
    summary: 'Check the health of the service',
    description:
      'Needs no key. Returns 200 if the database responds and has the schema of this version, otherwise 503.',
    scope: null,
    get answers() {
      return {
        200: {
          ...rowResponse(z.object({ status: z.literal('ok'), database: z.literal('ok') }), 'The service is healthy.'),
          example: { status: 'ok', database: 'ok' },
        },
      }
    },
    errors: ['unavailable'],
    async handle() {
      try {
        const db = await getDatabase(readConfig(['database']))
        await sql`select 1`.execute(db.kysely)
      } catch (cause) {
        throw new Problem('unavailable', 'The database does not respond, or a migration is missing.', { cause })
      }
      return { status: 200, body: { status: 'ok', database: 'ok' } }
    },
  }),
]
