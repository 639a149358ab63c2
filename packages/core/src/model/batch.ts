import * as z from 'zod'
import { Id } from './fields.ts'
import { lazily } from './lazily.ts'

/** Parts of the batches of leads and of companies. */

export const BATCH_OPERATIONS_MAX = 1000

/** The id of a row; the largest one that every engine stores. */
export const RowId = lazily(() => Id().max(2_147_483_647))
export const ExpectedVersion = lazily(() =>
  z.int().positive().max(2_147_483_647).optional().meta({ description: 'The expected version, as in If-Match.' }),
)

/** The body of a batch. */
export const batchOf = <Operation extends z.ZodType>(operation: Operation) =>
  z
    .object({
      is_atomic: z.boolean().optional().meta({
        description:
          'Rolls back all operations if one fails. By default each operation succeeds or fails independently.',
      }),
      operations: z.array(operation).min(1).max(BATCH_OPERATIONS_MAX),
    })
    .strict()

/** The result of one operation. Results are ordered like the operations. */
const BatchResult = lazily(() =>
  z.object({
    /** The status that the operation would have as a single request: 200, 201, 204 or that of the problem. */
    status: z.int(),
    id: z.int().nullable(),
    version: z.int().nullable(),
    problem: z.record(z.string(), z.unknown()).optional(),
  }),
)
export type BatchResult = z.infer<ReturnType<typeof BatchResult>>

export const BatchResponse = lazily(() =>
  z.object({ succeeded: z.int(), failed: z.int(), results: z.array(BatchResult()) }),
)
export type BatchResponse = z.infer<ReturnType<typeof BatchResponse>>
