import * as z from 'zod'
import { datasetSpec } from '../generate/dataset.ts'
import { EVENT_TYPES, FINAL_STATUSES } from '../types.ts'

const alias = z.string().min(1).default('default')

export const moreItems = z.strictObject({
  alias,
  items: z.array(z.unknown()).default([]),
  items_text: z.array(z.string()).default([]),
  dataset: datasetSpec.optional(),
  from: z.int().min(0).default(0),
  to: z.int().min(0).optional(),
})
export const finish = z.strictObject({
  status: z.enum(FINAL_STATUSES).default('SUCCEEDED'),
  emit: z.boolean().default(true),
  status_message: z.string().optional(),
})
export const resurrect = z.strictObject({ emit: z.boolean().default(true) })
export const emit = z.strictObject({ type: z.enum(EVENT_TYPES), run_id: z.string() })
export const release = z.strictObject({
  order: z.enum(['in-order', 'reverse', 'shuffled']).default('in-order'),
  seed: z.int().default(1),
})
export const lags = z.strictObject({
  items_ms: z.number().min(0).optional(),
  counters_ms: z.number().min(0).optional(),
  usage_ms: z.number().min(0).optional(),
})
export const clock = z.strictObject({ skew_ms: z.number() })
export const limit = z.strictObject({ per_second: z.int().min(1).nullable() })
