/**
 * Reads a function's answer to a batch of SQS messages by Lambda's rules for `ReportBatchItemFailures`, and returns the
 * ids of the messages that failed. Nothing, an empty object, a missing, null or empty list: all succeeded. An answer that
 * is not an object, a list that is not one, an identifier that is missing, empty or not of this batch: all failed.
 */
export function parseFailedMessageIds(payload: unknown, message_ids: readonly string[]): Set<string> {
  const everything = new Set(message_ids)
  if (payload === null || payload === undefined) return new Set()
  if (typeof payload !== 'object' || Array.isArray(payload)) return everything
  const failures = 'batchItemFailures' in payload ? payload.batchItemFailures : undefined
  if (failures === null || failures === undefined) return new Set()
  if (!Array.isArray(failures)) return everything
  const failed = new Set<string>()
  for (const failure of failures as unknown[]) {
    const id = typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure && failure.itemIdentifier
    if (typeof id !== 'string' || !everything.has(id)) return everything
    failed.add(id)
  }
  return failed
}
