import { Sync } from '@leads/core/syncs/entity'
import { getSync, listSyncs, syncColumns, syncList } from '@leads/core/syncs/list'
import * as z from 'zod'
import { type Operation, operation } from '../http/route.ts'
import { listAnswer, listInput, listQuery, rowAnswer } from '../http/schemas.ts'

const SyncAnswer = Sync.extend({
  is_balanced: z
    .boolean()
    .meta({ description: 'total_records = synced + duplicate + failed: every item is accounted for.' }),
})

/** Run ids are Apify's: letters and digits. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'a run id: letters and digits')
  .meta({ example: 'HG7ML7M8z78YcAPEB' })

export const syncOperations: readonly Operation[] = [
  operation('syncs', {
    method: 'GET',
    path: '/syncs',
    operation_id: 'listSyncs',
    tag: 'Syncs',
    summary: 'List syncs',
    description: 'One row an Apify run, newest first, each with its accounting.',
    scope: 'read',
    query: listQuery(syncList),
    answers: { 200: listAnswer(SyncAnswer, 'A page of syncs.') },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return { status: 200, body: await listSyncs(call.db, listInput(call, syncList, syncColumns)) }
    },
  }),

  operation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}',
    operation_id: 'getSync',
    tag: 'Syncs',
    summary: 'Get the sync of a run',
    scope: 'read',
    params: z.object({ run_id: RunId }),
    answers: { 200: rowAnswer(SyncAnswer, 'The sync.') },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getSync(call.db, call.params.run_id) }
    },
  }),
]
