import * as z from 'zod'
import { auditColumns, Id, JsonObject, Timestamp } from './fields.ts'
import { lazily, lazyEnum, lazyObject } from './lazily.ts'

export const JobType = lazyEnum(['update', 'delete', 'restore'])
export type JobType = z.infer<ReturnType<typeof JobType>>

export const JobStatus = lazyEnum(['running', 'completed', 'canceled'])
export type JobStatus = z.infer<ReturnType<typeof JobStatus>>

/** A lead that a job could not change. */
export const JobFailure = lazily(() => z.object({ lead_id: Id(), code: z.string(), detail: z.string() }))

/** A row of `bulk_jobs`: one change of all leads that match a filter, and its progress. */
export const BulkJob = lazyObject({
  id: Id,
  job_type: JobType,
  job_status: JobStatus,
  /** Query string that selects the leads. */
  query: () => z.string().max(4000),
  patch: () => JsonObject().nullable(),
  /** Leads up to this id have been processed. */
  last_id: () => z.int().min(0),
  /** The newest lead when the job was created. Later leads are not part of it. */
  end_id: () => z.int().min(0),
  changed_count: () => z.int().min(0),
  unchanged_count: () => z.int().min(0),
  failed_count: () => z.int().min(0),
  /** The first 100. */
  failures: () => z.array(JobFailure()).nullable(),
  finished_at: () => Timestamp().nullable(),
  ...auditColumns,
})
export type BulkJob = z.infer<ReturnType<typeof BulkJob>>
