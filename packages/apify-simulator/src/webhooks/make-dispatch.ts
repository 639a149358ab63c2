import { newId } from '../ids.ts'
import { USER_ID } from '../runs/record.ts'
import type { Dispatch, EventType, Webhook } from '../types.ts'
import { DEFAULT_PAYLOAD_TEMPLATE, fillTemplate, type TemplateVariables } from './template.ts'

const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-type',
  'content-length',
  'x-apify-webhook',
  'x-apify-webhook-dispatch-id',
  'x-apify-request-origin',
])

function headersOf(webhook: Webhook, dispatch_id: string, variables: TemplateVariables): Record<string, string> {
  const headers: Record<string, string> = {}
  const own = webhook.headers_template
    ? fillTemplate(webhook.headers_template, variables, webhook.should_interpolate_strings)
    : {}
  for (const [name, value] of Object.entries(own as Record<string, unknown>)) {
    if (!RESERVED.has(name.toLowerCase())) headers[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return {
    ...headers,
    'Content-Type': 'application/json',
    'X-Apify-Webhook': 'internal',
    'X-Apify-Webhook-Dispatch-Id': dispatch_id,
    'X-Apify-Request-Origin': 'WEBHOOK',
  }
}

/** Fills a webhook's templates with an event. The body is fixed from then on: every retry posts the same bytes. */
export function makeDispatch(
  webhook: Webhook,
  event: {
    type: EventType
    data: Record<string, string> | null
    resource: unknown
    run_id: string | null
  },
  now: number,
): Dispatch {
  const id = newId()
  const created = new Date(now).toISOString()
  const variables: TemplateVariables = {
    userId: USER_ID,
    createdAt: created,
    eventType: event.type,
    eventData: event.data,
    resource: event.resource,
    globals: { dateISO: created, dateUnix: Math.floor(now / 1000) },
  }
  const template = webhook.payload_template || DEFAULT_PAYLOAD_TEMPLATE
  const payload = fillTemplate(template, variables, webhook.should_interpolate_strings)
  return {
    id,
    webhook_id: webhook.id,
    created_at: now,
    status: 'ACTIVE',
    event_type: event.type,
    event_data: event.data,
    run_id: event.run_id,
    request_url: webhook.request_url,
    body: JSON.stringify(payload),
    headers: headersOf(webhook, id, variables),
    calls: [],
    lost: false,
  }
}
