import * as z from 'zod'
import { auditColumns, Id, Json, JsonObject, Timestamp } from './fields.ts'
import { lazily, lazyEnum, lazyObject } from './lazily.ts'

export const BatchStatus = lazyEnum(['importing', 'completed', 'undoing', 'undone'])
export type BatchStatus = z.infer<ReturnType<typeof BatchStatus>>

/** How a column of the file is read: `column` is null where it says nothing about a lead and is only kept. */
export const ColumnMatch = lazily(() =>
  z.object({
    header: z.string(),
    column: z.string().nullable(),
    /** True if chosen by a person, false if recognized by its name. */
    is_override: z.boolean(),
    /** Cells that were left out because the column cannot have their value, e.g. a custom status. */
    misread: z
      .object({
        count: z.int().positive(),
        example: z.string(),
        /** The first different values, the example among them. */
        examples: z.array(z.string()).optional(),
      })
      .optional(),
  }),
)
export type ColumnMatch = z.infer<ReturnType<typeof ColumnMatch>>

/** How rows met leads other than by their own external ids, and which of their values were not taken. */
export const ImportMatchCounts = lazily(() =>
  z.object({
    joined_by: z.record(z.string(), z.int().min(0)),
    bridged: z.int().min(0),
    contradicted: z.int().min(0),
    kept_newer: z.int().min(0),
    kept_edited: z.int().min(0),
  }),
)

/** A row of `import_batches`: one import of one file, and how far it has come. */
export const ImportBatch = lazyObject({
  id: Id,
  import_batch_id: () => z.string().min(1).max(100),
  batch_status: BatchStatus,
  file_name: () => z.string().max(255).nullable(),
  file_hash: () => z.string().max(64),
  import_options: JsonObject,
  options_hash: () => z.string().max(64),
  column_matches: () => z.array(ColumnMatch()).nullable(),
  next_record: () => z.int().min(0),
  total_records: () => z.int().min(0),
  synced_records: () => z.int().min(0),
  duplicate_records: () => z.int().min(0),
  failed_records: () => z.int().min(0),
  updated_records: () => z.int().min(0),
  /** Null if there is nothing to tell. */
  match_counts: () => ImportMatchCounts().nullable(),
  completed_at: () => Timestamp().nullable(),
  undone_at: () => Timestamp().nullable(),
  ...auditColumns,
})
export type ImportBatch = z.infer<ReturnType<typeof ImportBatch>>

/** A row of `import_rejections`: a record that became no lead. */
export const ImportRejection = lazyObject({
  id: Id,
  import_batch_id: () => z.string().max(100),
  /** The first record below the header is 1. */
  record_number: () => z.int().positive(),
  line_number: () => z.int().positive().nullable(),
  reason: () => z.string(),
  raw_data: () => Json().nullable(),
  created_at: Timestamp,
})
export type ImportRejection = z.infer<ReturnType<typeof ImportRejection>>

/** A row of `import_changes`: what a lead was before a file changed it, and what undo left as it is. */
export const ImportChange = lazily(() =>
  z.object({
    import_batch_id: z.string().max(100),
    lead_id: Id(),
    company_id: Id().nullable(),
    import_hashes: z.string().nullable(),
    raw_data: Json().nullable(),
    undone_at: Timestamp().nullable(),
    kept_fields: z.array(z.string()).nullable(),
    kept_reason: z.string().max(255).nullable(),
  }),
)
export type ImportChange = z.infer<ReturnType<typeof ImportChange>>

/** A row of `import_companies`: `filled_columns` is null where the file created the company. */
export const ImportCompany = lazily(() =>
  z.object({
    import_batch_id: z.string().max(100),
    company_key: z.string().max(255),
    filled_columns: JsonObject().nullable(),
  }),
)
export type ImportCompany = z.infer<ReturnType<typeof ImportCompany>>
