import type { ConfigPart } from '@leads/core/config/read-config'

/**
 * What every Lambda function needs, in one table. The function reads its configuration by it (`readConfig(functionManifest
 * .leads.config)`), infra grants exactly those variables and permissions, the local stack uses its trigger and timeout.
 * Imports nothing large: the webhook and the infrastructure read it, too.
 */

export interface FunctionSpec {
  /**
   * Parts of the configuration. They determine variables and permissions (`queue`: may send to the sync queue;
   * `long_queue`: a consumer may send to the queue of long runs).
   */
  readonly config: readonly ConfigPart[]
  /** Time limit of an invocation in seconds. */
  readonly timeout_s: number
  /** Memory in MB. Lambda allocates CPU in proportion; 1,769 MB is one core. */
  readonly memory_mb: number
  /** The function may read the attributes of the queues of `config` and of dead letters: how many messages wait. */
  readonly inspects_queues?: boolean
  /** Maximum size of the JavaScript heap in MB. Default: V8's choice. */
  readonly heap_mb?: number
  readonly trigger: Trigger
}

export type Trigger =
  /** routes.ts lists its routes. */
  | { readonly type: 'http' }
  | {
      readonly type: 'queue'
      readonly queue: 'sync' | 'dead_letter'
      /** Maximum number of messages per invocation. */
      readonly batch_size: number
      /** Seconds to wait for more messages. */
      readonly batch_window_s: number
      /** Maximum number of concurrent invocations, at least 2 (a rule of AWS). Infra may override it. */
      readonly maximum_concurrency: number
      /** The function may queue messages for itself. Lambda otherwise ends such a chain after about 16 invocations. */
      readonly allows_recursion: boolean
    }
  /** `rate(…)` or `cron(…)` of EventBridge Scheduler, in UTC. */
  | { readonly type: 'schedule'; readonly expression: string }
  /** Invoked by the deployment. */
  | { readonly type: 'deploy' }
  /** Invoked by the `leads` command of a person who may invoke functions of the account. */
  | { readonly type: 'command' }

const http = { type: 'http' } as const
// API Gateway's time limit for an HTTP API is 30 s. One second less lets the function return its own error.
const API_TIMEOUT_S = 29

const api = {
  config: ['database', 'read_replica', 'api', 'log'],
  timeout_s: API_TIMEOUT_S,
  memory_mb: 1024,
  trigger: http,
} as const

export const functionManifest = {
  'apify-webhook': { config: ['webhook', 'queue', 'log'], timeout_s: 10, memory_mb: 512, trigger: http },

  leads: api,
  companies: api,
  syncs: api,
  /** Queues runs, replays rejected items and checks the service. The only function of the API that may send to the queue. */
  'sync-actions': {
    ...api,
    config: ['database', 'read_replica', 'queue', 'long_queue', 'sync', 'api', 'log'],
    inspects_queues: true,
  },
  imports: { ...api, config: ['database', 'read_replica', 'sync', 'api', 'log'] },
  'api-keys': api,
  duplicates: api,
  stats: api,
  health: { ...api, timeout_s: 10, memory_mb: 512 },
  docs: { config: ['log'], timeout_s: 10, memory_mb: 512, trigger: http },
  console: { config: ['log'], timeout_s: 10, memory_mb: 512, trigger: http },

  /**
   * One run per invocation: in a larger batch, small runs would wait for a large one and share its deadline.
   * One core, because mapping a page is CPU-bound while the database writes the previous page.
   */
  'sync-consumer': {
    config: ['database', 'apify', 'queue', 'long_queue', 'sync', 'log'],
    timeout_s: 900,
    memory_mb: 1769,
    // Garbage otherwise grows with the machine: 390 MB for 40,000 items, of which 190 MB do. Six items of 9 MB, the
    // largest there are, at two bytes a character need less than 128 MB.
    heap_mb: 128,
    trigger: {
      type: 'queue',
      queue: 'sync',
      batch_size: 1,
      batch_window_s: 0,
      maximum_concurrency: 10,
      allows_recursion: true,
    },
  },
  'dead-letter': {
    config: ['database', 'log'],
    timeout_s: 60,
    memory_mb: 512,
    trigger: {
      type: 'queue',
      queue: 'dead_letter',
      batch_size: 10,
      batch_window_s: 0,
      maximum_concurrency: 2,
      allows_recursion: false,
    },
  },
  reconcile: {
    config: ['database', 'apify', 'queue', 'duplicates', 'log'],
    timeout_s: 300,
    memory_mb: 512,
    trigger: { type: 'schedule', expression: 'rate(15 minutes)' },
  },
  cleanup: {
    config: ['database', 'cleanup', 'log'],
    timeout_s: 900,
    memory_mb: 512,
    trigger: { type: 'schedule', expression: 'cron(30 3 * * ? *)' },
  },
  migrate: { config: ['database', 'log'], timeout_s: 900, memory_mb: 512, trigger: { type: 'deploy' } },
  /** Runs `leads` commands next to a database that only functions reach. */
  admin: {
    config: ['database', 'apify', 'queue', 'long_queue', 'sync', 'cleanup', 'webhook', 'api', 'log'],
    inspects_queues: true,
    timeout_s: 900,
    memory_mb: 1769,
    trigger: { type: 'command' },
  },
} as const satisfies Record<string, FunctionSpec>

export type FunctionName = keyof typeof functionManifest

/**
 * Flags of Node that keep the heap of a function within its bounds. DEP0169 is a warning of apify-client's HTTP library at
 * each cold start: writing its stack reads the source map, 60 MB for a moment.
 */
export const buildHeapFlags = ({ heap_mb }: FunctionSpec): string =>
  heap_mb === undefined ? '' : `--max-old-space-size=${heap_mb} --max-semi-space-size=4 --disable-warning=DEP0169`

/**
 * The environment of a function whose memory is bounded. The C library otherwise learns from the first large buffer that
 * is freed to keep such memory for the next one, and never gives it back: 20-25 MB of the consumer's peak.
 */
export const buildMemoryEnvironment = (spec: FunctionSpec): Record<string, string> =>
  spec.heap_mb === undefined
    ? {}
    : { NODE_OPTIONS: buildHeapFlags(spec), MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '131072' }
