import { CompanyPatch, NewCompanyInput } from '@leads/core/companies/company-inputs'
import { createCompany } from '@leads/core/companies/create-company'
import { companyColumns, getCompany } from '@leads/core/companies/get-company'
import { companyIncludes, companyListDefinition, listCompanies } from '@leads/core/companies/list-companies'
import { CompanyBatch, runCompanyBatch } from '@leads/core/companies/run-company-batch'
import { removeCompany, restoreCompany, updateCompany } from '@leads/core/companies/update-company'
import { leadDetailColumns } from '@leads/core/leads/lead-views'
import { leadListDefinition, listLeadsJson } from '@leads/core/leads/list-leads'
import { lazily } from '@leads/core/model/lazily'
import { leadExample } from '@leads/core/model/lead-columns'
import { Problem } from '@leads/core/problem'
import * as z from 'zod'
import { assertCanSeeDeleted } from '../http/assert-can-see-deleted.ts'
import { toChangeAuthor } from '../http/change-author.ts'
import { parseIfMatch, toEtag } from '../http/etag.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import {
  BooleanParam,
  batchResponse,
  IdParam,
  listQuery,
  listResponse,
  rowResponse,
  toListInput,
} from '../http/schemas.ts'
import { companyExample } from './company-example.ts'
import { facetOperation } from './facet-operation.ts'
import { CompanyResponse, includeParameter, ListedLeadResponse } from './lead-responses.ts'

const params = lazily(() => z.object({ id: IdParam() }))
const includeDeleted = lazily(() =>
  BooleanParam().optional().meta({ description: 'Includes deleted rows; needs scope admin.' }),
)
const ifMatch = { 'If-Match': 'The ETag of the company. Returns 412 if the company has changed since.' }
const idempotency = {
  'Idempotency-Key': 'A unique key, e.g. a UUID. A repeated request with the same key takes effect once.',
}

const companyInclude = lazily(() =>
  z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(companyIncludes, { error: `some of ${companyIncludes.join(', ')}` })))
    .optional()
    .meta({ override: { type: 'string' }, description: 'Figures to include: `leads_count`.' }),
)

const ListedCompany = lazily(() =>
  CompanyResponse()
    .partial()
    .extend({ leads_count: z.int().min(0).optional() })
    .meta({ id: 'ListedCompany' }),
)

const one = (description: string) => ({
  ...rowResponse(CompanyResponse(), description, { etag: 'Its version.' }),
  example: companyExample,
})

const companyFacets = ['country', 'city', 'industry', 'tags'] as const

export const companyOperations: readonly Operation[] = [
  facetOperation({
    noun: 'companies',
    operation_id: 'getCompanyFacets',
    tag: 'Companies',
    definition: companyListDefinition,
    fields: companyFacets,
  }),

  defineOperation('companies', {
    method: 'POST',
    path: '/companies/batch',
    operation_id: 'batchCompanies',
    has_one_transaction: true,
    tag: 'Companies',
    summary: 'Create, update, delete and restore up to 1,000 companies',
    description:
      'Returns one result per operation, in order. By default each operation succeeds or fails independently; with ' +
      '`is_atomic` the first failure rolls back all.',
    scope: 'write',
    get body() {
      return CompanyBatch()
    },
    body_bytes_max: 5_000_000,
    example: {
      operations: [
        { operation: 'create', company: { name: 'Example Instruments', domain: 'example.com' } },
        { operation: 'update', id: 7, patch: { industry: 'Measuring instruments' } },
      ],
    },
    headers: idempotency,
    get answers() {
      return {
        200: batchResponse({ id: 8 }, { id: 7, version: 2 }),
      }
    },
    errors: ['batch_failed'],
    async handle(call) {
      return { status: 200, body: await runCompanyBatch(call.db, call.body, toChangeAuthor(call)) }
    },
  }),

  defineOperation('companies', {
    method: 'GET',
    path: '/companies',
    operation_id: 'listCompanies',
    has_replica_reads: true,
    tag: 'Companies',
    summary: 'List companies',
    scope: 'read',
    get query() {
      return listQuery(companyListDefinition, {
        fields: companyColumns,
        extra: { include: companyInclude(), include_deleted: includeDeleted() },
      })
    },
    get answers() {
      return {
        200: {
          ...listResponse(ListedCompany(), 'A page of companies.'),
          example: { data: [companyExample], next_cursor: null },
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = { ...toListInput(call, companyListDefinition, companyColumns), include: call.query.include }
      return { status: 200, body: await listCompanies(call.db, input) }
    },
  }),

  defineOperation('companies', {
    method: 'POST',
    path: '/companies',
    operation_id: 'createCompany',
    has_one_transaction: true,
    tag: 'Companies',
    summary: 'Create a company',
    description:
      'Returns 409 with `existing` if a company with the same domain (or else LinkedIn page, or else name and place) exists.',
    scope: 'write',
    get body() {
      return NewCompanyInput()
    },
    example: { name: 'Example Instruments', domain: 'example.com', country: 'India' },
    headers: idempotency,
    get answers() {
      return {
        201: {
          ...rowResponse(CompanyResponse(), 'The company.', { location: 'Its URL.', etag: 'Its version.' }),
          example: companyExample,
        },
      }
    },
    errors: ['already_exists'],
    async handle(call) {
      const company = await createCompany(call.db, call.body, toChangeAuthor(call))
      return { status: 201, body: company, headers: { location: `/companies/${company.id}`, etag: toEtag(company) } }
    },
  }),

  defineOperation('companies', {
    method: 'GET',
    path: '/companies/{id}',
    operation_id: 'getCompany',
    tag: 'Companies',
    summary: 'Get a company',
    scope: 'read',
    get params() {
      return params()
    },
    get query() {
      return z.object({ include_deleted: includeDeleted() })
    },
    headers: { 'If-None-Match': 'An ETag. Returns 304 while the company is unchanged.' },
    get answers() {
      return {
        200: one('The company.'),
        301: { description: 'Merged into another company: `location` names it.', headers: { location: 'The keeper.' } },
        304: { description: 'Not modified.' },
      }
    },
    errors: ['not_found', 'gone'],
    async handle(call) {
      const { include_deleted = false } = call.query
      assertCanSeeDeleted(call, include_deleted)
      try {
        const company = await getCompany(call.db, call.params.id, { include_deleted })
        return { status: 200, body: company, headers: { etag: toEtag(company) } }
      } catch (error) {
        const location = error instanceof Problem && error.code === 'merged' ? error.headers.location : undefined
        if (location === undefined) throw error
        return { status: 301, headers: { location } }
      }
    },
  }),

  defineOperation('companies', {
    method: 'PATCH',
    path: '/companies/{id}',
    operation_id: 'updateCompany',
    has_one_transaction: true,
    tag: 'Companies',
    summary: 'Update a company',
    description:
      'Applies a JSON merge patch: missing fields stay, null clears a field. Imports do not change edited fields.',
    scope: 'write',
    get params() {
      return params()
    },
    get body() {
      return CompanyPatch()
    },
    accepts: ['application/merge-patch+json', 'application/json'],
    example: { industry: 'Measuring instruments' },
    headers: ifMatch,
    get answers() {
      return { 200: one('The updated company.') }
    },
    errors: ['not_found', 'gone', 'merged', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const company = await updateCompany(call.db, call.params.id, call.body, toChangeAuthor(call), options)
      return { status: 200, body: company, headers: { etag: toEtag(company) } }
    },
  }),

  defineOperation('companies', {
    method: 'DELETE',
    path: '/companies/{id}',
    operation_id: 'deleteCompany',
    has_one_transaction: true,
    tag: 'Companies',
    summary: 'Delete a company',
    description: 'Soft-deletes the company. Its leads stay.',
    scope: 'write',
    get params() {
      return params()
    },
    headers: ifMatch,
    answers: { 204: { description: 'Deleted.' } },
    errors: ['not_found', 'gone', 'merged', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      await removeCompany(call.db, call.params.id, toChangeAuthor(call), options)
      return { status: 204 }
    },
  }),

  defineOperation('companies', {
    method: 'POST',
    path: '/companies/{id}/restore',
    operation_id: 'restoreCompany',
    has_one_transaction: true,
    tag: 'Companies',
    summary: 'Restore a deleted company',
    scope: 'write',
    get params() {
      return params()
    },
    headers: { ...ifMatch, ...idempotency },
    get answers() {
      return { 200: one('The updated company.') }
    },
    errors: ['not_found', 'merged', 'precondition_failed'],
    async handle(call) {
      const options = { version: parseIfMatch(call.headers['if-match']) }
      const company = await restoreCompany(call.db, call.params.id, toChangeAuthor(call), options)
      return { status: 200, body: company, headers: { etag: toEtag(company) } }
    },
  }),

  defineOperation('companies', {
    method: 'GET',
    path: '/companies/{id}/leads',
    operation_id: 'listCompanyLeads',
    has_replica_reads: true,
    tag: 'Companies',
    summary: 'List the leads of a company',
    scope: 'read',
    get params() {
      return params()
    },
    get query() {
      return listQuery(leadListDefinition, { fields: leadDetailColumns, extra: { include: includeParameter() } })
    },
    get answers() {
      return {
        200: {
          ...listResponse(ListedLeadResponse(), 'A page of leads.'),
          example: { data: [leadExample], next_cursor: null },
        },
      }
    },
    errors: ['not_found', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = { ...toListInput(call, leadListDefinition, leadDetailColumns), include: call.query.include }
      const leads = listLeadsJson(call.db, input, call.params.id)
      // The company comes first: if both fail, its problem is the answer.
      leads.catch(() => {})
      await getCompany(call.db, call.params.id, { include_deleted: true })
      return { status: 200, body: await leads }
    },
  }),
]
