/**
 * Returns the ids of the failed messages in a function's response to a batch of SQS messages, by Lambda's rules for
 * `ReportBatchItemFailures`. An empty response, an empty object, and a missing, null or empty list mean that all messages
 * succeeded. A response that is not an object, a list that is not an array, and an identifier that is missing, empty or
 * not in this batch mean that all failed.
 */
export function parseFailedMessageIds(payload: unknown, message_ids: readonly string[]): Set<string> {
  const allIds = new Set(message_ids)
  if (payload === null || payload === undefined) return new Set()
  if (typeof payload !== 'object' || Array.isArray(payload)) return allIds
  const failures = 'batchItemFailures' in payload ? payload.batchItemFailures : undefined
  if (failures === null || failures === undefined) return new Set()
  if (!Array.isArray(failures)) return allIds
  const failed = new Set<string>()
  for (const failure of failures as unknown[]) {
    const id = typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure && failure.itemIdentifier
    if (typeof id !== 'string' || !allIds.has(id)) return allIds
    failed.add(id)
  }
  return failed
}
