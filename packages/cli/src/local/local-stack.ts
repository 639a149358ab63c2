import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureApiKey } from '@leads/core/api-keys/api-keys'
import { keepConfig } from '@leads/core/config/read-config'
import type { Db } from '@leads/core/database/engine'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { closeDatabase } from '@leads/functions/runtime/database'
import { buildMemoryEnvironment, type FunctionName, functionManifest } from '@leads/functions/runtime/manifest'
import type { APIGatewayProxyEventV2, Context, SQSEvent } from 'aws-lambda'
import { CommandError } from '../output/errors.ts'
import { type ChildFunction, createChildFunction } from '../stack/child-function.ts'
import { type EventSource, startEventSource } from '../stack/event-source.ts'
import { type Gateway, type GatewayReport, startGateway } from '../stack/gateway.ts'
import type { LambdaHandler } from '../stack/lambda.ts'
import { localAwsEnvironment } from '../stack/local-aws.ts'
import { type QueueServer, startQueueServer } from '../stack/queue-server.ts'
import { type Schedule, type ScheduledEvent, startSchedule } from '../stack/schedule.ts'

/**
 * The local stack: the same handlers as on AWS behind a gateway, a queue with its event source, and schedules. API handlers
 * run in this process. Consumers run in separate processes, as on Lambda, so that mapping a page does not delay an API
 * response and a second core is used.
 */

export interface LocalStackOptions {
  host: string
  /** 0 picks a free port. */
  port: number
  database_url: string
  api_key: string
  /** Returns another key if `api_key` was revoked or has expired. Without it the start fails. */
  replaceApiKey?: () => string
  webhook_secret: string
  /** Additional variables for the functions: APIFY_TOKEN, LOG_LEVEL, … */
  env?: Record<string, string>
  /** Folder that stores queued messages across restarts; in memory by default. */
  queue_directory?: string
  /** Folder of bundles (`npm run build`) to run instead of the sources, as Lambda does. */
  bundles_directory?: string
  /** Runs that are synced at the same time, and half as many long ones beside them. */
  consumers_max?: number
  onRequest?: (report: GatewayReport) => void
  /** Receives the output of the functions (their log). */
  onOutput?: (text: string) => void
}

export interface LocalStack {
  url: string
  /** The key that works: that of the options, or its replacement. */
  api_key: string
  /** Sign-in page of the console, if this version has one. */
  console_url: string | null
  webhook_url: string
  queue: QueueServer
  /** Process ids of the running consumers. */
  consumer_pids(): number[]
  /** Lets running invocations finish their page, then stops everything. */
  close(): Promise<void>
}

/**
 * Timeout of an invocation on the local stack. Shorter than on AWS, so that a long run is handed over between invocations
 * here too, and the message of a killed consumer is redelivered within a minute.
 */
const CONSUMER_TIMEOUT_S = 60

/** Time for a process to start. Its timeout starts when it is ready; the visibility timeout starts at receipt. */
const STARTUP_RESERVE_S = 15

const projectRoot = fileURLToPath(new URL('../../../../', import.meta.url))

/** Migrates the schema, then starts the stack. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  await migrateUp(options.database_url)
  const api_key = await ensureLocalKey(options)
  const stops: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const queue = await startQueueServer({
      visibility_timeout_s: CONSUMER_TIMEOUT_S + STARTUP_RESERVE_S,
      ...(options.queue_directory ? { data_dir: options.queue_directory } : {}),
    })
    stops.push(() => queue.close())
    const env = functionEnvironment(options, queue)
    Object.assign(process.env, env)
    const stopKeeping = keepConfig()
    stops.push(async () => stopKeeping())
    stops.push(() => closeDatabase())
    const load = options.bundles_directory
      ? createBundleLoader(options.bundles_directory, env, options, stops)
      : loadSource
    const consumers = await startConsumers(options, queue, env, load, stops)
    startSchedules(load, stops)
    const { routes } = await import('@leads/functions/routes')
    const gateway = await openGateway(options, routes, load)
    stops.push(() => gateway.close())
    return {
      url: gateway.url,
      api_key,
      console_url: hasConsole(routes) ? `${gateway.url}/console` : null,
      webhook_url: `${gateway.url}/webhooks/apify`,
      queue,
      consumer_pids: () => consumers.pids(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** @throws CommandError no_permission if the key was revoked or has expired, and there is no replacement */
async function ensureLocalKey(options: LocalStackOptions): Promise<string> {
  const database = await openDatabase(options.database_url, { connections_max: 1 })
  try {
    return await findValidKey(database, options)
  } finally {
    await database.close()
  }
}

async function findValidKey(db: Db, { api_key, replaceApiKey }: LocalStackOptions): Promise<string> {
  const ensure = (key: string) => ensureApiKey(db, { name: 'local', key, scopes: ['admin'] })
  const { revoked_at, expires_at } = await ensure(api_key)
  if (revoked_at === null && (expires_at === null || new Date(expires_at) > new Date())) return api_key
  if (!replaceApiKey)
    throw new CommandError('no_permission', 'LEADS_API_KEY was revoked or has expired. Set another key, or unset it.')
  const replacement = replaceApiKey()
  await ensure(replacement)
  return replacement
}

const hasConsole = (routes: readonly { path: string }[]): boolean => routes.some(({ path }) => path === '/console')

function functionEnvironment(options: LocalStackOptions, queue: QueueServer): Record<string, string> {
  return {
    ...localAwsEnvironment(queue.endpoint),
    DATABASE_URL: options.database_url,
    SYNC_QUEUE_URL: queue.queue_url,
    SYNC_LONG_QUEUE_URL: queue.long_queue_url,
    APIFY_WEBHOOK_SECRET: options.webhook_secret,
    POWERTOOLS_METRICS_DISABLED: 'true',
    ...options.env,
  }
}

type Handler<Event> = (event: Event, context: Context) => unknown

type Load = <Event>(name: FunctionName) => LambdaHandler<Event>

/** Runs bundled functions in separate processes, started at the first event. */
function createBundleLoader(
  directory: string,
  env: Record<string, string>,
  { onOutput }: LocalStackOptions,
  stops: (() => Promise<unknown>)[],
): Load {
  const started = new Map<FunctionName, ChildFunction<never>>()
  stops.push(() => Promise.all([...started.values()].map((each) => each.close())))
  return <Event>(name: FunctionName) => {
    const bundle =
      started.get(name) ??
      createChildFunction<never>({
        function_name: name,
        task_root: join(directory, name),
        handler: 'index.handler',
        timeout_ms: functionManifest[name].timeout_s * 1000,
        env: { ...env, NODE_OPTIONS: '', ...buildMemoryEnvironment(functionManifest[name]) },
        ...(onOutput ? { onOutput: onOutput } : {}),
      })
    started.set(name, bundle)
    return bundle.handler as LambdaHandler<Event>
  }
}

/** Loads a function of functions/ at its first event, as a cold start does. */
function loadSource<Event>(name: FunctionName): LambdaHandler<Event> {
  let loading: Promise<{ handler: Handler<Event> }> | undefined
  return async (event: Event, context: Context) => {
    loading ??= import(`@leads/functions/handlers/${name}`) as Promise<{ handler: Handler<Event> }>
    return (await loading).handler(event, context)
  }
}

type Routes = typeof import('@leads/functions/routes')['routes']

async function openGateway({ host, port, onRequest }: LocalStackOptions, routes: Routes, load: Load): Promise<Gateway> {
  return startGateway({
    host,
    port,
    routes: [
      ...routes.map(({ method, path, function_name }) => ({
        method,
        path,
        function_name,
        handler: load<APIGatewayProxyEventV2>(function_name),
        timeout_ms: functionManifest[function_name].timeout_s * 1000,
      })),
    ],
    ...(onRequest ? { onResponse: onRequest } : {}),
  })
}

const longConsumersMax = (consumers_max: number): number => Math.max(1, Math.floor(consumers_max / 2))

async function startConsumers(
  { consumers_max = 2, onOutput, bundles_directory }: LocalStackOptions,
  queue: QueueServer,
  env: Record<string, string>,
  load: Load,
  stops: (() => Promise<unknown>)[],
): Promise<ChildFunction<SQSEvent>> {
  const consumers = createChildFunction<SQSEvent>({
    function_name: 'sync-consumer',
    ...(bundles_directory
      ? { task_root: join(bundles_directory, 'sync-consumer'), handler: 'index.handler' }
      : { task_root: projectRoot, handler: 'functions/handlers/sync-consumer.handler' }),
    timeout_ms: CONSUMER_TIMEOUT_S * 1000,
    maximum_concurrency: consumers_max + longConsumersMax(consumers_max),
    env: { ...env, ...buildMemoryEnvironment(functionManifest['sync-consumer']) },
    ...(onOutput ? { onOutput: onOutput } : {}),
  })
  stops.push(() => consumers.close())
  const consume = (queue_url: string, maximum_concurrency: number): Promise<EventSource> =>
    startEventSource({
      queue_url,
      endpoint: queue.endpoint,
      function_name: 'sync-consumer',
      handler: consumers.handler,
      batch_size: 1,
      maximum_concurrency,
      function_timeout_ms: CONSUMER_TIMEOUT_S * 1000,
      allows_recursion: functionManifest['sync-consumer'].trigger.allows_recursion,
    })
  const sources: EventSource[] = [
    await consume(queue.queue_url, consumers_max),
    await consume(queue.long_queue_url, longConsumersMax(consumers_max)),
    await startEventSource({
      queue_url: queue.dead_letter_queue_url,
      endpoint: queue.endpoint,
      function_name: 'dead-letter',
      handler: load<SQSEvent>('dead-letter'),
      batch_size: 10,
      maximum_concurrency: 1,
      function_timeout_ms: 30_000,
    }),
  ]
  stops.push(() => Promise.all(sources.map((source) => source.close())))
  await consumers.warm()
  return consumers
}

function startSchedules(load: Load, stops: (() => Promise<unknown>)[]): void {
  const schedules: Schedule[] = (['reconcile', 'cleanup'] as const).map((function_name) => {
    const { trigger, timeout_s } = functionManifest[function_name]
    return startSchedule({
      name: function_name,
      function_name,
      expression: trigger.expression,
      handler: load<ScheduledEvent>(function_name),
      function_timeout_ms: timeout_s * 1000,
    })
  })
  stops.push(() => Promise.all(schedules.map((schedule) => schedule.close())))
}
