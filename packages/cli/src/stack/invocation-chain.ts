import { createHash } from 'node:crypto'
import type { SQSRecord } from 'aws-lambda'
import { createTraceId } from './gateway-event.ts'

/** Lambda stops a chain of invocations when the same function has run in it about this often. */
export const CHAIN_INVOCATIONS_MAX = 16

/**
 * A chain is the sequence of invocations of which each sent the message of the next. Lambda notes it in the trace header,
 * which the AWS SDK sends with each request and SQS keeps with the message: `Root=…;Lineage=<function>:<count>`.
 */
const toFunctionKey = (function_name: string): string =>
  createHash('sha256').update(function_name).digest('hex').slice(0, 8)

function parseLineage(trace_header: string | undefined): Map<string, number> {
  const lineage = /Lineage=([^;]+)/.exec(trace_header ?? '')?.[1] ?? ''
  return new Map(
    lineage
      .split('|')
      .map((entry) => entry.split(':'))
      .flatMap(([key, count]) => (key && count ? [[key, Number(count)] as const] : [])),
  )
}

/** Returns how often the function has already run in the chain that sent this message. */
export function countInvocations(record: SQSRecord, function_name: string): number {
  return parseLineage(record.attributes.AWSTraceHeader).get(toFunctionKey(function_name)) ?? 0
}

/** Returns the trace header of an invocation: a new one, or that of the message it handles with one invocation more. */
export function createInvocationTrace(event: unknown, function_name: string): string {
  const { Records: records = [] } = (event ?? {}) as { Records?: Partial<SQSRecord>[] }
  const trace_header = Array.isArray(records) ? records[0]?.attributes?.AWSTraceHeader : undefined
  const root = /Root=[^;]+/.exec(trace_header ?? '')?.[0] ?? createTraceId()
  if (records[0]?.eventSource !== 'aws:sqs') return `${root};Sampled=0`
  const lineage = parseLineage(trace_header)
  const key = toFunctionKey(function_name)
  lineage.set(key, (lineage.get(key) ?? 0) + 1)
  return `${root};Sampled=0;Lineage=${[...lineage].map(([name, count]) => `${name}:${count}`).join('|')}`
}
