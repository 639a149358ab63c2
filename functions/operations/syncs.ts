import { Sync } from '@leads/core/model/sync'
import { SyncRejection } from '@leads/core/model/sync-rejection'
import { getSync, listSyncs, syncColumns, syncList } from '@leads/core/syncs/list-syncs'
import { listRejections, rejectionColumns, rejectionList } from '@leads/core/syncs/sync-rejections'
import * as z from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import { listAnswer, listInput, listQuery, RunId, rowAnswer } from '../http/schemas.ts'

const SyncAnswer = Sync.extend({
  is_balanced: z
    .boolean()
    .meta({ description: 'total_records = synced + duplicate + failed: every item is accounted for.' }),
}).meta({ id: 'Sync' })

const params = z.object({ run_id: RunId })

export const syncOperations: readonly Operation[] = [
  operation('syncs', {
    method: 'GET',
    path: '/syncs',
    methods_elsewhere: ['POST'],
    operation_id: 'listSyncs',
    tag: 'Syncs',
    summary: 'List syncs',
    description: 'One row an Apify run, newest first, each with its accounting.',
    scope: 'read',
    get query() {
      return listQuery(syncList)
    },
    get answers() {
      return { 200: listAnswer(SyncAnswer, 'A page of syncs.') }
    },
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
    params,
    get answers() {
      return { 200: rowAnswer(SyncAnswer, 'The sync.') }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getSync(call.db, call.params.run_id) }
    },
  }),

  operation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}/rejections',
    operation_id: 'listSyncRejections',
    tag: 'Syncs',
    summary: 'List the items of a run that became no lead',
    description: 'Each whole, with its place in the dataset and the reason.',
    scope: 'read',
    params,
    get query() {
      return listQuery(rejectionList)
    },
    get answers() {
      return { 200: listAnswer(SyncRejection.meta({ id: 'SyncRejection' }), 'A page of rejections.') }
    },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = listInput(call, rejectionList, rejectionColumns)
      return { status: 200, body: await listRejections(call.db, call.params.run_id, input) }
    },
  }),
]
