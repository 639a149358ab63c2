import type * as z from 'zod'
import { newId } from '../ids.ts'
import { type EventType, type FinalStatus, isFinal, type RunStatus } from '../types.ts'
import type { addRunOptions } from './options.ts'
import { type RunRecord, USER_ID } from './record.ts'

/** What webhooks receive when a run ends. */
export const EVENT_OF: Record<FinalStatus, EventType> = {
  SUCCEEDED: 'ACTOR.RUN.SUCCEEDED',
  FAILED: 'ACTOR.RUN.FAILED',
  ABORTED: 'ACTOR.RUN.ABORTED',
  'TIMED-OUT': 'ACTOR.RUN.TIMED_OUT',
}

const MESSAGE_OF: Partial<Record<RunStatus, string>> = {
  SUCCEEDED: 'Actor finished',
  FAILED: 'The process exited with code 91',
  ABORTED: 'Actor was aborted',
  'TIMED-OUT': 'Actor timed out',
}

/** The status message of a run whose Actor has set none. */
export function messageOf(status: RunStatus): string {
  return MESSAGE_OF[status] ?? 'Actor is running'
}

// How long a finished run has taken where the caller does not say.
const DEFAULT_DURATION_MS = 60_000

/** A new run of what the caller gave; its datasets are opened by the caller. */
export function makeRun(options: z.output<typeof addRunOptions>, actor_id: string, now: number): RunRecord {
  const status: RunStatus = options.grow ? 'RUNNING' : options.status
  const finished_at = isFinal(status) ? (options.finished_at ?? now) : null
  return {
    id: options.id ?? newId(),
    actor_id,
    actor_task_id: options.actor_task_id ?? null,
    status,
    status_message: options.status_message ?? messageOf(status),
    started_at: options.started_at ?? (finished_at === null ? now : finished_at - DEFAULT_DURATION_MS),
    finished_at,
    build_id: newId(),
    datasets: {},
    key_value_store_id: newId(),
    request_queue_id: newId(),
    resurrect_count: 0,
    input_bytes: 0,
    usage_total_usd: options.usage_total_usd ?? null,
    compute_units: options.compute_units ?? null,
    user_id: options.user_id ?? USER_ID,
    origin: options.origin,
    user_agent: null,
    general_access: options.general_access,
    max_items: options.max_items ?? null,
  }
}
