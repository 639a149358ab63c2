import { readConfig } from '@leads/core/config/read-config'
import { lazily } from '@leads/core/model/lazily'
import { Problem } from '@leads/core/problem'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { getSync } from '@leads/core/syncs/list-syncs'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { RunId, rowResponse } from '../http/schemas.ts'

const params = lazily(() => z.object({ run_id: RunId() }))

const Queued = lazily(() => z.object({ run_id: z.string(), is_queued: z.literal(true) }))
const queued = (description: string) => ({
  ...rowResponse(Queued(), description, { location: 'The sync of the run.' }),
  example: { run_id: 'HG7ML7M8z78YcAPEB', is_queued: true },
})
const idempotency = { 'Idempotency-Key': 'A unique key. Optional: a repeated message is safe.' }

/** Queues a run for syncing. A repeated message changes nothing. @throws Problem unavailable */
async function queueRun(run_id: string) {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  try {
    await createSyncQueue(SYNC_QUEUE_URL).send([run_id])
  } catch (cause) {
    throw new Problem('unavailable', 'The queue is unavailable. Retry in a moment.', {
      cause,
      headers: { 'retry-after': '5' },
    })
  }
  return { status: 202, body: { run_id, is_queued: true }, headers: { location: `/syncs/${run_id}` } }
}

/** Operations that queue a run. Their function is the only one of the API that may send to the queue. */
export const syncActionOperations: readonly Operation[] = [
  defineOperation('sync-actions', {
    method: 'POST',
    path: '/syncs',
    operation_id: 'startSync',
    tag: 'Syncs',
    summary: 'Sync a run',
    description:
      'Queues the run. Its sync starts in a moment and resumes at its checkpoint. Use it for runs whose webhook did not ' +
      'arrive, or that ended before the webhook existed.',
    scope: 'write',
    get body() {
      return z.object({ run_id: RunId() }).strict()
    },
    example: { run_id: 'HG7ML7M8z78YcAPEB' },
    headers: idempotency,
    sends_message: true,
    get answers() {
      return { 202: queued('Queued.') }
    },
    errors: ['unavailable'],
    handle: (call) => queueRun(call.body.run_id),
  }),

  defineOperation('sync-actions', {
    method: 'POST',
    path: '/syncs/{run_id}/retry',
    operation_id: 'retrySync',
    tag: 'Syncs',
    summary: 'Retry a sync',
    scope: 'write',
    get params() {
      return params()
    },
    headers: idempotency,
    sends_message: true,
    get answers() {
      return { 202: queued('Queued.') }
    },
    errors: ['not_found', 'unavailable'],
    async handle(call) {
      await getSync(call.db, call.params.run_id)
      return queueRun(call.params.run_id)
    },
  }),
]
