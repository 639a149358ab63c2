import { appendLeadEvent, NewLeadEvent } from '@leads/core/events/append-event'
import { createLead } from '@leads/core/leads/create-lead'
import { Enrichment, enrichLead } from '@leads/core/leads/enrich-lead'
import { LeadPatch, NewLeadInput } from '@leads/core/leads/lead-inputs'
import { LeadDetail } from '@leads/core/leads/lead-views'
import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { Batch, runLeadBatch } from '@leads/core/leads/run-lead-batch'
import { updateLead } from '@leads/core/leads/update-lead'
import * as z from 'zod'
import { toChangeAuthor } from '../http/change-author.ts'
import { parseIfMatch, toEtag } from '../http/etag.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { BooleanParam, IdParam, rowResponse } from '../http/schemas.ts'
import { LeadEventResponse, leadExample } from './lead-responses.ts'

const idempotency = {
  'Idempotency-Key': 'A key of your own, e.g. a UUID: the same request sent again has no second effect.',
}
const ifMatch = { 'If-Match': 'The ETag that you saw; 412 when the lead has changed since.' }
const params = z.object({ id: IdParam })
const changed = (description: string) => ({
  200: { ...rowResponse(LeadDetail, description, { etag: 'Its version.' }), example: leadExample },
})

const BatchAnswer = z.object({
  succeeded: z.int(),
  failed: z.int(),
  results: z.array(
    z.object({
      status: z.int(),
      id: z.int().nullable(),
      version: z.int().nullable(),
      problem: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
})

export const leadWriteOperations: readonly Operation[] = [
  defineOperation('leads', {
    method: 'POST',
    path: '/leads',
    operation_id: 'createLead',
    tag: 'Leads',
    summary: 'Create a lead',
    description: 'A lead with the same external_id or e-mail address is in the way: 409, with `existing` naming it.',
    scope: 'write',
    get query() {
      return z.object({
        allow_duplicate: BooleanParam.optional().meta({
          description: 'Make it though another lead has the same e-mail address.',
        }),
      })
    },
    body: NewLeadInput,
    example: { full_name: 'Asha Rao', email: 'asha.rao@example.com', country: 'India', tags: ['trade-fair'] },
    headers: idempotency,
    get answers() {
      return {
        201: {
          ...rowResponse(LeadDetail, 'The lead.', { location: 'Its address.', etag: 'Its version.' }),
          example: leadExample,
        },
      }
    },
    errors: ['already_exists'],
    async handle(call) {
      const { allow_duplicate } = call.query
      const lead = await createLead(call.db, call.body, toChangeAuthor(call), { allow_duplicate })
      return { status: 201, body: lead, headers: { location: `/leads/${lead.id}`, etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'POST',
    path: '/leads/batch',
    operation_id: 'batchLeads',
    tag: 'Leads',
    summary: 'Create, upsert, update and delete up to 1,000 leads',
    description:
      'Answers with a result an operation, in their order. By default each succeeds or fails by itself; with ' +
      '`is_atomic` the first failure undoes all. A body that does not fit the schema is refused as a whole.',
    scope: 'write',
    body: Batch,
    body_bytes_max: 5_000_000,
    example: {
      operations: [
        { operation: 'upsert', lead: { external_id: 'crm:17', full_name: 'Asha Rao', city: 'Pune' } },
        { operation: 'update', id: 42, patch: { lead_status: 'contacted' } },
      ],
    },
    headers: idempotency,
    get answers() {
      return {
        200: {
          ...rowResponse(BatchAnswer, 'A result for each operation.'),
          example: {
            succeeded: 2,
            failed: 0,
            results: [
              { status: 201, id: 43, version: 1 },
              { status: 200, id: 42, version: 4 },
            ],
          },
        },
      }
    },
    errors: ['batch_failed'],
    async handle(call) {
      return { status: 200, body: await runLeadBatch(call.db, call.body, toChangeAuthor(call)) }
    },
  }),

  defineOperation('leads', {
    method: 'PATCH',
    path: '/leads/{id}',
    operation_id: 'updateLead',
    tag: 'Leads',
    summary: 'Change a lead',
    description:
      'A JSON merge-patch: what is left out stays, null empties. Writes the events that tell of it (`contacted`, ' +
      '`enriched`, `updated`). What you change, later imports leave alone.',
    scope: 'write',
    params,
    body: LeadPatch,
    accepts: ['application/merge-patch+json', 'application/json'],
    example: { lead_status: 'contacted', notes: 'Called on Monday.' },
    headers: ifMatch,
    get answers() {
      return changed('The lead as it is now.')
    },
    errors: ['not_found', 'gone', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const lead = await updateLead(call.db, call.params.id, call.body, toChangeAuthor(call), options)
      return { status: 200, body: lead, headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'DELETE',
    path: '/leads/{id}',
    operation_id: 'deleteLead',
    tag: 'Leads',
    summary: 'Delete a lead',
    description: 'Softly: it can be restored until the clean-up removes it for good, and no import brings it back.',
    scope: 'write',
    params,
    headers: ifMatch,
    answers: { 204: { description: 'Deleted.' } },
    errors: ['not_found', 'gone', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      await removeLead(call.db, call.params.id, toChangeAuthor(call), options)
      return { status: 204 }
    },
  }),

  defineOperation('leads', {
    method: 'POST',
    path: '/leads/{id}/restore',
    operation_id: 'restoreLead',
    tag: 'Leads',
    summary: 'Restore a deleted lead',
    scope: 'write',
    params,
    headers: { ...ifMatch, ...idempotency },
    get answers() {
      return changed('The lead as it is now.')
    },
    errors: ['not_found', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const lead = await restoreLead(call.db, call.params.id, toChangeAuthor(call), options)
      return { status: 200, body: lead, headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'PUT',
    path: '/leads/{id}/enrichment',
    operation_id: 'putLeadEnrichment',
    tag: 'Leads',
    summary: 'Store the outcome of an enrichment',
    description: 'Its data, or why there is none. A failure leaves earlier data alone.',
    scope: 'write',
    params,
    body: Enrichment,
    example: { status: 'enriched', data: { revenue_usd: 1_200_000, technologies: ['SAP'] } },
    headers: ifMatch,
    get answers() {
      return changed('The lead as it is now.')
    },
    errors: ['not_found', 'gone', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const lead = await enrichLead(call.db, call.params.id, call.body, toChangeAuthor(call), options)
      return { status: 200, body: lead, headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'POST',
    path: '/leads/{id}/events',
    operation_id: 'appendLeadEvent',
    tag: 'Leads',
    summary: 'Add an event of your own to the history of a lead',
    scope: 'write',
    params,
    body: NewLeadEvent,
    example: { event_type: 'call_made', event_name: 'Called', event_data: { minutes: 12 } },
    headers: idempotency,
    get answers() {
      return { 201: rowResponse(LeadEventResponse, 'The event.', { location: 'The history.' }) }
    },
    errors: ['not_found', 'gone'],
    async handle(call) {
      const event = await appendLeadEvent(call.db, call.params.id, call.body, toChangeAuthor(call))
      return { status: 201, body: event, headers: { location: `/leads/${call.params.id}/events` } }
    },
  }),
]
