import { lazily } from '@leads/core/model/lazily'
import type { ProblemCode } from '@leads/core/problem'
import * as z from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'

/**
 * Describes POST /webhooks/apify. It is no row of the table of operations: its function is small, has its own secret
 * instead of API keys, and opens no database.
 */

export const WEBHOOK_PATH = '/webhooks/apify'

export const webhookTag = { name: 'Webhook', description: 'Where Apify reports finished runs.' }

/** Apify's headers template sets one of the first two. The third is for senders that can set an address only. */
export const webhookSecuritySchemes = {
  webhook: { type: 'http', scheme: 'bearer', description: 'The secret of the webhook, `APIFY_WEBHOOK_SECRET`.' },
  webhook_header: {
    type: 'apiKey',
    in: 'header',
    name: 'x-webhook-secret',
    description: 'The same secret in another header.',
  },
  webhook_token: { type: 'apiKey', in: 'query', name: 'token', description: 'The same secret in the address.' },
} as const

export const webhookCodes: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'unauthorized',
  'method_not_allowed',
  'rate_limited',
  'internal',
  'unavailable',
]

const WebhookBody = lazily(() =>
  z
    .looseObject({
      eventType: z.unknown().optional().meta({ description: 'Such as `ACTOR.RUN.SUCCEEDED`.' }),
      eventData: z.unknown().optional().meta({ description: 'Has the id of the run in `actorRunId`.' }),
      resource: z.unknown().optional().meta({ description: 'The run.' }),
      runId: z.unknown().optional().meta({ description: 'The id of the run, if the payload template names it.' }),
    })
    .meta({ id: 'WebhookBody', description: "Apify's default payload, or any object that names a run." }),
)

const example = {
  eventType: 'ACTOR.RUN.SUCCEEDED',
  eventData: { actorId: 'nwua9Gu5YrADL7ZDj', actorRunId: 'HG7ML7M8z78YcAPEB' },
  resource: { id: 'HG7ML7M8z78YcAPEB', actId: 'nwua9Gu5YrADL7ZDj', status: 'SUCCEEDED' },
}

/** Builds the operation of the document with these responses of problems. */
export function describeWebhook(problems: ZodOpenApiOperationObject['responses']): ZodOpenApiOperationObject {
  return {
    operationId: 'receiveApifyWebhook',
    tags: [webhookTag.name],
    summary: 'Report a run',
    description:
      'Queues the run that the body names and answers at once. Only the id is read from the body; the run is read from ' +
      'Apify. Apify repeats a request that is not answered with 2xx up to eleven times in 32 hours.',
    security: Object.keys(webhookSecuritySchemes).map((name) => ({ [name]: [] })),
    requestBody: { required: true, content: { 'application/json': { schema: WebhookBody(), example } } },
    responses: {
      '200': {
        description: 'The event has no run. Nothing is done.',
        content: {
          'application/json': {
            schema: z.object({ status: z.literal('ignored'), reason: z.string() }),
            example: { status: 'ignored', reason: 'Events of type ACTOR.BUILD.SUCCEEDED contain no run.' },
          },
        },
      },
      '202': {
        description: 'The run is queued.',
        content: {
          'application/json': {
            schema: z.object({ status: z.literal('queued'), run_id: z.string() }),
            example: { status: 'queued', run_id: 'HG7ML7M8z78YcAPEB' },
          },
        },
      },
      ...problems,
    },
  }
}
