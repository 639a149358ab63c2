import { readConfig } from '@leads/core/config/config'
import { Problem } from '@leads/core/errors'
import { openSyncQueue } from '@leads/core/queue/sync-queue'
import { SyncRejection } from '@leads/core/rejections/entity'
import { listRejections, rejectionColumns, rejectionList } from '@leads/core/rejections/list'
import { Sync } from '@leads/core/syncs/entity'
import { getSync, listSyncs, syncColumns, syncList } from '@leads/core/syncs/list'
import * as z from 'zod'
import { type Operation, operation } from '../http/route.ts'
import { listAnswer, listInput, listQuery, RunId, rowAnswer } from '../http/schemas.ts'

const SyncAnswer = Sync.extend({
  is_balanced: z
    .boolean()
    .meta({ description: 'total_records = synced + duplicate + failed: every item is accounted for.' }),
}).meta({ id: 'Sync' })

const params = z.object({ run_id: RunId })

const Queued = z.object({ run_id: z.string(), is_queued: z.literal(true) })
const queued = (description: string) => ({
  ...rowAnswer(Queued, description, { location: 'The sync of the run.' }),
  example: { run_id: 'HG7ML7M8z78YcAPEB', is_queued: true },
})
const idempotency = { 'Idempotency-Key': 'A key of your own; without one a second message is harmless too.' }

/** Queues a run: "bring it up to date". The same message twice changes nothing. @throws Problem unavailable */
async function queueRun(run_id: string) {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  try {
    await openSyncQueue(SYNC_QUEUE_URL).send([run_id])
  } catch (cause) {
    throw new Problem('unavailable', 'The queue does not take the run; try again in a moment.', {
      cause,
      headers: { 'retry-after': '5' },
    })
  }
  return { status: 202, body: { run_id, is_queued: true }, headers: { location: `/syncs/${run_id}` } }
}

export const syncOperations: readonly Operation[] = [
  operation('syncs', {
    method: 'GET',
    path: '/syncs',
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
    params: z.object({ run_id: RunId }),
    get answers() {
      return { 200: rowAnswer(SyncAnswer, 'The sync.') }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getSync(call.db, call.params.run_id) }
    },
  }),

  operation('syncs', {
    method: 'POST',
    path: '/syncs',
    operation_id: 'startSync',
    tag: 'Syncs',
    summary: 'Bring a run into the database',
    description:
      'Queues the run; its sync begins in a moment and goes on where an earlier one ended. For runs whose webhook never ' +
      'came, or that ended before the webhook was set up.',
    scope: 'write',
    get body() {
      return z.object({ run_id: RunId }).strict()
    },
    example: { run_id: 'HG7ML7M8z78YcAPEB' },
    headers: idempotency,
    get answers() {
      return { 202: queued('Queued.') }
    },
    errors: ['unavailable'],
    handle: (call) => queueRun(call.body.run_id),
  }),

  operation('syncs', {
    method: 'POST',
    path: '/syncs/{run_id}/retry',
    operation_id: 'retrySync',
    tag: 'Syncs',
    summary: 'Go on with a sync that failed or waits',
    scope: 'write',
    params,
    headers: idempotency,
    get answers() {
      return { 202: queued('Queued.') }
    },
    errors: ['not_found', 'unavailable'],
    async handle(call) {
      await getSync(call.db, call.params.run_id)
      return queueRun(call.params.run_id)
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
