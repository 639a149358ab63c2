import {
  cancelJob,
  createJob,
  getJob,
  jobColumns,
  jobListDefinition,
  listJobs,
  runJob,
} from '@leads/core/leads/bulk-jobs'
import { LeadPatch } from '@leads/core/leads/lead-inputs'
import { BulkJob, JobType } from '@leads/core/model/bulk-job'
import { lazily } from '@leads/core/model/lazily'
import * as z from 'zod'
import { assertCanSeeDeleted, selectsDeletedRows } from '../http/assert-can-see-deleted.ts'
import { toChangeAuthor } from '../http/change-author.ts'
import { showsRecentWork } from '../http/finished-work.ts'
import { defineOperation, type Operation } from '../http/operation.ts'
import { IdParam, listQuery, listResponse, rowResponse, toListInput } from '../http/schemas.ts'
import { omittedFields } from './lead-responses.ts'

/** Time of one request; the client repeats it until the job is completed. */
const RUN_MS_MAX = 20_000

const params = lazily(() => z.object({ id: IdParam() }))
const JobResponse = lazily(() => BulkJob().extend({ omitted_fields: omittedFields() }).meta({ id: 'BulkJob' }))

const toWork = ({ job_status, updated_at }: BulkJob) => ({ status: job_status, updated_at })

const jobExample = {
  id: 4,
  job_type: 'update',
  job_status: 'running',
  query: 'country=India&lead_status=new',
  patch: { tags: ['spring-campaign'] },
  last_id: 5200,
  end_id: 120_000,
  changed_count: 4180,
  unchanged_count: 20,
  failed_count: 0,
  failures: null,
  finished_at: null,
  created_at: '2026-03-02T07:38:32.674Z',
  updated_at: '2026-03-02T07:38:52.674Z',
  created_by: 'crm',
  updated_by: 'crm',
} as const
const job = (description: string) => ({ ...rowResponse(JobResponse(), description), example: jobExample })

export const jobOperations: readonly Operation[] = [
  defineOperation('leads', {
    method: 'POST',
    path: '/jobs',
    operation_id: 'createJob',
    tag: 'Jobs',
    summary: 'Create a bulk job',
    description:
      'Selects leads by filters and `q` of the list (`query`), to update, delete or restore them. Leads created later are ' +
      'not part of it. Nothing changes until `POST /jobs/{id}/run`. Jobs that restore need scope admin.',
    scope: 'write',
    get body() {
      return z
        .object({
          job_type: JobType(),
          query: z.string().min(1).max(4000).meta({ description: 'E.g. `country=India&lead_status=new`.' }),
          patch: LeadPatch().optional().meta({ description: 'For jobs of type update.' }),
        })
        .strict()
    },
    example: { job_type: 'update', query: 'country=India&lead_status=new', patch: { tags: ['spring-campaign'] } },
    headers: {
      'Idempotency-Key': 'A unique key, e.g. a UUID. A repeated request with the same key takes effect once.',
    },
    get answers() {
      return { 201: { ...job('The job.'), headers: { location: 'Its URL.' } } }
    },
    async handle(call) {
      const asked = new URLSearchParams(call.body.query).getAll('is_deleted')
      assertCanSeeDeleted(call, call.body.job_type === 'restore' || selectsDeletedRows(asked))
      const created = await createJob(call.db, call.body, toChangeAuthor(call))
      return { status: 201, body: created, headers: { location: `/jobs/${created.id}` } }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/jobs',
    operation_id: 'listJobs',
    tag: 'Jobs',
    summary: 'List bulk jobs',
    scope: 'read',
    get query() {
      return listQuery(jobListDefinition)
    },
    get answers() {
      const example = { data: [jobExample], next_cursor: null }
      return { 200: { ...listResponse(JobResponse(), 'A page of jobs, newest first.'), example } }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      const body = await listJobs(call.db, toListInput(call, jobListDefinition, jobColumns))
      return { status: 200, body, shows_recent_work: showsRecentWork(body.data.map(toWork)) }
    },
  }),

  defineOperation('leads', {
    method: 'GET',
    path: '/jobs/{id}',
    operation_id: 'getJob',
    tag: 'Jobs',
    summary: 'Get a bulk job',
    scope: 'read',
    get params() {
      return params()
    },
    get answers() {
      return { 200: job('The job.') }
    },
    errors: ['not_found'],
    async handle(call) {
      const body = await getJob(call.db, call.params.id)
      return { status: 200, body, shows_recent_work: showsRecentWork([toWork(body)]) }
    },
  }),

  defineOperation('leads', {
    method: 'POST',
    path: '/jobs/{id}/run',
    operation_id: 'runJob',
    tag: 'Jobs',
    summary: 'Run a bulk job',
    description:
      'Works for up to 20 seconds and commits after every 200 leads. Returns 202 while the job is running; repeat the ' +
      'request to continue it. The history of each lead records its change.',
    scope: 'write',
    get params() {
      return params()
    },
    is_resumable: true,
    headers: { 'Idempotency-Key': 'Not needed: repeated requests continue the job.' },
    get answers() {
      return { 200: job('The job has ended.'), 202: job('The job is running. Repeat the request.') }
    },
    errors: ['not_found'],
    async handle(call) {
      const stored = await getJob(call.db, call.params.id)
      assertCanSeeDeleted(call, stored.job_type === 'restore')
      const ends_ms = performance.now() + RUN_MS_MAX
      const result = await runJob(call.db, stored.id, toChangeAuthor(call), () => performance.now() < ends_ms)
      return { status: result.job_status === 'running' ? 202 : 200, body: result }
    },
  }),

  defineOperation('leads', {
    method: 'DELETE',
    path: '/jobs/{id}',
    operation_id: 'cancelJob',
    tag: 'Jobs',
    summary: 'Cancel a bulk job',
    description: 'Stops the job and returns it. Its changes stay.',
    scope: 'write',
    get params() {
      return params()
    },
    get answers() {
      return { 200: job('The job.') }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await cancelJob(call.db, call.params.id, toChangeAuthor(call)) }
    },
  }),
]
