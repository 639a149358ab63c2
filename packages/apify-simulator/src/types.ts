/** Statuses of a run as the API writes them. */
export const RUN_STATUSES = [
  'READY',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMING-OUT',
  'TIMED-OUT',
  'ABORTING',
  'ABORTED',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export const FINAL_STATUSES = ['SUCCEEDED', 'FAILED', 'TIMED-OUT', 'ABORTED'] as const
export type FinalStatus = (typeof FINAL_STATUSES)[number]

export function isFinal(status: RunStatus): status is FinalStatus {
  return (FINAL_STATUSES as readonly string[]).includes(status)
}

/** Events a webhook may ask for. The event says TIMED_OUT where the run's status says TIMED-OUT. */
export const EVENT_TYPES = [
  'ACTOR.RUN.CREATED',
  'ACTOR.RUN.SUCCEEDED',
  'ACTOR.RUN.FAILED',
  'ACTOR.RUN.ABORTED',
  'ACTOR.RUN.TIMED_OUT',
  'ACTOR.RUN.RESURRECTED',
  'ACTOR.BUILD.CREATED',
  'ACTOR.BUILD.SUCCEEDED',
  'ACTOR.BUILD.FAILED',
  'ACTOR.BUILD.ABORTED',
  'ACTOR.BUILD.TIMED_OUT',
  'TEST',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** A run as `GET /v2/actor-runs/{id}` gives it; the keys are Apify's, so they are camelCase. */
export interface Run {
  id: string
  actId: string
  userId: string
  actorTaskId?: string
  startedAt: string
  finishedAt: string | null
  status: RunStatus
  statusMessage: string | null
  isStatusMessageTerminal: boolean | null
  meta: { origin: string; clientIp?: string; userAgent?: string }
  stats: Record<string, number>
  options: { build: string; timeoutSecs: number; memoryMbytes: number; diskMbytes: number; maxItems?: number }
  buildId: string
  buildNumber: string
  exitCode: number | null
  defaultDatasetId: string
  defaultKeyValueStoreId: string
  defaultRequestQueueId: string
  storageIds: {
    datasets: Record<string, string>
    keyValueStores: Record<string, string>
    requestQueues: Record<string, string>
  }
  generalAccess: 'FOLLOW_USER_SETTING' | 'RESTRICTED' | 'ANYONE_WITH_ID_CAN_READ'
  containerUrl: string
  isContainerServerReady: boolean | null
  gitBranchName: null
  usage: Record<string, number>
  usageTotalUsd?: number
  usageUsd?: Record<string, number>
  links: Record<string, string>
}

/** What a webhook's condition names; an empty one (only possible inside) matches every run. */
export interface WebhookCondition {
  actorId?: string
  actorTaskId?: string
  actorRunId?: string
}

export interface Webhook {
  id: string
  created_at: number
  modified_at: number
  request_url: string
  event_types: EventType[]
  condition: WebhookCondition
  payload_template: string | null
  headers_template: string | null
  should_interpolate_strings: boolean
  do_not_retry: boolean
  ignore_ssl_errors: boolean
  is_ad_hoc: boolean
  idempotency_key: string | null
  description: string | null
}

/** One try to deliver a dispatch, as the API shows it. */
export interface DispatchCall {
  startedAt: string
  finishedAt: string | null
  errorMessage: string | null
  responseStatus: number | null
  responseBody: string | null
}

export interface Dispatch {
  id: string
  webhook_id: string
  created_at: number
  status: 'ACTIVE' | 'SUCCEEDED' | 'FAILED'
  event_type: EventType
  event_data: Record<string, string> | null
  run_id: string | null
  request_url: string
  /** The very bytes that are posted, and posted again. */
  body: string
  headers: Record<string, string>
  calls: DispatchCall[]
  /** True if a delivery rule swallowed it: Apify knows of no such dispatch and shows none. */
  lost: boolean
}
