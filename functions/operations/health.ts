import { readConfig } from '@leads/core/config/read-config'
import { Problem } from '@leads/core/problem'
import { sql } from 'kysely'
import * as z from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import { rowAnswer } from '../http/schemas.ts'
import { functionDatabase } from '../runtime/database.ts'

export const healthOperations: readonly Operation[] = [
  operation('health', {
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
          ...rowAnswer(z.object({ status: z.literal('ok'), database: z.literal('ok') }), 'It works.'),
          example: { status: 'ok', database: 'ok' },
        },
      }
    },
    errors: ['unavailable'],
    async handle() {
      try {
        const db = await functionDatabase(readConfig(['database']))
        await sql`select 1`.execute(db.kysely)
      } catch (cause) {
        throw new Problem('unavailable', 'The database does not answer, or lacks a migration.', { cause })
      }
      return { status: 200, body: { status: 'ok', database: 'ok' } }
    },
  }),
]
