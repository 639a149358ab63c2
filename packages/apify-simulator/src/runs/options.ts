import * as z from 'zod'
import { datasetSpec } from '../generate/dataset.ts'
import { FINAL_STATUSES, RUN_STATUSES } from '../types.ts'

const time = z.union([z.string(), z.number(), z.date()]).transform((value, context) => {
  const stamp = new Date(value).getTime()
  if (Number.isNaN(stamp)) context.addIssue({ code: 'custom', message: 'not a time' })
  return stamp
})

const items = z.array(z.unknown())

/** How to add a run; only `actor_id` is needed. Spans are in simulated milliseconds. */
export const addRunOptions = z
  .strictObject({
    id: z.string().min(1).optional(),
    /** The Actor's id, or `user/name`. */
    actor_id: z.string().min(1),
    /** `user/name`, for an Actor the simulator does not know. */
    actor_name: z.string().min(1).optional(),
    actor_task_id: z.string().min(1).optional(),
    status: z.enum(RUN_STATUSES).default('SUCCEEDED'),
    status_message: z.string().nullable().optional(),
    started_at: time.optional(),
    finished_at: time.optional(),
    /** The default dataset: generated, given as values, or given as exact JSON text (in this order, if several are given). */
    dataset: datasetSpec.optional(),
    items: items.optional(),
    items_text: z.array(z.string()).optional(),
    /** Further datasets by alias. */
    datasets: z.record(z.string().min(1), z.union([items, datasetSpec])).default({}),
    /** The record INPUT of the run's key-value store. */
    input: z.unknown().optional(),
    usage_total_usd: z.number().min(0).optional(),
    compute_units: z.number().min(0).optional(),
    origin: z.string().default('API'),
    /** The account that owns the run; by default the one of the token. */
    user_id: z.string().min(1).optional(),
    general_access: z
      .enum(['FOLLOW_USER_SETTING', 'RESTRICTED', 'ANYONE_WITH_ID_CAN_READ'])
      .default('FOLLOW_USER_SETTING'),
    max_items: z.int().min(1).optional(),
    items_lag_ms: z.number().min(0).optional(),
    counters_lag_ms: z.number().min(0).optional(),
    /** The run continues for this long, its dataset grows in `steps`, then it finishes by itself. Needs `dataset`. */
    grow: z
      .strictObject({
        duration_ms: z.number().min(0),
        steps: z.int().min(1).default(20),
        finish_status: z.enum(FINAL_STATUSES).default('SUCCEEDED'),
      })
      .optional(),
    /** True tells the webhooks of it: CREATED, and the event of a final status. */
    emit: z.boolean().default(false),
  })
  .refine((run) => run.grow === undefined || run.dataset !== undefined, {
    path: ['grow'],
    message: 'a run can only grow by a generated dataset: give dataset, too',
  })
  .refine((run) => !('default' in run.datasets), {
    path: ['datasets', 'default'],
    message: 'the default dataset is given by dataset, items or items_text',
  })

export type AddRunOptions = z.input<typeof addRunOptions>
