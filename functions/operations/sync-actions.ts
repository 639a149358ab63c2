import { readConfig } from '@leads/core/config/read-config'
import { Problem } from '@leads/core/problem'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { getSync } from '@leads/core/syncs/list-syncs'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { RunId, rowResponse } from '../http/schemas.ts'

const params = z.object({ run_id: RunId })

const Queued = z.object({ run_id: z.string(), is_queued: z.literal(true) })
const queued = (description: string) => ({
  ...rowResponse(Queued, description, { location: 'The sync of the run.' }),
  example: { run_id: 'HG7ML7M8z78YcAPEB', is_queued: true },
})
const idempotency = { 'Idempotency-Key': 'A key of your own; without one a second message is harmless too.' }

/** Queues a run: "bring it up to date". The same message twice changes nothing. @throws Problem unavailable */
async function queueRun(run_id: string) {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  try {
    await createSyncQueue(SYNC_QUEUE_URL).send([run_id])
  } catch (cause) {
    throw new Problem('unavailable', 'The queue does not take the run; try again in a moment.', {
      cause,
      headers: { 'retry-after': '5' },
    })
  }
  return { status: 202, body: { run_id, is_queued: true }, headers: { location: `/syncs/${run_id}` } }
}

/** Requests that queue a run: theirs is the only function of the API that may send to the queue. */
export const syncActionOperations: readonly Operation[] = [
  defineOperation('sync-actions', {
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

  defineOperation('sync-actions', {
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
]
