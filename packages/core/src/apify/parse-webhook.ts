/** What a webhook body requests: the sync of a run, or nothing. */
export type WebhookRequest =
  | { kind: 'run'; run_id: string }
  | { kind: 'ignored'; reason: string }
  | { kind: 'invalid'; reason: string }

/** Apify's ids consist of letters and digits. A few more characters are accepted, but nothing like a path. */
const RUN_ID = /^[A-Za-z0-9_-]{1,100}$/
/** A variable that Apify has not replaced, e.g. `{{resource.id}}`. */
const UNFILLED_VARIABLE = /\{\{\s*[\w.]+\s*\}\}/
/** Keys that name a run, in any spelling: `runId`, `run_id`, `actorRunId`. */
const RUN_ID_KEYS: ReadonlySet<string> = new Set(['runid', 'actorrunid', 'apifyrunid'])

export const TEMPLATE_HINT =
  'Use the default payload template, or {"runId": {{resource.id}}} without quotes around the variable. ' +
  'With string interpolation turned on, "{{resource.id}}" in quotes works too.'

type Json = Record<string, unknown>

const toObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

/**
 * Reads the run id from a parsed webhook body, and nothing else: the body is not signed, therefore the run itself is read
 * from Apify with our own token. A body that names a run is never ignored, regardless of its template. Pure.
 */
export function parseWebhook(body: unknown): WebhookRequest {
  const object = toObject(body)
  if (object === undefined)
    return { kind: 'invalid', reason: 'The body must be a JSON object, as in the default payload template.' }
  const found = findRunId(object)
  if (typeof found === 'string' && RUN_ID.test(found)) return { kind: 'run', run_id: found }
  if (isTemplateText(object))
    return { kind: 'invalid', reason: `Apify has not replaced the variables of the template. ${TEMPLATE_HINT}` }
  const { eventType } = object
  if (found === undefined && typeof eventType === 'string' && !isRunEvent(eventType))
    return { kind: 'ignored', reason: `Events of type ${eventType.slice(0, 60)} contain no run.` }
  return { kind: 'invalid', reason: `The body contains no valid run id. ${TEMPLATE_HINT}` }
}

const isRunEvent = (eventType: unknown): boolean => typeof eventType === 'string' && eventType.startsWith('ACTOR.RUN.')

/** Returns the first value that a body gives as its run id, valid or not. */
function findRunId(body: Json): unknown {
  const { eventType, eventData, resource, run } = body
  const isBuild = typeof eventType === 'string' && eventType.startsWith('ACTOR.BUILD.')
  const objects = [toObject(eventData), body, toObject(resource), toObject(run)].filter((each) => each !== undefined)
  for (const object of objects) {
    const named = findNamedRunId(object)
    if (named !== undefined) return named
  }
  const own = isBuild ? undefined : (toObject(resource)?.id ?? toObject(run)?.id)
  return own ?? findNestedRunId(body, isBuild, { keys: 0 }) ?? findMentionedRunId(body)
}

/** The run as a plain value: `{"run": "HG7ML7M8z78YcAPEB"}`. */
const RUN_KEYS: ReadonlySet<string> = new Set(['run', 'actorrun', 'apifyrun'])
/** A run's address in the API or in the console. */
const RUN_ADDRESS = /^https:\/\/[\w.-]*apify\.com\/[^?#]{0,200}\/?(?:actor-)?runs\/([A-Za-z0-9_-]{1,100})(?:[/?#]|$)/

/** Returns the run that a plain value at the top of the body, or one level below, names. */
function findMentionedRunId(body: Json): string | undefined {
  for (const [key, value] of Object.entries(body).slice(0, KEYS_MAX)) {
    const inner = Object.entries(toObject(value) ?? {}).slice(0, KEYS_MAX)
    for (const [name, text] of [[key, value] as const, ...inner]) {
      if (typeof text !== 'string' || text === '') continue
      const address = RUN_ADDRESS.exec(text.slice(0, 500))?.[1]
      if (address !== undefined) return address
      if (RUN_KEYS.has(toPlainKey(name))) return text
    }
  }
  return undefined
}

const DEPTH_MAX = 5
const KEYS_MAX = 1_000

/** Searches the whole body: `{data: {run}}`, `{payload: {meta: {runId}}}`. A build is no run. */
function findNestedRunId(value: unknown, isBuild: boolean, visited: { keys: number }, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return undefined
  const object = toObject(value)
  if (object !== undefined) {
    const named = findNamedRunId(object) ?? (!isBuild && isRunObject(object) ? object.id : undefined)
    if (named !== undefined) return named
  }
  for (const inner of Object.values(value)) {
    visited.keys += 1
    const found = visited.keys > KEYS_MAX ? undefined : findNestedRunId(inner, isBuild, visited, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const toPlainKey = (key: string): string => key.replace(/[-_\s]/g, '').toLowerCase()

function findNamedRunId(object: Json): unknown {
  for (const [key, value] of Object.entries(object))
    if (value !== null && value !== '' && RUN_ID_KEYS.has(toPlainKey(key))) return value
  return undefined
}

/** A run has these keys: the template is `{{resource}}`, or puts it under a key. */
const isRunObject = (body: Json): boolean => 'defaultDatasetId' in body || 'actId' in body

/** A variable stands where a value is expected, at the top of the body or one level below. */
function isTemplateText(body: Json): boolean {
  const values = Object.values(body).flatMap((value) => [value, ...Object.values(toObject(value) ?? {})])
  return values.some((value) => typeof value === 'string' && UNFILLED_VARIABLE.test(value))
}
