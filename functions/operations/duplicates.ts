import { getLead } from '@leads/core/leads/get-lead'
import { listLeadIdentities } from '@leads/core/leads/lead-identities'
import { LeadDetail, LeadView } from '@leads/core/leads/lead-views'
import { choosableLeadFields } from '@leads/core/merges/combine-leads'
import { dismissCompanyPair, dismissDuplicate } from '@leads/core/merges/dismiss-duplicate'
import { inTransaction } from '@leads/core/merges/in-transaction'
import { listCompanyDuplicates, listDuplicates } from '@leads/core/merges/list-duplicates'
import { type CompanyMergeResult, choosableCompanyFields, mergeCompanies } from '@leads/core/merges/merge-companies'
import { type MergeResult, mergeLeads } from '@leads/core/merges/merge-leads'
import { showCompanyDuplicate } from '@leads/core/merges/show-company-duplicate'
import { showDuplicate } from '@leads/core/merges/show-duplicate'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { CompanyPair } from '@leads/core/model/company-duplicate'
import { Id } from '@leads/core/model/fields'
import { lazily } from '@leads/core/model/lazily'
import { leadExample } from '@leads/core/model/lead-columns'
import { DuplicatePair, DuplicateStatus } from '@leads/core/model/lead-duplicate'
import { ChangedFields } from '@leads/core/model/lead-event'
import { LeadIdentity } from '@leads/core/model/lead-identity'
import * as z from 'zod'
import { canSeeDeleted } from '../http/assert-can-see-deleted.ts'
import { toChangeAuthor } from '../http/change-author.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { Cursor, IdParam, Limit, listResponse, rowResponse } from '../http/schemas.ts'
import { companyExample } from './company-example.ts'
import { CompanyResponse, omittedFields } from './lead-responses.ts'

const MERGED_LEADS_MAX = 100

const pairParams = lazily(() => z.object({ a: IdParam(), b: IdParam() }))
const leadParams = lazily(() => z.object({ id: IdParam() }))
const idempotency = {
  'Idempotency-Key': 'A key of your own, e.g. a UUID: the same request sent again has no second effect.',
}

const { raw_data: _raw_data, ...leadViewExample } = leadExample as Record<string, unknown>

const pairExample = {
  lead_a: 12,
  lead_b: 40,
  certainty: 0.987,
  is_certain: false,
  duplicate_status: 'open',
  reasons: ['same email', 'last name is spelled almost the same'],
  checked_at: '2026-03-02T07:38:32.674Z',
  decided_at: null,
  decided_by: null,
}

const atLeast = () =>
  z
    .string()
    .regex(/^(?:0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/, 'a number from 0 to 1 such as 0.9')
    .transform(Number)
    .optional()
    .meta({ override: { type: 'number', minimum: 0, maximum: 1 }, description: 'Lowest certainty.' })

const Merge = lazily(() =>
  z.object({
    keeper_id: Id(),
    merged_id: Id(),
    changed_fields: ChangedFields(),
    moved_identities: z.array(z.string()),
  }),
)
const Unmerge = lazily(() =>
  z.object({
    keeper_id: Id(),
    merged_id: Id(),
    restored_fields: z.array(z.string()),
    kept_fields: z.array(z.string()).meta({ description: 'Changed since the merge: these stay with the keeper.' }),
    moved_identities: z.array(z.string()),
  }),
)

const MergedIds = lazily(() => z.array(Id().max(2_147_483_647)).min(1).max(MERGED_LEADS_MAX))

const chosenFields = <Field extends string>(fields: readonly Field[]) =>
  z
    .array(z.enum(fields))
    .max(fields.length)
    .optional()
    .meta({
      description:
        'Fields that get the value of the merged row although this one has a value, unless that value is empty. ' +
        'Only with a single merged row. Of a lead, the parts of the name, of the company and of the address are ' +
        'taken together.',
    })
const oneMergedError = {
  path: ['fields_from_merged'],
  message: 'can be given only with one merged id: send a request for each',
}

const pairOperations: readonly Operation[] = [
  defineOperation('duplicates', {
    method: 'GET',
    path: '/duplicates',
    operation_id: 'listDuplicates',
    tag: 'Duplicates',
    summary: 'List pairs of leads that may be one',
    description: 'The most certain first, each with its reasons in words. `is_certain`: nothing contradicts.',
    scope: 'read',
    get query() {
      return z.object({
        at_least: atLeast(),
        status: DuplicateStatus().optional().meta({ description: 'Default: open.' }),
        lead_id: IdParam().optional().meta({ description: 'Only pairs of this lead.' }),
        limit: Limit().optional(),
        cursor: Cursor().optional(),
      })
    },
    get answers() {
      return {
        200: {
          ...listResponse(DuplicatePair(), 'A page of pairs.'),
          example: { data: [pairExample], next_cursor: null },
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return { status: 200, body: await listDuplicates(call.db, { ...call.query, cursor_secret: call.cursor_secret }) }
    },
  }),

  defineOperation('duplicates', {
    method: 'GET',
    path: '/duplicates/{a}/{b}',
    operation_id: 'getDuplicate',
    tag: 'Duplicates',
    summary: 'Compare two leads',
    description: 'Both leads, and how certain it is that they are one, scored as they are now.',
    scope: 'read',
    get params() {
      return pairParams()
    },
    get answers() {
      return {
        200: {
          ...rowResponse(
            DuplicatePair().extend({ leads: z.array(LeadView().extend({ omitted_fields: omittedFields() })) }),
            'The pair with both leads.',
          ),
          example: { ...pairExample, leads: [leadViewExample, { ...leadViewExample, id: 40 }] },
        },
      }
    },
    errors: ['not_found', 'gone', 'validation_failed'],
    async handle(call) {
      return {
        status: 200,
        body: await showDuplicate(call.db, call.params.a, call.params.b, { now: new Date(), ...canSeeDeleted(call) }),
      }
    },
  }),

  defineOperation('duplicates', {
    method: 'DELETE',
    path: '/duplicates/{a}/{b}',
    operation_id: 'dismissDuplicate',
    tag: 'Duplicates',
    summary: 'Dismiss a pair: two leads are not one',
    description: 'The pair is not listed again and never merged automatically. Returns 409 for a merged pair.',
    scope: 'write',
    get params() {
      return pairParams()
    },
    answers: { 204: { description: 'Dismissed.' } },
    errors: ['not_found', 'conflict', 'validation_failed'],
    async handle(call) {
      await dismissDuplicate(call.db, call.params.a, call.params.b, toChangeAuthor(call))
      return { status: 204 }
    },
  }),
]

const { lead_a: _a, lead_b: _b, ...companyPairFields } = pairExample
const companyPairExample = {
  company_a: 7,
  company_b: 31,
  ...companyPairFields,
  reasons: ['same website', 'company name is nearly the same'],
}
const CompanyMerge = lazily(() =>
  z.object({
    keeper_id: Id(),
    merged_id: Id(),
    changed_fields: ChangedFields(),
    moved_leads: z.int().min(0).meta({ description: 'Leads that belong to the keeper now.' }),
  }),
)

const companyOperations: readonly Operation[] = [
  defineOperation('duplicates', {
    method: 'GET',
    path: '/duplicates/companies',
    operation_id: 'listCompanyDuplicates',
    tag: 'Duplicates',
    summary: 'List pairs of companies that may be one',
    description:
      'By website, LinkedIn page, or name and place. The most certain first, each with its reasons in words.',
    scope: 'read',
    get query() {
      return z.object({
        at_least: atLeast(),
        status: DuplicateStatus().optional().meta({ description: 'Default: open.' }),
        company_id: IdParam().optional().meta({ description: 'Only pairs of this company.' }),
        limit: Limit().optional(),
        cursor: Cursor().optional(),
      })
    },
    get answers() {
      return {
        200: {
          ...listResponse(CompanyPair(), 'A page of pairs.'),
          example: { data: [companyPairExample], next_cursor: null },
        },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const input = { ...call.query, cursor_secret: call.cursor_secret }
      return { status: 200, body: await listCompanyDuplicates(call.db, input) }
    },
  }),

  defineOperation('duplicates', {
    method: 'GET',
    path: '/duplicates/companies/{a}/{b}',
    operation_id: 'getCompanyDuplicate',
    tag: 'Duplicates',
    summary: 'Compare two companies',
    description: 'Both companies, and how certain it is that they are one, scored as they are now.',
    scope: 'read',
    get params() {
      return pairParams()
    },
    get answers() {
      return {
        200: {
          ...rowResponse(
            CompanyPair().extend({ companies: z.array(CompanyResponse()) }),
            'The pair with both companies.',
          ),
          example: { ...companyPairExample, companies: [companyExample, { ...companyExample, id: 31 }] },
        },
      }
    },
    errors: ['not_found', 'gone', 'validation_failed'],
    async handle(call) {
      return {
        status: 200,
        body: await showCompanyDuplicate(call.db, call.params.a, call.params.b, {
          now: new Date(),
          ...canSeeDeleted(call),
        }),
      }
    },
  }),

  defineOperation('duplicates', {
    method: 'DELETE',
    path: '/duplicates/companies/{a}/{b}',
    operation_id: 'dismissCompanyDuplicate',
    tag: 'Duplicates',
    summary: 'Dismiss a pair: two companies are not one',
    description: 'The pair is not listed again. Returns 409 for a merged pair.',
    scope: 'write',
    get params() {
      return pairParams()
    },
    answers: { 204: { description: 'Dismissed.' } },
    errors: ['not_found', 'conflict', 'validation_failed'],
    async handle(call) {
      await dismissCompanyPair(call.db, call.params.a, call.params.b, toChangeAuthor(call))
      return { status: 204 }
    },
  }),

  defineOperation('duplicates', {
    method: 'POST',
    path: '/companies/{id}/merge',
    operation_id: 'mergeCompanies',
    tag: 'Duplicates',
    summary: 'Merge other companies into this one',
    description:
      'The values of this company stay and its empty fields are filled; it gets the leads of the others, which are ' +
      'deleted with `merged_into_id`. Later imports of any of them find this company. All merges succeed or none. ' +
      'Undo: POST /companies/{id}/unmerge.',
    scope: 'write',
    get params() {
      return leadParams()
    },
    get body() {
      return z
        .object({ company_ids: MergedIds(), fields_from_merged: chosenFields(choosableCompanyFields) })
        .strict()
        .refine((body) => !body.fields_from_merged?.length || body.company_ids.length === 1, oneMergedError)
    },
    example: { company_ids: [31], fields_from_merged: ['website'] },
    headers: idempotency,
    get answers() {
      return {
        200: {
          ...rowResponse(z.object({ merges: z.array(CompanyMerge()) }), 'What each merge changed.'),
          example: {
            merges: [
              { keeper_id: 7, merged_id: 31, changed_fields: { city: { old: null, new: 'Pune' } }, moved_leads: 12 },
            ],
          },
        },
      }
    },
    errors: ['not_found', 'gone', 'merged', 'validation_failed'],
    async handle(call) {
      const by = toChangeAuthor(call)
      const { company_ids, fields_from_merged } = call.body
      const merges = await inTransaction(call.db, async (trx) => {
        const results: CompanyMergeResult[] = []
        for (const id of company_ids)
          results.push(await mergeCompanies(trx, call.params.id, id, by, fields_from_merged))
        return results
      })
      return { status: 200, body: { merges } }
    },
  }),

  defineOperation('duplicates', {
    method: 'POST',
    path: '/companies/{id}/unmerge',
    operation_id: 'unmergeCompany',
    tag: 'Duplicates',
    summary: 'Undo the merge of this company',
    description:
      'The company comes back as it was, with the leads that it had. Fields that the keeper got from it are emptied ' +
      'again unless they were changed since: these are named in `kept_fields`. Returns 409 if the company is not ' +
      'merged, or if its keeper was merged in turn.',
    scope: 'write',
    get params() {
      return leadParams()
    },
    headers: idempotency,
    get answers() {
      return {
        200: {
          ...rowResponse(Unmerge().omit({ moved_identities: true }), 'What was restored and what stays.'),
          example: { keeper_id: 7, merged_id: 31, restored_fields: ['city'], kept_fields: [] },
        },
      }
    },
    errors: ['not_found', 'conflict', 'merged'],
    async handle(call) {
      return { status: 200, body: await unmergeCompany(call.db, call.params.id, toChangeAuthor(call)) }
    },
  }),
]

const mergeOperations: readonly Operation[] = [
  defineOperation('duplicates', {
    method: 'POST',
    path: '/leads/{id}/merge',
    operation_id: 'mergeLeads',
    tag: 'Duplicates',
    summary: 'Merge other leads into this one',
    description:
      'The values of this lead stay and its empty fields are filled; the other leads are deleted with `merged_into_id`. ' +
      'Later imports of any of them find this lead. All merges succeed or none. Undo: POST /leads/{id}/unmerge.',
    scope: 'write',
    get params() {
      return leadParams()
    },
    get body() {
      return z
        .object({ lead_ids: MergedIds(), fields_from_merged: chosenFields(choosableLeadFields) })
        .strict()
        .refine((body) => !body.fields_from_merged?.length || body.lead_ids.length === 1, oneMergedError)
    },
    example: { lead_ids: [40], fields_from_merged: ['phone'] },
    headers: idempotency,
    get answers() {
      return {
        200: {
          ...rowResponse(z.object({ lead: LeadDetail(), merges: z.array(Merge()) }), 'The lead as it is now.'),
          example: {
            lead: leadExample,
            merges: [
              {
                keeper_id: 42,
                merged_id: 40,
                changed_fields: { phone: { old: null, new: '+4930123456' } },
                moved_identities: ['email:asha.rao@example.com'],
              },
            ],
          },
        },
      }
    },
    errors: ['not_found', 'gone', 'merged', 'validation_failed'],
    async handle(call) {
      const by = toChangeAuthor(call)
      const { lead_ids, fields_from_merged } = call.body
      const body = await inTransaction(call.db, async (trx) => {
        const merges: MergeResult[] = []
        for (const lead_id of lead_ids)
          merges.push(await mergeLeads(trx, call.params.id, lead_id, by, fields_from_merged))
        return { lead: await getLead(trx, call.params.id), merges }
      })
      return { status: 200, body }
    },
  }),

  defineOperation('duplicates', {
    method: 'POST',
    path: '/leads/{id}/unmerge',
    operation_id: 'unmergeLead',
    tag: 'Duplicates',
    summary: 'Undo the merge of this lead',
    description:
      'The lead comes back as it was, with its identities. Fields that the keeper got from it are emptied again unless ' +
      'they were changed since: these are named in `kept_fields`. Returns 409 if the lead is not merged, or if its ' +
      'keeper was merged in turn.',
    scope: 'write',
    get params() {
      return leadParams()
    },
    headers: idempotency,
    get answers() {
      return {
        200: {
          ...rowResponse(Unmerge(), 'What was restored and what stays.'),
          example: {
            keeper_id: 42,
            merged_id: 40,
            restored_fields: ['phone'],
            kept_fields: [],
            moved_identities: ['email:asha.rao@example.com'],
          },
        },
      }
    },
    errors: ['not_found', 'conflict', 'merged'],
    async handle(call) {
      return { status: 200, body: await unmergeLead(call.db, call.params.id, toChangeAuthor(call)) }
    },
  }),

  defineOperation('duplicates', {
    method: 'GET',
    path: '/leads/{id}/identities',
    operation_id: 'listLeadIdentities',
    tag: 'Duplicates',
    summary: 'List by what imports recognize a lead',
    scope: 'read',
    get params() {
      return leadParams()
    },
    get query() {
      return z.object({ limit: Limit().optional(), cursor: Cursor().optional() })
    },
    get answers() {
      return {
        200: {
          ...listResponse(LeadIdentity(), 'The identities.'),
          example: {
            data: [
              {
                identity: 'email:asha.rao@example.com',
                lead_id: 42,
                is_shared: false,
                seen_at: '2026-03-02T07:38:32.674Z',
              },
            ],
            next_cursor: null,
          },
        },
      }
    },
    errors: ['not_found', 'gone', 'invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const { limit, cursor } = call.query
      const { db, params, cursor_secret } = call
      const page = await listLeadIdentities(db, params.id, { limit, cursor, cursor_secret }, canSeeDeleted(call))
      return { status: 200, body: page }
    },
  }),
]

export const duplicateOperations: readonly Operation[] = [...companyOperations, ...pairOperations, ...mergeOperations]
