import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import type { Sync } from '@leads/core/model/sync'
import { DEAD_LETTER } from '@leads/core/syncs/dead-lettered-syncs'
import { failSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { getDatabase } from '../runtime/database.ts'
import { functionManifest } from '../runtime/manifest.ts'

/**
 * Consumes the dead-letter queue: marks the syncs of messages that failed on every attempt, so that people see them.
 * `leads syncs redrive` and POST /syncs/{run_id}/retry bring them back.
 */

const log = createLogger('dead-letter')

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const db = await getDatabase(readConfig(functionManifest['dead-letter'].config))
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
  for (const { messageId, body, attributes } of event.Records) {
    try {
      const run_id = parseRunId(body)
      if (run_id === null) {
        log.error('A message that names no run was given up', { message_id: messageId })
        continue
      }
      const at = new Date()
      const sync = await getOrCreateSync(db, run_id, at)
      if (isAlreadySynced(sync, Number(attributes.SentTimestamp))) {
        log.info('A message was given up whose run another one has brought in', { run_id })
        continue
      }
      const cause = sync.error_message
      const details = { name: DEAD_LETTER, attempts: Number(attributes.ApproximateReceiveCount), at: at.toISOString() }
      const message = `Given up after the last attempt${cause ? `: ${cause}` : '.'} Try again with \`leads syncs redrive ${run_id}\`.`
      await failSync(db, run_id, { message, details }, at)
      log.error('A sync was given up', { run_id, cause })
    } catch (error) {
      log.error('A dead letter could not be noted', { message_id: messageId, error: (error as Error).message })
      batchItemFailures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures }
}

/** Completed after the message was sent: what the message asked for has been done meanwhile. */
const isAlreadySynced = ({ sync_status, error_message, last_sync_at }: Sync, sent_at: number): boolean =>
  sync_status === 'completed' && error_message === null && Date.parse(last_sync_at ?? '') >= sent_at

function parseRunId(body: string): string | null {
  try {
    const { run_id } = JSON.parse(body) as { run_id?: unknown }
    return typeof run_id === 'string' ? run_id : null
  } catch {
    return null
  }
}
