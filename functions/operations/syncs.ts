import { readConfig } from '@leads/core/config/config'
import { Problem } from '@leads/core/errors'
import { silentLog } from '@leads/core/log'
import { openSyncQueue } from '@leads/core/queue/sync-queue'
import { SyncRejection } from '@leads/core/rejections/entity'
import { assertReplayable, listRejections, rejectionColumns, rejectionList } from '@leads/core/rejections/list'
import { Sync } from '@leads/core/syncs/entity'
import { getSync, listSyncs, syncColumns, syncList } from '@leads/core/syncs/list'
import * as z from 'zod'
import { type Operation, operation } from '../http/route.ts'
import { listAnswer, listInput, listQuery, rowAnswer } from '../http/schemas.ts'

const SyncAnswer = Sync.extend({
  is_balanced: z
    .boolean()
    .meta({ description: 'total_records = synced + duplicate + failed: every item is accounted for.' }),
}).meta({ id: 'Sync' })

/** Run ids are Apify's: letters and digits. */
export const RunId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'a run id: letters and digits')
  .meta({ example: 'HG7ML7M8z78YcAPEB' })

const params = z.object({ run_id: RunId })

/** Some seconds of work, well within the time of a request; `leads replay` has no such limit. */
const replay_rows_max = 5000

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
    body: z.object({ run_id: RunId }).strict(),
    example: { run_id: 'HG7ML7M8z78YcAPEB' },
    headers: idempotency,
    answers: { 202: queued('Queued.') },
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
    answers: { 202: queued('Queued.') },
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
    query: listQuery(rejectionList),
    answers: { 200: listAnswer(SyncRejection.meta({ id: 'SyncRejection' }), 'A page of rejections.') },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = listInput(call, rejectionList, rejectionColumns)
      return { status: 200, body: await listRejections(call.db, call.params.run_id, input) }
    },
  }),

  operation('syncs', {
    method: 'POST',
    path: '/syncs/{run_id}/replay',
    operation_id: 'replaySync',
    tag: 'Syncs',
    summary: 'Try the rejected items of a run again with the mapping of today',
    description: `Those that become a lead now are imported, and the run's accounting follows. At most ${replay_rows_max} at once.`,
    scope: 'write',
    params,
    headers: idempotency,
    answers: {
      200: {
        ...rowAnswer(z.object({ tried: z.int(), resolved: z.int(), still_rejected: z.int() }), 'What came of them.'),
        example: { tried: 12, resolved: 9, still_rejected: 3 },
      },
    },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { run_id } = call.params
      await assertReplayable(call.db, run_id, replay_rows_max)
      // The mapping is most of this function's code and no other route of it needs any.
      const [{ replayRejections }, { loadMapper }] = await Promise.all([
        import('@leads/core/sync/replay'),
        import('@leads/core/mapping/load-mapper'),
      ])
      const { MAPPINGS_FILE } = readConfig(['sync'])
      const { tried, resolved, still_rejected } = await replayRejections({
        db: call.db,
        map: loadMapper(MAPPINGS_FILE),
        log: silentLog,
        now: () => new Date(),
        run_id,
      })
      return { status: 200, body: { tried, resolved, still_rejected } }
    },
  }),
]
