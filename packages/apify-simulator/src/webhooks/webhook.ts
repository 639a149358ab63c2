import { newId } from '../ids.ts'
import { USER_ID } from '../runs/record.ts'
import type { Dispatch, EventType, Webhook, WebhookCondition } from '../types.ts'
import type { WebhookFields } from './options.ts'

function condition(fields: WebhookFields['condition']): WebhookCondition {
  const { actorId, actorTaskId, actorRunId } = fields ?? {}
  return {
    ...(actorId ? { actorId } : {}),
    ...(actorTaskId ? { actorTaskId } : {}),
    ...(actorRunId ? { actorRunId } : {}),
  }
}

/** A new webhook of what a caller gave. */
export function makeWebhook(fields: WebhookFields, now: number): Webhook {
  return {
    id: newId(),
    created_at: now,
    modified_at: now,
    request_url: fields.requestUrl ?? '',
    event_types: fields.eventTypes ?? [],
    condition: condition(fields.condition),
    payload_template: fields.payloadTemplate ?? null,
    headers_template: fields.headersTemplate ?? null,
    should_interpolate_strings: fields.shouldInterpolateStrings ?? false,
    do_not_retry: fields.doNotRetry ?? false,
    ignore_ssl_errors: fields.ignoreSslErrors ?? false,
    is_ad_hoc: fields.isAdHoc ?? false,
    idempotency_key: fields.idempotencyKey ?? null,
    description: fields.description ?? null,
  }
}

/** Takes over what an update names. */
export function changeWebhook(webhook: Webhook, fields: WebhookFields, now: number): void {
  webhook.modified_at = now
  if (fields.requestUrl !== undefined) webhook.request_url = fields.requestUrl
  if (fields.eventTypes !== undefined) webhook.event_types = fields.eventTypes
  if (fields.condition !== undefined) webhook.condition = condition(fields.condition)
  if (fields.payloadTemplate !== undefined) webhook.payload_template = fields.payloadTemplate
  if (fields.headersTemplate !== undefined) webhook.headers_template = fields.headersTemplate
  if (fields.shouldInterpolateStrings != null) webhook.should_interpolate_strings = fields.shouldInterpolateStrings
  if (fields.doNotRetry != null) webhook.do_not_retry = fields.doNotRetry
  if (fields.ignoreSslErrors != null) webhook.ignore_ssl_errors = fields.ignoreSslErrors
  if (fields.isAdHoc != null) webhook.is_ad_hoc = fields.isAdHoc
  if (fields.description !== undefined) webhook.description = fields.description
}

/** Whether a webhook wants to hear of an event. */
export function listensTo(
  webhook: Webhook,
  event_type: EventType,
  about: { actor_id: string; actor_task_id: string | null; run_id: string },
): boolean {
  const { actorId, actorTaskId, actorRunId } = webhook.condition
  return (
    webhook.event_types.includes(event_type) &&
    (actorId === undefined || actorId === about.actor_id) &&
    (actorTaskId === undefined || actorTaskId === about.actor_task_id) &&
    (actorRunId === undefined || actorRunId === about.run_id)
  )
}

/** The webhook as the API gives it; lists leave the templates out. */
export function viewWebhook(
  webhook: Webhook,
  dispatches: readonly Dispatch[],
  short: boolean,
): Record<string, unknown> {
  const last = dispatches.at(-1)
  return {
    id: webhook.id,
    createdAt: new Date(webhook.created_at).toISOString(),
    modifiedAt: new Date(webhook.modified_at).toISOString(),
    userId: USER_ID,
    isAdHoc: webhook.is_ad_hoc,
    shouldInterpolateStrings: webhook.should_interpolate_strings,
    eventTypes: webhook.event_types,
    condition: webhook.condition,
    ignoreSslErrors: webhook.ignore_ssl_errors,
    doNotRetry: webhook.do_not_retry,
    requestUrl: webhook.request_url,
    ...(short
      ? {}
      : {
          payloadTemplate: webhook.payload_template,
          headersTemplate: webhook.headers_template,
          description: webhook.description,
        }),
    lastDispatch: last ? { status: last.status, finishedAt: last.calls.at(-1)?.finishedAt ?? null } : null,
    stats: { totalDispatches: dispatches.length },
  }
}

/** The dispatch as the API gives it. */
export function viewDispatch(dispatch: Dispatch, webhook: Webhook | undefined): Record<string, unknown> {
  return {
    id: dispatch.id,
    userId: USER_ID,
    webhookId: dispatch.webhook_id,
    createdAt: new Date(dispatch.created_at).toISOString(),
    status: dispatch.status,
    eventType: dispatch.event_type,
    eventData: dispatch.event_data,
    webhook: webhook
      ? {
          actionType: 'HTTP_REQUEST',
          condition: webhook.condition,
          requestUrl: webhook.request_url,
          isAdHoc: webhook.is_ad_hoc,
        }
      : null,
    calls: dispatch.calls,
  }
}
