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
    summary: 'Ask whether the service works',
    description:
      'Open to everybody. 200 when the database answers and has the schema that this version needs, else 503.',
    scope: null,
    get answers() {
      return {
        200: {
          ...rowResponse(z.object({ status: z.literal('ok'), database: z.literal('ok') }), 'It works.'),
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
        throw new Problem('unavailable', 'The database does not answer, or lacks a migration.', { cause })
      }
      return { status: 200, body: { status: 'ok', database: 'ok' } }
    },
  }),
]
