import * as z from 'zod'
import { EVENT_TYPES } from '../types.ts'
import { checkTemplate, TemplateError } from './template.ts'

const id = z.string().min(1).nullish()

const base = {
  eventTypes: z.array(z.enum(EVENT_TYPES)).min(1),
  requestUrl: z.url({ protocol: /^https?$/ }),
  condition: z.strictObject({ actorId: id, actorTaskId: id, actorRunId: id }),
  payloadTemplate: z.string().nullish(),
  headersTemplate: z.string().nullish(),
  shouldInterpolateStrings: z.boolean().nullish(),
  description: z.string().nullish(),
  ignoreSslErrors: z.boolean().nullish(),
  doNotRetry: z.boolean().nullish(),
  isAdHoc: z.boolean().nullish(),
  idempotencyKey: z.string().min(1).nullish(),
}

interface Templates {
  payloadTemplate?: string | null | undefined
  headersTemplate?: string | null | undefined
  shouldInterpolateStrings?: boolean | null | undefined
}

function checkTemplates(webhook: Templates, context: z.RefinementCtx): void {
  for (const key of ['payloadTemplate', 'headersTemplate'] as const) {
    const template = webhook[key]
    if (!template) continue
    try {
      checkTemplate(template, webhook.shouldInterpolateStrings ?? false)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      context.addIssue({ code: 'custom', path: [key], message: error.message })
    }
  }
}

/** Body of `POST /v2/webhooks`. The names are Apify's. */
export const webhookCreate = z.strictObject(base).superRefine(checkTemplates)
/** Body of `PUT /v2/webhooks/{id}`: what is named is changed. */
export const webhookUpdate = z.strictObject(base).partial().superRefine(checkTemplates)
/** A webhook added from inside: without a condition it listens to every run. */
export const webhookAdd = z.strictObject({ ...base, condition: base.condition.default({}) }).superRefine(checkTemplates)
/** One of the webhooks a run is started with: its condition is that run. */
export const webhookAdHoc = z
  .strictObject({ ...base, condition: base.condition.optional() })
  .superRefine(checkTemplates)

export type AddWebhookOptions = z.input<typeof webhookAdd>
export type WebhookFields = z.output<typeof webhookUpdate>
