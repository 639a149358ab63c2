import { eventColumns, eventList, listLeadEventsJson } from '@leads/core/events/list-events'
import { getLeadJson } from '@leads/core/leads/get-lead'
import { getLeadSource } from '@leads/core/leads/lead-sources'
import { leadDetailColumns } from '@leads/core/leads/lead-views'
import { leadListDefinition, listLeadsJson } from '@leads/core/leads/list-leads'
import { lazily } from '@leads/core/model/lazily'
import { leadExample } from '@leads/core/model/lead-columns'
import { Problem } from '@leads/core/problem'
import * as z from 'zod'
import { assertCanSeeDeleted, canSeeDeleted } from '../http/assert-can-see-deleted.ts'
import { toEtag } from '../http/etag.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { BooleanParam, IdParam, listQuery, listResponse, rowResponse, toListInput } from '../http/schemas.ts'
import { facetOperation } from './facet-operation.ts'
import {
  includeParameter,
  LeadEventResponse,
  LeadResponse,
  LeadSourceResponse,
  ListedLeadResponse,
  leadEventExample,
  leadSourceExample,
} from './lead-responses.ts'

const includeDeleted = lazily(() =>
  BooleanParam().optional().meta({ description: 'Includes deleted rows; needs scope admin.' }),
)

const leadFacets = [
  'country',
  'city',
  'state',
  'industry',
  'company_name',
  'company_domain',
  'tags',
  'actor_id',
  'source',
  'lead_status',
  'created_by',
] as const

export const leadReadOperations: readonly Operation[] = [
  facetOperation({
    noun: 'leads',
    operation_id: 'getLeadFacets',
    tag: 'Leads',
    definition: leadListDefinition,
    fields: leadFacets,
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/leads',
    operation_id: 'listLeads',
    has_replica_reads: true,
    tag: 'Leads',
    summary: 'List leads',
    description:
      'Returns leads, newest first by default. Filters are `column=value` or `column=operator:value`; all must match. The ' +
      'scraped item (`raw_data`) is included only if `fields` names it.',
    scope: 'read',
    get query() {
      return listQuery(leadListDefinition, {
        fields: leadDetailColumns,
        extra: { include: includeParameter(), include_deleted: includeDeleted() },
      })
    },
    get answers() {
      return {
        200: {
          ...listResponse(ListedLeadResponse(), 'A page of leads.'),
          example: { data: [leadExample], next_cursor: null },
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = toListInput(call, leadListDefinition, leadDetailColumns)
      return { status: 200, body: await listLeadsJson(call.db, { ...input, include: call.query.include }) }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/leads/{id}',
    operation_id: 'getLead',
    tag: 'Leads',
    summary: 'Get a lead',
    description: 'Returns the lead with its scraped item. Send the ETag as `If-Match` with a change.',
    scope: 'read',
    get params() {
      return z.object({ id: IdParam() })
    },
    get query() {
      return z.object({ include: includeParameter(), include_deleted: includeDeleted() })
    },
    headers: { 'If-None-Match': 'An ETag. Returns 304 while the lead is unchanged.' },
    get answers() {
      return {
        200: { ...rowResponse(LeadResponse(), 'The lead.', { etag: 'Its version.' }), example: leadExample },
        301: { description: 'Merged into another lead: `location` names it.', headers: { location: 'The keeper.' } },
        304: { description: 'Not modified.' },
      }
    },
    errors: ['not_found', 'gone'],
    async handle(call) {
      const { include, include_deleted = false } = call.query
      assertCanSeeDeleted(call, include_deleted)
      try {
        const options = { include_deleted, ...(include && { include }) }
        const { json, version, related } = await getLeadJson(call.db, call.params.id, options)
        return { status: 200, body: json, headers: { etag: toEtag({ version }, related) } }
      } catch (error) {
        const location = error instanceof Problem && error.code === 'merged' ? error.headers.location : undefined
        if (location === undefined) throw error
        return { status: 301, headers: { location } }
      }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/leads/{id}/events',
    operation_id: 'listLeadEvents',
    tag: 'Leads',
    summary: 'List the history of a lead',
    description:
      'Returns events, newest first, with those of leads that were merged into it: `lead_id` tells whose event it is. The ' +
      'history of a deleted lead needs scope admin.',
    scope: 'read',
    get params() {
      return z.object({ id: IdParam() })
    },
    get query() {
      return listQuery(eventList)
    },
    get answers() {
      return {
        200: {
          ...listResponse(LeadEventResponse(), 'A page of events.'),
          example: { data: [leadEventExample], next_cursor: null },
        },
      }
    },
    errors: ['not_found', 'gone', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return {
        status: 200,
        body: await listLeadEventsJson(
          call.db,
          call.params.id,
          toListInput(call, eventList, eventColumns),
          canSeeDeleted(call),
        ),
      }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/leads/{id}/source',
    operation_id: 'getLeadSource',
    tag: 'Leads',
    summary: 'Get the source of a lead',
    description: 'Returns the first source; `metadata.sightings` lists later runs and files that contained the lead.',
    scope: 'read',
    get params() {
      return z.object({ id: IdParam() })
    },
    get answers() {
      return { 200: { ...rowResponse(LeadSourceResponse(), 'The source.'), example: leadSourceExample } }
    },
    errors: ['not_found', 'gone'],
    async handle(call) {
      return { status: 200, body: await getLeadSource(call.db, call.params.id, canSeeDeleted(call)) }
    },
  }),
]
