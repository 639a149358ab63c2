import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { assertReplayable } from '@leads/core/syncs/sync-rejections'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { RunId, rowResponse } from '../http/schemas.ts'

/** A few seconds of work, well within the time limit of a request. `leads syncs replay` has no such limit. */
const REPLAY_ROWS_MAX = 5000

/**
 * Served by the function of sync actions: the mapping with its tables of phone numbers, domains and countries would more
 * than double the size of the function that only reads syncs.
 */
export const replayOperations: readonly Operation[] = [
  defineOperation('sync-actions', {
    method: 'POST',
    path: '/syncs/{run_id}/replay',
    operation_id: 'replaySync',
    tag: 'Syncs',
    summary: 'Replay the rejected items of a run',
    description: `Maps them again with the current mapping. Imports items that now map to a lead and updates the accounting of the run. At most ${REPLAY_ROWS_MAX} items per request.`,
    scope: 'write',
    get params() {
      return z.object({ run_id: RunId() })
    },
    is_resumable: true,
    headers: { 'Idempotency-Key': 'A unique key. Optional: a repeated replay is safe.' },
    get answers() {
      return {
        200: {
          ...rowResponse(z.object({ tried: z.int(), resolved: z.int(), still_rejected: z.int() }), 'The result.'),
          example: { tried: 12, resolved: 9, still_rejected: 3 },
        },
      }
    },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { run_id } = call.params
      await assertReplayable(call.db, run_id, REPLAY_ROWS_MAX)
      const [{ replayRejections }, { loadMapper }] = await Promise.all([
        import('@leads/core/syncs/replay'),
        import('@leads/core/mapping/load-mapper'),
      ])
      const { MAPPINGS_FILE, SOURCE_PRECEDENCE: source_precedence } = readConfig(['sync'])
      const { tried, resolved, still_rejected } = await replayRejections({
        db: call.db,
        map: loadMapper(MAPPINGS_FILE),
        log: noopLog,
        source_precedence,
        now: () => new Date(),
        run_id,
      })
      return { status: 200, body: { tried, resolved, still_rejected } }
    },
  }),
]
