import type { SimulatedTime } from '../time.ts'
import { isFinal, type Run, type RunStatus } from '../types.ts'

/** The account that owns everything here. */
export const USER_ID = 'simUserJaneDoe01x'

/** What the simulator keeps of a run. */
export interface RunRecord {
  id: string
  actor_id: string
  actor_task_id: string | null
  status: RunStatus
  status_message: string | null
  started_at: number
  finished_at: number | null
  build_id: string
  /** Dataset id by alias; `default` comes first. */
  datasets: Record<string, string>
  key_value_store_id: string
  request_queue_id: string
  resurrect_count: number
  input_bytes: number
  usage_total_usd: number | null
  compute_units: number | null
  user_id: string
  origin: string
  user_agent: string | null
  general_access: Run['generalAccess']
  max_items: number | null
}

const EXIT_CODES: Partial<Record<RunStatus, number>> = { SUCCEEDED: 0, FAILED: 91, ABORTED: 143, 'TIMED-OUT': 143 }
const MEMORY_MBYTES = 2048

/** Cost and compute units; for `usage_lag_ms` after the end they are preliminary: half of what they will be. */
function figures(run: RunRecord, time: SimulatedTime, usage_lag_ms: number) {
  const until = run.finished_at ?? time.now()
  const seconds = Math.max(0, until - run.started_at) / 1000
  const final_units = run.compute_units ?? (seconds / 3600) * (MEMORY_MBYTES / 1024)
  const final_usd = run.usage_total_usd ?? Math.round(final_units * 0.4 * 1e6) / 1e6
  const settled = run.finished_at !== null && run.finished_at <= time.ago(usage_lag_ms)
  const part = settled ? 1 : 0.5
  return { seconds, units: final_units * part, usd: final_usd * part }
}

/** Figures of the container; only those that the product reads depend on the run. */
function viewStats(run: RunRecord, seconds: number, compute_units: number): Run['stats'] {
  return {
    inputBodyLen: run.input_bytes,
    migrationCount: 0,
    rebootCount: 0,
    restartCount: 0,
    resurrectCount: run.resurrect_count,
    memAvgBytes: 181_403_648,
    memMaxBytes: 322_961_408,
    memCurrentBytes: 0,
    cpuAvgUsage: 21.4,
    cpuMaxUsage: 98.2,
    cpuCurrentUsage: 0,
    netRxBytes: 48_210_544,
    netTxBytes: 2_310_118,
    durationMillis: Math.round(seconds * 1000),
    runTimeSecs: seconds,
    metamorph: 0,
    computeUnits: compute_units,
  }
}

function viewLinks(run_id: string, dataset_id: string, key_value_store_id: string, container: string): Run['links'] {
  return {
    publicRunUrl: `https://console.apify.com/view/runs/${run_id}`,
    consoleRunUrl: `https://console.apify.com/actors/runs/${run_id}`,
    apiRunUrl: `https://api.apify.com/v2/actor-runs/${run_id}`,
    apiDefaultDatasetUrl: `https://api.apify.com/v2/datasets/${dataset_id}`,
    apiDefaultKeyValueStoreUrl: `https://api.apify.com/v2/key-value-stores/${key_value_store_id}`,
    containerRunUrl: container,
  }
}

/** The run as the API gives it at this moment. `with_cost` is false for a caller without a token. */
export function viewRun(
  run: RunRecord,
  items_written: number,
  time: SimulatedTime,
  options: { usage_lag_ms: number; with_cost: boolean },
): Run {
  const { seconds, units, usd } = figures(run, time, options.usage_lag_ms)
  const dataset_id = run.datasets.default as string
  const container = `https://${run.id.toLowerCase().slice(0, 12)}.runs.apify.net`
  const view: Run = {
    id: run.id,
    actId: run.actor_id,
    userId: run.user_id,
    ...(run.actor_task_id === null ? {} : { actorTaskId: run.actor_task_id }),
    startedAt: new Date(run.started_at).toISOString(),
    finishedAt: run.finished_at === null ? null : new Date(run.finished_at).toISOString(),
    status: run.status,
    statusMessage: run.status_message,
    isStatusMessageTerminal: isFinal(run.status),
    meta: { origin: run.origin, clientIp: '127.0.0.1', ...(run.user_agent ? { userAgent: run.user_agent } : {}) },
    stats: viewStats(run, seconds, units),
    options: {
      build: 'latest',
      timeoutSecs: 3600,
      memoryMbytes: MEMORY_MBYTES,
      diskMbytes: MEMORY_MBYTES * 2,
      ...(run.max_items === null ? {} : { maxItems: run.max_items }),
    },
    buildId: run.build_id,
    buildNumber: '1.4.2',
    exitCode: EXIT_CODES[run.status] ?? null,
    defaultDatasetId: dataset_id,
    defaultKeyValueStoreId: run.key_value_store_id,
    defaultRequestQueueId: run.request_queue_id,
    storageIds: {
      datasets: { ...run.datasets },
      keyValueStores: { default: run.key_value_store_id },
      requestQueues: { default: run.request_queue_id },
    },
    generalAccess: run.general_access,
    containerUrl: container,
    isContainerServerReady: null,
    gitBranchName: null,
    usage: {
      ACTOR_COMPUTE_UNITS: units,
      DATASET_READS: 0,
      DATASET_WRITES: items_written,
      KEY_VALUE_STORE_READS: 1,
      KEY_VALUE_STORE_WRITES: 1,
    },
    links: viewLinks(run.id, dataset_id, run.key_value_store_id, container),
  }
  if (options.with_cost) {
    view.usageTotalUsd = usd
    view.usageUsd = { ACTOR_COMPUTE_UNITS: usd }
  }
  return view
}

/** The shorter form that lists of runs hold. */
export function viewRunShort(run: RunRecord, time: SimulatedTime, usage_lag_ms: number): Record<string, unknown> {
  const view = viewRun(run, 0, time, { usage_lag_ms, with_cost: true })
  return {
    id: view.id,
    actId: view.actId,
    userId: view.userId,
    ...(view.actorTaskId === undefined ? {} : { actorTaskId: view.actorTaskId }),
    status: view.status,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    buildId: view.buildId,
    buildNumber: view.buildNumber,
    meta: view.meta,
    usageTotalUsd: view.usageTotalUsd,
    defaultKeyValueStoreId: view.defaultKeyValueStoreId,
    defaultDatasetId: view.defaultDatasetId,
    defaultRequestQueueId: view.defaultRequestQueueId,
    storageIds: view.storageIds,
  }
}
