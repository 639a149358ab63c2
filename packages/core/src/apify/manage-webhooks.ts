import type { ApifyClient } from 'apify-client'
import type { ApifyOptions } from './apify-api.ts'
import { ApifyTransientError, errorOfStatus } from './apify-errors.ts'

/** Webhooks at Apify, as far as the product sets them up and looks after them. */

/** The ends of a run, and its beginning anew: each of them may have brought items. */
export const runEvents = [
  'ACTOR.RUN.SUCCEEDED',
  'ACTOR.RUN.FAILED',
  'ACTOR.RUN.ABORTED',
  'ACTOR.RUN.TIMED_OUT',
  'ACTOR.RUN.RESURRECTED',
] as const

const DESCRIPTION = 'Brings the results of runs into the lead database.'

export interface WebhookFacts {
  webhook_id: string
  actor_id: string | null
  request_url: string
  event_types: string[]
  created_at: string | null
}

export interface InstalledWebhook extends WebhookFacts {
  outcome: 'created' | 'updated' | 'unchanged'
  /** Webhooks that this product made for the same Actor and another address, e.g. an older one. */
  others: WebhookFacts[]
}

export interface WebhookDispatch {
  dispatch_id: string
  event_type: string
  /** SUCCEEDED, FAILED, or ACTIVE while Apify still tries. */
  dispatch_status: string
  created_at: string | null
  run_id: string | null
  attempts: number
  response_status: number | null
  error_message: string | null
}

/** The parts of the client's records that are read here; everything may be missing. */
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

async function openClient({ APIFY_TOKEN, APIFY_API_BASE_URL }: ApifyOptions): Promise<ApifyClient> {
  // It prints each of its retries with a stack; what comes of them is told once, by the error.
  process.env.APIFY_LOG_LEVEL ??= '0'
  const { ApifyClient } = await import('./apify-client-library.ts')
  return new ApifyClient({ token: APIFY_TOKEN, baseUrl: APIFY_API_BASE_URL, maxRetries: 2, timeoutSecs: 20 })
}

async function ask<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    const { statusCode, type, message } = error as { statusCode?: number; type?: string; message?: string }
    if (typeof statusCode === 'number' && statusCode >= 400) throw errorOfStatus(statusCode, what, { type, message })
    throw new ApifyTransientError(`Asking Apify for ${what} failed: ${message ?? String(error)}.`, { cause: error })
  }
}

const iso = (time: Date | string | null | undefined): string | null => (time ? new Date(time).toISOString() : null)

const factsOf = (webhook: WebhookRecord): WebhookFacts => ({
  webhook_id: webhook.id,
  actor_id: webhook.condition?.actorId ?? null,
  request_url: webhook.requestUrl ?? '',
  event_types: [...(webhook.eventTypes ?? [])],
  created_at: iso(webhook.createdAt),
})

/**
 * Makes sure that Apify tells `request_url` about the runs of an Actor: the webhook to this address is made, or mended
 * where its events or secret differ. Running it again changes nothing.
 * @throws ApifyTransientError, ApifyPermanentError
 */
export async function installWebhook(
  options: ApifyOptions,
  { actor, request_url, secret }: { actor: string; request_url: string; secret: string },
): Promise<InstalledWebhook> {
  const client = await openClient(options)
  const found = await ask(`Actor ${actor}`, () => client.actor(actor).get())
  if (!found) throw errorOfStatus(404, `Actor ${actor}`, {})
  const settings = {
    requestUrl: request_url,
    eventTypes: [...runEvents],
    headersTemplate: JSON.stringify({ Authorization: `Bearer ${secret}` }),
    description: DESCRIPTION,
  }
  const all = await listAll(client, found.id)
  const known = all.find((webhook) => webhook.requestUrl === request_url)
  const others = await ownWebhooks(
    client,
    all.filter((webhook) => webhook.requestUrl !== request_url),
  )
  if (!known) {
    const made = await ask('a new webhook', () =>
      // The key makes two of these at the same moment one webhook.
      client.webhooks().create({
        ...settings,
        condition: { actorId: found.id },
        idempotencyKey: `leads-${found.id}-${request_url}`.slice(0, 250),
      } as never),
    )
    return { ...factsOf(made as unknown as WebhookRecord), outcome: 'created', others }
  }
  const whole = (await ask('the webhook', () => client.webhook(known.id).get())) as unknown as WebhookRecord
  const isSame =
    whole.headersTemplate === settings.headersTemplate &&
    [...(whole.eventTypes ?? [])].sort().join() === [...runEvents].sort().join()
  if (isSame) return { ...factsOf(whole), outcome: 'unchanged', others }
  const mended = await ask('the webhook', () => client.webhook(known.id).update(settings as never))
  return { ...factsOf(mended as unknown as WebhookRecord), outcome: 'updated', others }
}

const OTHERS_MAX = 10

/** Those of the newest webhooks that this product made: lists of webhooks leave out what would tell. */
async function ownWebhooks(client: ApifyClient, webhooks: readonly WebhookRecord[]): Promise<WebhookFacts[]> {
  const whole = await Promise.all(
    webhooks
      .slice(0, OTHERS_MAX)
      .map(({ id }) => ask('the webhook', () => client.webhook(id).get()) as Promise<WebhookRecord | undefined>),
  )
  return whole.flatMap((webhook) => (webhook?.description === DESCRIPTION ? [factsOf(webhook)] : []))
}

/** The webhooks of an Actor, or of the whole account. @throws ApifyTransientError, ApifyPermanentError */
export async function listWebhooks(options: ApifyOptions, actor?: string): Promise<WebhookFacts[]> {
  const client = await openClient(options)
  if (actor !== undefined && !(await ask(`Actor ${actor}`, () => client.actor(actor).get())))
    throw errorOfStatus(404, `Actor ${actor}`, {})
  return (await listAll(client, actor)).map(factsOf)
}

async function listAll(client: ApifyClient, actor: string | undefined): Promise<WebhookRecord[]> {
  const list = await ask('the list of webhooks', () =>
    (actor === undefined ? client.webhooks() : client.actor(actor).webhooks()).list({ limit: 1000, desc: true }),
  )
  return list.items as unknown as WebhookRecord[]
}

/** What a webhook has sent, newest first. */
export async function listDispatches(
  options: ApifyOptions,
  webhook_id: string,
  limit: number,
): Promise<WebhookDispatch[]> {
  const client = await openClient(options)
  const dispatches = client.webhook(webhook_id).dispatches()
  const list = await ask('the dispatches of the webhook', () => dispatches.list({ limit, desc: true }))
  return (list.items as unknown as DispatchRecord[]).map((dispatch) => {
    // One that is on its way says nothing yet.
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
