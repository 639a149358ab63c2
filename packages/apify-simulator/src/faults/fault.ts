import * as z from 'zod'
import { RuleList, ruleTiming } from './rule-list.ts'

/** What goes wrong with one answer. Several may be combined, e.g. latency and a truncated body. Times are real ms. */
export const fault = z.strictObject({
  /** Answers with this status and an error body instead of the real answer. */
  status: z.int().min(100).max(599).optional(),
  /** `error.type` of that body; by default what Apify writes for the status. */
  error_type: z.string().optional(),
  /** Sends a Retry-After header with it. */
  retry_after_s: z.number().min(0).optional(),
  /** Waits before answering. */
  latency_ms: z.number().min(0).optional(),
  /** Takes the request and never answers; the connection stays open. */
  hang: z.boolean().optional(),
  /** Cuts the connection by a TCP reset: before the answer, or after half of its body. */
  reset: z.enum(['before', 'middle']).optional(),
  /**
   * Cuts the body in the middle of its bytes.
   * `content-length`: the full length is promised, then the connection ends. `chunked`: the chunked body ends without
   * its last chunk. `gzip`: a whole HTTP message whose gzip stream is cut. `clean`: a whole HTTP message whose text is cut.
   */
  truncate: z
    .strictObject({
      how: z.enum(['content-length', 'chunked', 'gzip', 'clean']),
      /** Where, as a share of the bytes. */
      at: z.number().min(0).max(1).default(0.5),
      /** For `clean` and JSON lines: cut after a whole line, so that every line that came is right. */
      whole_lines: z.boolean().default(false),
    })
    .optional(),
  /** Replaces the body by text that is not JSON, under the same headers and status 200. */
  invalid_json: z.boolean().optional(),
  /** Content-Type of the answer, as a server in between sets it: with `invalid_json`, `text/html` is a page of its own. */
  content_type: z.string().optional(),
  /** Sends `bytes` at a time with a pause in between. */
  drip: z.strictObject({ bytes: z.int().min(1), every_ms: z.number().min(0) }).optional(),
  /** Sends this share of the body, then nothing more; the connection stays open. */
  stall_at: z.number().min(0).max(1).optional(),
})
export type Fault = z.output<typeof fault>

/** Which requests a fault strikes. */
export const faultRule = z.strictObject({
  ...ruleTiming,
  method: z.string().toUpperCase().optional(),
  /** The path without query; `*` matches any characters. Default: all of `/v2`. */
  path: z.string().default('/v2/*'),
  /** Query parameters the request must have, e.g. `{ offset: '2000' }`. */
  query: z.record(z.string(), z.string()).default({}),
  fault,
})
export type FaultRuleInput = z.input<typeof faultRule>
type FaultRule = z.output<typeof faultRule>

interface Occasion {
  method: string
  path: string
  query: URLSearchParams
}

function globMatches(glob: string, text: string): boolean {
  const parts = glob.split('*')
  const first = parts.shift() ?? ''
  if (!text.startsWith(first)) return false
  if (parts.length === 0) return text === glob
  const last = parts.pop() ?? ''
  let position = first.length
  for (const part of parts) {
    const found = text.indexOf(part, position)
    if (found < 0) return false
    position = found + part.length
  }
  return text.length - last.length >= position && text.endsWith(last)
}

/** The faults of the API. The control routes are never struck. */
export class Faults {
  readonly #rules = new RuleList<FaultRule, Occasion>(
    (rule, { method, path, query }) =>
      (rule.method === undefined || rule.method === method) &&
      globMatches(rule.path, path) &&
      Object.entries(rule.query).every(([name, value]) => query.get(name) === value),
  )

  /**
   * Adds a rule and returns its id.
   *
   * @throws ZodError for a rule that makes no sense.
   */
  add(rule: FaultRuleInput): string {
    return this.#rules.add(faultRule.parse(rule))
  }

  remove(id: string): boolean {
    return this.#rules.remove(id)
  }

  clear(): void {
    this.#rules.clear()
  }

  list() {
    return this.#rules.list()
  }

  fired(id: string): number {
    return this.#rules.fired(id)
  }

  /** What is to go wrong with this request, if anything. */
  strike(method: string, path: string, query: URLSearchParams): Fault | undefined {
    return this.#rules.strike({ method, path, query })?.fault
  }
}
