import type { ApifyClient } from 'apify-client'
import { toStatusError } from './apify-errors.ts'
import { type ApifyOptions, callApify, createApifyClient } from './create-client.ts'

/** Sets up and checks the webhooks at Apify. */

/** The ends of a run, and its resurrection: there may be new items after each of them. */
export const runEventTypes = [
  'ACTOR.RUN.SUCCEEDED',
  'ACTOR.RUN.FAILED',
  'ACTOR.RUN.ABORTED',
  'ACTOR.RUN.TIMED_OUT',
  'ACTOR.RUN.RESURRECTED',
] as const

const DESCRIPTION = 'Brings the results of runs into the lead database.'

export interface WebhookSummary {
  webhook_id: string
  actor_id: string | null
  request_url: string
  event_types: string[]
  created_at: string | null
}

export interface InstalledWebhook extends WebhookSummary {
  outcome: 'created' | 'updated' | 'unchanged'
  /** Webhooks that this product created for the same Actor and another URL, e.g. an older one. */
  others: WebhookSummary[]
}

export interface WebhookDispatch {
  dispatch_id: string
  event_type: string
  /** SUCCEEDED, FAILED, or ACTIVE while Apify retries. */
  dispatch_status: string
  created_at: string | null
  run_id: string | null
  attempts: number
  response_status: number | null
  error_message: string | null
}

/** The parts of the client's records that are read here. All of them may be missing. */
interface WebhookRecord {
  id: string
  requestUrl?: string
  eventTypes?: readonly string[]
  headersTemplate?: string | null
  createdAt?: Date | string | null
  description?: string | null
  condition?: { actorId?: string }
}

interface DispatchRecord {
  id: string
  eventType?: string
  status?: string
  createdAt?: Date | string | null
  eventData?: { actorRunId?: string } | null
  calls?: { responseStatus?: number | null; errorMessage?: string | null }[]
}

const iso = (time: Date | string | null | undefined): string | null => (time ? new Date(time).toISOString() : null)

const toWebhookSummary = (webhook: WebhookRecord): WebhookSummary => ({
  webhook_id: webhook.id,
  actor_id: webhook.condition?.actorId ?? null,
  request_url: webhook.requestUrl ?? '',
  event_types: [...(webhook.eventTypes ?? [])],
  created_at: iso(webhook.createdAt),
})

/**
 * Ensures that Apify notifies `request_url` about the runs of an Actor. Creates the webhook to this URL, or updates it if
 * its events or secret differ. A second call changes nothing.
 * @throws ApifyTransientError, ApifyPermanentError
 */
export async function installWebhook(
  options: ApifyOptions,
  { actor, request_url, secret }: { actor: string; request_url: string; secret: string },
): Promise<InstalledWebhook> {
  const client = await createApifyClient(options)
  const found = await callApify(`Actor ${actor}`, () => client.actor(actor).get())
  if (!found) throw toStatusError(404, `Actor ${actor}`, { type: 'record-not-found' })
  const settings = {
    requestUrl: request_url,
    eventTypes: [...runEventTypes],
    headersTemplate: JSON.stringify({ Authorization: `Bearer ${secret}` }),
    description: DESCRIPTION,
  }
  const all = await listAllWebhooks(client, found.id)
  const known = all.find((webhook) => webhook.requestUrl === request_url)
  const others = await findOwnWebhooks(
    client,
    all.filter((webhook) => webhook.requestUrl !== request_url),
  )
  if (!known) {
    const made = await callApify('a new webhook', () =>
      // With this key two concurrent calls create one webhook.
      client.webhooks().create({
        ...settings,
        condition: { actorId: found.id },
        idempotencyKey: `leads-${found.id}-${request_url}`.slice(0, 250),
      } as never),
    )
    return { ...toWebhookSummary(made as unknown as WebhookRecord), outcome: 'created', others }
  }
  const existing = (await callApify('the webhook', () => client.webhook(known.id).get())) as unknown as WebhookRecord
  const isSame =
    existing.headersTemplate === settings.headersTemplate &&
    [...(existing.eventTypes ?? [])].sort().join() === [...runEventTypes].sort().join()
  if (isSame) return { ...toWebhookSummary(existing), outcome: 'unchanged', others }
  const updated = await callApify('the webhook', () => client.webhook(known.id).update(settings as never))
  return { ...toWebhookSummary(updated as unknown as WebhookRecord), outcome: 'updated', others }
}

const OTHER_WEBHOOKS_MAX = 10

/** Returns those of the newest webhooks that this product created. Lists omit the description that shows it. */
async function findOwnWebhooks(client: ApifyClient, webhooks: readonly WebhookRecord[]): Promise<WebhookSummary[]> {
  const existing = await Promise.all(
    webhooks
      .slice(0, OTHER_WEBHOOKS_MAX)
      .map(({ id }) => callApify('the webhook', () => client.webhook(id).get()) as Promise<WebhookRecord | undefined>),
  )
  return existing.flatMap((webhook) => (webhook?.description === DESCRIPTION ? [toWebhookSummary(webhook)] : []))
}

/** Lists the webhooks of an Actor, or of the whole account. @throws ApifyTransientError, ApifyPermanentError */
export async function listWebhooks(options: ApifyOptions, actor?: string): Promise<WebhookSummary[]> {
  const client = await createApifyClient(options)
  if (actor !== undefined && !(await callApify(`Actor ${actor}`, () => client.actor(actor).get())))
    throw toStatusError(404, `Actor ${actor}`, { type: 'record-not-found' })
  return (await listAllWebhooks(client, actor)).map(toWebhookSummary)
}

async function listAllWebhooks(client: ApifyClient, actor: string | undefined): Promise<WebhookRecord[]> {
  const list = await callApify('the list of webhooks', () =>
    (actor === undefined ? client.webhooks() : client.actor(actor).webhooks()).list({ limit: 1000, desc: true }),
  )
  return list.items as unknown as WebhookRecord[]
}

/** Lists the dispatches of a webhook, newest first. */
export async function listDispatches(
  options: ApifyOptions,
  webhook_id: string,
  limit: number,
): Promise<WebhookDispatch[]> {
  const client = await createApifyClient(options)
  const dispatches = client.webhook(webhook_id).dispatches()
  const list = await callApify('the dispatches of the webhook', () => dispatches.list({ limit, desc: true }))
  return (list.items as unknown as DispatchRecord[]).map((dispatch) => {
    // A call in progress has neither status nor error yet.
    const last = dispatch.calls?.findLast(({ responseStatus, errorMessage }) => responseStatus || errorMessage)
    return {
      dispatch_id: dispatch.id,
      event_type: dispatch.eventType ?? '',
      dispatch_status: dispatch.status ?? '',
      created_at: iso(dispatch.createdAt),
      run_id: dispatch.eventData?.actorRunId ?? null,
      attempts: dispatch.calls?.length ?? 0,
      response_status: last?.responseStatus ?? null,
      error_message: last?.errorMessage ?? null,
    }
  })
}
