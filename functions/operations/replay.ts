import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { assertReplayable } from '@leads/core/syncs/sync-rejections'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { RunId, rowResponse } from '../http/schemas.ts'

/** Some seconds of work, well within the time of a request; `leads replay` has no such limit. */
const REPLAY_ROWS_MAX = 5000

/**
 * Served by the function of the sync's actions: the mapping with its lists of telephone numbers, domains and countries
 * would more than double the function that only reads syncs.
 */
export const replayOperations: readonly Operation[] = [
  defineOperation('sync-actions', {
    method: 'POST',
    path: '/syncs/{run_id}/replay',
    operation_id: 'replaySync',
    tag: 'Syncs',
    summary: 'Try the rejected items of a run again with the mapping of today',
    description: `Those that become a lead now are imported, and the run's accounting follows. At most ${REPLAY_ROWS_MAX} at once.`,
    scope: 'write',
    params: z.object({ run_id: RunId }),
    is_resumable: true,
    headers: { 'Idempotency-Key': 'A key of your own; without one a second replay is harmless too.' },
    get answers() {
      return {
        200: {
          ...rowResponse(
            z.object({ tried: z.int(), resolved: z.int(), still_rejected: z.int() }),
            'What came of them.',
          ),
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
      const { MAPPINGS_FILE } = readConfig(['sync'])
      const { tried, resolved, still_rejected } = await replayRejections({
        db: call.db,
        map: loadMapper(MAPPINGS_FILE),
        log: noopLog,
        now: () => new Date(),
        run_id,
      })
      return { status: 200, body: { tried, resolved, still_rejected } }
    },
  }),
]
