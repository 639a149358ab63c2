import { appendLeadEvent, NewLeadEvent } from '@leads/core/events/append-event'
import { createLead } from '@leads/core/leads/create-lead'
import { Enrichment, enrichLead } from '@leads/core/leads/enrich-lead'
import { LeadPatch, NewLeadInput } from '@leads/core/leads/lead-inputs'
import { LeadDetail } from '@leads/core/leads/lead-views'
import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { Batch, runLeadBatch } from '@leads/core/leads/run-lead-batch'
import { updateLead } from '@leads/core/leads/update-lead'
import { omitLargeValues } from '@leads/core/lists/page-bytes'
import { lazily } from '@leads/core/model/lazily'
import { leadExample } from '@leads/core/model/lead-columns'
import * as z from 'zod'
import { toChangeAuthor } from '../http/change-author.ts'
import { parseIfMatch, toEtag } from '../http/etag.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { BooleanParam, batchResponse, IdParam, rowResponse } from '../http/schemas.ts'
import { LeadEventResponse, leadEventExample, omittedFields } from './lead-responses.ts'

const idempotency = {
  'Idempotency-Key': 'A unique key, e.g. a UUID. A repeated request with the same key takes effect once.',
}
const ifMatch = { 'If-Match': 'The ETag of the lead. Returns 412 if the lead has changed since.' }
const params = lazily(() => z.object({ id: IdParam() }))
const ChangedLead = lazily(() => LeadDetail().extend({ omitted_fields: omittedFields() }).meta({ id: 'ChangedLead' }))
const changed = (description: string) => ({
  200: { ...rowResponse(ChangedLead(), description, { etag: 'Its version.' }), example: leadExample },
})

/** A large scraped item is omitted: the change is committed and must be answered. */
function toSendable(lead: LeadDetail): LeadDetail {
  const copy = { ...lead }
  omitLargeValues(copy)
  return copy
}

const allowDuplicateQuery = () =>
  z.object({
    allow_duplicate: BooleanParam().optional().meta({ description: 'Accepts an email that another lead has.' }),
  })

export const leadWriteOperations: readonly Operation[] = [
  defineOperation('leads', {
    method: 'POST',
    path: '/leads',
    operation_id: 'createLead',
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Create a lead',
    description: 'Returns 409 with `existing` if a lead with this external_id or email exists.',
    scope: 'write',
    get query() {
      return allowDuplicateQuery()
    },
    get body() {
      return NewLeadInput()
    },
    example: { full_name: 'Asha Rao', email: 'asha.rao@example.com', country: 'India', tags: ['trade-fair'] },
    headers: idempotency,
    get answers() {
      return {
        201: {
          ...rowResponse(LeadDetail(), 'The lead.', { location: 'Its URL.', etag: 'Its version.' }),
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
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Create, upsert, update, delete and restore up to 1,000 leads',
    description:
      'Returns one result per operation, in order. By default each operation succeeds or fails independently; with ' +
      '`is_atomic` the first failure rolls back all. A body that does not match the schema is rejected as a whole.',
    scope: 'write',
    get body() {
      return Batch()
    },
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
        200: batchResponse({ id: 43 }, { id: 42, version: 4 }),
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
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Update a lead',
    description:
      'Applies a JSON merge patch: missing fields stay, null clears a field. Returns 409 with `existing` for the email of ' +
      'another lead. The full name follows a changed first or last name, unless the patch states it. Writes events (`contacted`, `enriched`, ' +
      '`updated`). Later imports do not change the fields that you changed.',
    scope: 'write',
    get params() {
      return params()
    },
    get query() {
      return allowDuplicateQuery()
    },
    get body() {
      return LeadPatch()
    },
    accepts: ['application/merge-patch+json', 'application/json'],
    example: { lead_status: 'contacted', notes: 'Called on Monday.' },
    headers: ifMatch,
    get answers() {
      return changed('The updated lead.')
    },
    errors: ['already_exists', 'not_found', 'gone', 'merged', 'precondition_failed'],
    async handle(call) {
      const { allow_duplicate } = call.query
      const options = { version: parseIfMatch(call.headers['if-match']), allow_duplicate }
      const lead = await updateLead(call.db, call.params.id, call.body, toChangeAuthor(call), options)
      return { status: 200, body: toSendable(lead), headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'DELETE',
    path: '/leads/{id}',
    operation_id: 'deleteLead',
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Delete a lead',
    description: 'Soft-deletes the lead. It can be restored until the cleanup purges it; no import restores it.',
    scope: 'write',
    get params() {
      return params()
    },
    headers: ifMatch,
    answers: { 204: { description: 'Deleted.' } },
    errors: ['not_found', 'gone', 'merged', 'precondition_failed'],
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
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Restore a deleted lead',
    scope: 'write',
    get params() {
      return params()
    },
    headers: { ...ifMatch, ...idempotency },
    get answers() {
      return changed('The updated lead.')
    },
    errors: ['not_found', 'merged', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const lead = await restoreLead(call.db, call.params.id, toChangeAuthor(call), options)
      return { status: 200, body: toSendable(lead), headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'PUT',
    path: '/leads/{id}/enrichment',
    operation_id: 'putLeadEnrichment',
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Store the result of an enrichment',
    description: 'Stores the data, or the error. A failure keeps earlier data.',
    scope: 'write',
    get params() {
      return params()
    },
    get body() {
      return Enrichment()
    },
    example: { status: 'enriched', data: { revenue_usd: 1_200_000, technologies: ['SAP'] } },
    headers: ifMatch,
    get answers() {
      return changed('The updated lead.')
    },
    errors: ['not_found', 'gone', 'merged', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const lead = await enrichLead(call.db, call.params.id, call.body, toChangeAuthor(call), options)
      return { status: 200, body: toSendable(lead), headers: { etag: toEtag(lead) } }
    },
  }),

  defineOperation('leads', {
    method: 'POST',
    path: '/leads/{id}/events',
    operation_id: 'appendLeadEvent',
    has_one_transaction: true,
    tag: 'Leads',
    summary: 'Add an event to a lead',
    scope: 'write',
    get params() {
      return params()
    },
    get body() {
      return NewLeadEvent()
    },
    example: { event_type: 'call_made', event_name: 'Called', event_data: { minutes: 12 } },
    headers: idempotency,
    get answers() {
      return {
        201: {
          ...rowResponse(LeadEventResponse(), 'The event.', { location: 'The history.' }),
          example: leadEventExample,
        },
      }
    },
    errors: ['not_found', 'gone'],
    async handle(call) {
      const event = await appendLeadEvent(call.db, call.params.id, call.body, toChangeAuthor(call))
      return { status: 201, body: event, headers: { location: `/leads/${call.params.id}/events` } }
    },
  }),
]
