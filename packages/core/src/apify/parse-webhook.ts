/** What a webhook's body asks for: bring a run up to date, or nothing. */
export type WebhookRequest =
  | { kind: 'run'; run_id: string }
  | { kind: 'ignored'; reason: string }
  | { kind: 'invalid'; reason: string }

/** Ids are letters and digits at Apify; a few more characters are let through, anything like a path is not. */
const runIdPattern = /^[A-Za-z0-9_-]{1,100}$/

type Json = Record<string, unknown>
const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/**
 * Reads the run id out of a webhook's parsed body, and nothing else: the body isn't signed, so the run itself is read
 * from Apify with our own token. Understands the default template and own ones that name the run as `runId` or `run_id`.
 */
export function parseWebhook(body: unknown): WebhookRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { kind: 'invalid', reason: 'The body must be a JSON object, as the default payload template makes it.' }
  const { eventType, eventData, resource, runId, run_id } = body as Json
  if (eventType !== undefined && !(typeof eventType === 'string' && eventType.startsWith('ACTOR.RUN.'))) {
    const name = typeof eventType === 'string' ? eventType.slice(0, 60) : 'this kind'
    return { kind: 'ignored', reason: `Events of type ${name} bring no leads.` }
  }
  const isRun = eventType !== undefined
  const found = object(eventData).actorRunId ?? (isRun ? object(resource).id : undefined) ?? runId ?? run_id
  if (typeof found === 'string' && runIdPattern.test(found)) return { kind: 'run', run_id: found }
  if (!isRun && found === undefined)
    return { kind: 'ignored', reason: 'The body names neither an event type nor a run.' }
  return {
    kind: 'invalid',
    reason: 'No run id found: use the default payload template, or one with "runId": "{{resource.id}}".',
  }
}
