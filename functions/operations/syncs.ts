import { Sync } from '@leads/core/model/sync'
import { SyncRejection } from '@leads/core/model/sync-rejection'
import { getSync, listSyncs, syncColumns, syncListDefinition } from '@leads/core/syncs/list-syncs'
import { listSyncRejections, rejectionColumns, syncRejectionListDefinition } from '@leads/core/syncs/sync-rejections'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { listQuery, listResponse, RunId, rowResponse, toListInput } from '../http/schemas.ts'

const SyncAnswer = Sync.extend({
  is_balanced: z.boolean().meta({ description: 'True if total_records = synced + duplicate + failed.' }),
}).meta({ id: 'Sync' })

const params = z.object({ run_id: RunId })

export const syncOperations: readonly Operation[] = [
  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs',
    other_methods: ['POST'],
    operation_id: 'listSyncs',
    tag: 'Syncs',
    summary: 'List syncs',
    description: 'Returns one row per Apify run with its accounting, newest first.',
    scope: 'read',
    get query() {
      return listQuery(syncListDefinition)
    },
    get answers() {
      return { 200: listResponse(SyncAnswer, 'A page of syncs.') }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return { status: 200, body: await listSyncs(call.db, toListInput(call, syncListDefinition, syncColumns)) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}',
    operation_id: 'getSync',
    tag: 'Syncs',
    summary: 'Get the sync of a run',
    scope: 'read',
    params,
    get answers() {
      return { 200: rowResponse(SyncAnswer, 'The sync.') }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getSync(call.db, call.params.run_id) }
    },
  }),

  defineOperation('syncs', {
    method: 'GET',
    path: '/syncs/{run_id}/rejections',
    operation_id: 'listSyncRejections',
    tag: 'Syncs',
    summary: 'List the rejected items of a run',
    description: 'Returns each item with its offset in the dataset and the reason.',
    scope: 'read',
    params,
    get query() {
      return listQuery(syncRejectionListDefinition)
    },
    get answers() {
      return { 200: listResponse(SyncRejection.meta({ id: 'SyncRejection' }), 'A page of rejections.') }
    },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = toListInput(call, syncRejectionListDefinition, rejectionColumns)
      return { status: 200, body: await listSyncRejections(call.db, call.params.run_id, input) }
    },
  }),
]
