import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { insertReturningId } from '../database/insert-returning.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { parseFilters, type RawFilters } from '../lists/filter.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import { type PageQuery, pageStatement } from '../lists/page-statement.ts'
import { planSearch } from '../lists/search-statement.ts'
import { parseSearchWords } from '../lists/search-words.ts'
import { BulkJob, JobStatus, JobType } from '../model/bulk-job.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Problem } from '../problem.ts'
import type { LeadPatch } from './lead-inputs.ts'
import { leadListDefinition } from './list-leads.ts'
import { removeLead, restoreLead } from './remove-lead.ts'
import { updateLead } from './update-lead.ts'

/**
 * Changes of all leads that match a filter. A job works through the ids upwards in transactions of some leads; its row
 * is the checkpoint. So it can be stopped at any time, and running it again continues it.
 */

export const jobColumns = BulkJob.columns

export const jobListDefinition: ListDefinition = {
  table: 'bulk_jobs',
  filters: { job_type: JobType.options, job_status: JobStatus.options, created_at: 'time' },
  sorts: { created_at: { kind: 'time' }, id: { kind: 'integer' } },
  default_sort: '-created_at',
  has_soft_delete: false,
  has_search: false,
}

/** Leads of one transaction: locks are held for about a second. */
const LEADS_PER_STEP = 200
const FAILURES_MAX = 100

export interface NewJob {
  job_type: JobType
  /** Query string with filters and `q` of the list of leads. */
  query: string
  patch?: LeadPatch | undefined
}

/** Parses the selection of a job. @throws Problem validation_failed */
async function parseSelection(text: string): Promise<Pick<PageQuery, 'filters' | 'words'>> {
  const parameters = new URLSearchParams(text)
  const unknown = [...new Set(parameters.keys())].filter(
    (name) => name !== 'q' && !Object.hasOwn(leadListDefinition.filters, name),
  )
  if (unknown.length > 0) {
    throw toQueryProblem([`A job selects leads by filters and q. Remove ${unknown.join(', ').slice(0, 200)}.`])
  }
  const raw: RawFilters = Object.fromEntries(
    [...new Set(parameters.keys())].filter((name) => name !== 'q').map((name) => [name, parameters.getAll(name)]),
  )
  const [q, ...more] = parameters.getAll('q')
  if (more.length > 0) throw toQueryProblem(['q may occur once.'])
  try {
    return { filters: await parseFilters(leadListDefinition, raw), words: q === undefined ? [] : parseSearchWords(q) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw toQueryProblem(
      error.errors.map(({ detail, ...where }) => ('parameter' in where ? `${where.parameter}: ${detail}` : detail)),
    )
  }
}

const toQueryProblem = (details: readonly string[]): Problem =>
  new Problem('validation_failed', 'The query is invalid.', {
    errors: details.map((detail) => ({ pointer: '/query', detail })),
  })

/** Creates a job; {@link runJob} runs it. @throws Problem validation_failed */
export async function createJob(db: Db, input: NewJob, by: ChangeAuthor): Promise<BulkJob> {
  const { job_type, query, patch } = input
  const { filters, words = [] } = await parseSelection(query)
  const refuse = (pointer: string, detail: string): Problem =>
    new Problem('validation_failed', detail, { errors: [{ pointer, detail }] })
  if (filters.length === 0 && words.length === 0) throw refuse('/query', 'Select leads by at least one filter or q.')
  if ((job_type === 'update') !== (patch !== undefined && Object.keys(patch).length > 0))
    throw refuse('/patch', 'A job of type update needs a patch with at least one field; other jobs take none.')
  const { end_id } = await db.kysely
    .selectFrom('sales_leads')
    .select(({ fn }) => fn.max('id').as('end_id'))
    .executeTakeFirstOrThrow()
  const id = await insertReturningId(db, 'bulk_jobs', {
    job_type,
    query,
    patch: (patch as BulkJob['patch']) ?? null,
    end_id: end_id ?? 0,
    created_at: by.at,
    updated_at: by.at,
    created_by: by.actor,
    updated_by: by.actor,
  })
  return getJob(db, id)
}

/** @throws Problem not_found */
export async function getJob(db: Db, id: number): Promise<BulkJob> {
  const job = await db.kysely.selectFrom('bulk_jobs').select(jobColumns).where('id', '=', id).executeTakeFirst()
  if (!job) throw new Problem('not_found', `Job ${id} does not exist.`)
  return job
}

export const listJobs = (db: Db, input: ListInput): Promise<ListResult<BulkJob>> =>
  listRows<BulkJob>(db, jobListDefinition, jobColumns, input)

/** Stops a job. Its changes stay. @throws Problem not_found */
export async function cancelJob(db: Db, id: number, by: ChangeAuthor): Promise<BulkJob> {
  await db.kysely
    .updateTable('bulk_jobs')
    .set({ job_status: 'canceled', finished_at: by.at, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', id)
    .where('job_status', '=', 'running')
    .execute()
  return getJob(db, id)
}

/** Runs a job until it ends or `hasTime` returns false. Repeat it while the job is running. @throws Problem not_found */
export async function runJob(db: Db, id: number, by: ChangeAuthor, hasTime: () => boolean): Promise<BulkJob> {
  for (;;) {
    const job = await withTransaction(db, (trx) => runStep(trx, id, by))
    if (job.job_status !== 'running' || !hasTime()) return job
  }
}

/** Processes the next leads. The lock on the job makes a second runner wait and then continue after this step. */
async function runStep(trx: Db, id: number, by: ChangeAuthor): Promise<BulkJob> {
  const [job] = await selectForUpdate(trx, trx.kysely.selectFrom('bulk_jobs').select(jobColumns).where('id', '=', id))
  if (!job) throw new Problem('not_found', `Job ${id} does not exist.`)
  if (job.job_status !== 'running') return job
  const ids = await selectLeads(trx, job)
  const failures = [...(job.failures ?? [])]
  const counts = {
    changed_count: job.changed_count,
    unchanged_count: job.unchanged_count,
    failed_count: job.failed_count,
  }
  for (const lead_id of ids) {
    try {
      const isChanged = await withTransaction(trx, (nested) => changeLead(nested, job, lead_id, by))
      counts[isChanged ? 'changed_count' : 'unchanged_count'] += 1
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      counts.failed_count += 1
      if (failures.length < FAILURES_MAX) failures.push({ lead_id, code: error.code, detail: error.message })
    }
  }
  const isFinished = ids.length < LEADS_PER_STEP
  const now = new Date()
  await trx.kysely
    .updateTable('bulk_jobs')
    .set({
      ...counts,
      failures: failures.length === 0 ? null : failures,
      last_id: isFinished ? job.end_id : (ids.at(-1) ?? job.last_id),
      updated_at: now,
      updated_by: by.actor,
      ...(isFinished && { job_status: 'completed', finished_at: now }),
    })
    .where('id', '=', id)
    .execute()
  return getJob(trx, id)
}

async function selectLeads(trx: Db, job: BulkJob): Promise<number[]> {
  const isRestore = job.job_type === 'restore'
  const query = await planSearch(trx, {
    definition: leadListDefinition,
    columns: ['id'],
    ...(await parseSelection(job.query)),
    conditions: [sql`id <= ${job.end_id}`, ...(isRestore ? [sql`is_deleted`] : [])],
    include_deleted: isRestore,
    sort: { column: 'id', is_descending: false },
    limit: LEADS_PER_STEP,
    after: [job.last_id],
  })
  const { rows } = await pageStatement(trx, query, LEADS_PER_STEP).execute(trx.kysely)
  return rows.map((row) => row.id as number)
}

async function changeLead(trx: Db, { job_type, patch }: BulkJob, lead_id: number, by: ChangeAuthor): Promise<boolean> {
  const at = { ...by, at: new Date() }
  if (job_type === 'delete') {
    await removeLead(trx, lead_id, at)
    return true
  }
  if (job_type === 'restore') {
    await restoreLead(trx, lead_id, at)
    return true
  }
  const { updated_at } = await updateLead(trx, lead_id, (patch ?? {}) as LeadPatch, at)
  return updated_at === at.at.toISOString()
}
