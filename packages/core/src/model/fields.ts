import * as z from 'zod'
import { lazily, lazyEnum } from './lazily.ts'

/** Building blocks that the entity schemas share, so that a kind of column is described once. */

/** Surrogate key of a row. */
export const Id = lazily(() => z.int().positive())

/** ISO 8601 in UTC with milliseconds, e.g. `2026-03-02T07:38:32.674Z`. */
export const Timestamp = lazily(() => z.iso.datetime())

/** Any JSON value. */
export const Json = lazily(() => z.json())
export type Json = z.infer<ReturnType<typeof Json>>

/** A JSON object, e.g. metadata. */
export const JsonObject = lazily(() => z.record(z.string(), Json()))

export const auditColumns = {
  created_at: Timestamp,
  updated_at: Timestamp,
  created_by: () => z.string().max(255).nullable(),
  updated_by: () => z.string().max(255).nullable(),
}

export const softDeleteColumns = {
  is_deleted: () => z.boolean(),
  deleted_at: () => Timestamp().nullable(),
  deleted_by: () => z.string().max(255).nullable(),
}

/** Who or what a row came from. */
export const SourceType = lazyEnum(['apify', 'manual', 'import', 'api'])
export type SourceType = z.infer<ReturnType<typeof SourceType>>

/** 0 (worst) to 100 (best). */
export const Score = lazily(() => z.int().min(0).max(100))
