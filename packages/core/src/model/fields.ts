import * as z from 'zod'

/** Building blocks that the entity schemas share, so that a kind of column is described once. */

/** Surrogate key of a row. */
export const Id = z.int().positive()

/** ISO 8601 in UTC with milliseconds, e.g. `2026-03-02T07:38:32.674Z`. */
export const Timestamp = z.iso.datetime()

/** Any JSON value. */
export const Json = z.json()
export type Json = z.infer<typeof Json>

/** A JSON object, e.g. metadata. */
export const JsonObject = z.record(z.string(), Json)

export const auditColumns = {
  created_at: Timestamp,
  updated_at: Timestamp,
  created_by: z.string().max(255).nullable(),
  updated_by: z.string().max(255).nullable(),
}

export const softDeleteColumns = {
  is_deleted: z.boolean(),
  deleted_at: Timestamp.nullable(),
  deleted_by: z.string().max(255).nullable(),
}

/** Who or what a row came from. */
export const SourceType = z.enum(['apify', 'manual', 'import', 'api'])
export type SourceType = z.infer<typeof SourceType>

/** 0 (worst) to 100 (best). */
export const Score = z.int().min(0).max(100)
