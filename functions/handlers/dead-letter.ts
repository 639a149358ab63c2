import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import { parseSyncMessage } from '@leads/core/queue/sync-message'
import { DEAD_LETTER } from '@leads/core/syncs/dead-lettered-syncs'
import { failSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { getDatabase } from '../runtime/database.ts'
import { functionManifest } from '../runtime/manifest.ts'

/**
 * Consumes the dead-letter queue: marks the syncs of messages that failed on every attempt as failed.
 * `leads syncs redrive` and POST /syncs/{run_id}/retry queue them again.
 */

const log = createLogger('dead-letter')

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const db = await getDatabase(readConfig(functionManifest['dead-letter'].config))
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
  for (const { messageId, body, attributes } of event.Records) {
    try {
      const message = parseMessage(body)
      if (message === null) {
        log.error('A dead letter names no run', { message_id: messageId })
        continue
      }
      if ('poll_at' in message) {
        log.warn('A poll of the followed runs was dead-lettered; reconcile queues them', { message_id: messageId })
        continue
      }
      const { run_id } = message
      const at = new Date()
      const { error_message: cause, error_details } = await getOrCreateSync(db, run_id, at)
      const details = { name: DEAD_LETTER, attempts: Number(attributes.ApproximateReceiveCount), at: at.toISOString() }
      const reason = cause ? `: ${cause}` : '.'
      const error_message = `Failed on the last attempt${reason} Try again with \`leads syncs redrive ${run_id}\`.`
      // Not its message: that of a database may quote values of leads.
      const failure = (error_details as { name?: string } | null)?.name
      if (await failSync(db, run_id, { message: error_message, details }, at))
        log.error('A sync was dead-lettered; `leads syncs show` states the cause', { run_id, failure })
      else log.info('A dead letter names a run whose sync is complete', { run_id })
    } catch (error) {
      log.error('A dead letter could not be recorded', { message_id: messageId, error })
      batchItemFailures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures }
}

function parseMessage(body: string): ReturnType<typeof parseSyncMessage> | null {
  try {
    return parseSyncMessage(body)
  } catch {
    return null
  }
}
