import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { getCompileCacheDir } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Context } from 'aws-lambda'
import { createInvocationTrace } from './invocation-chain.ts'
import { createTimeoutError, FunctionError, type LambdaHandler, markSelfTimed } from './lambda.ts'
import { buildFunctionArn, LOCAL_REGION } from './local-aws.ts'
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts'

export interface ChildFunctionOptions {
  function_name: string
  /** Folder that `handler` is relative to. */
  task_root: string
  /** File and export in Lambda's notation: `functions/sync-consumer.handler`, `bundle.handler`. */
  handler: string
  /** Milliseconds an invocation may take once the process is ready; then the process is killed. */
  timeout_ms: number
  /** Milliseconds the process may take to load the function. AWS: 10,000. */
  init_timeout_ms?: number
  /** Maximum number of processes; an invocation waits if all are busy. */
  maximum_concurrency?: number
  /** Variables in addition to those of this process. */
  env?: Record<string, string>
  /** Receives the output of the processes; by default it goes to the output of this process. */
  onOutput?: (text: string) => void
}

export interface ChildFunction<TEvent> {
  handler: LambdaHandler<TEvent>
  /** Starts a process before the first invocation. Rejects with the reason if the function cannot be loaded. */
  warm(): Promise<void>
  /** Ids of the running processes. */
  pids(): number[]
  /** Lets running invocations finish for at most `grace_ms` (10,000), then kills all processes. */
  close(grace_ms?: number): Promise<void>
}

interface Environment {
  process: ChildProcess
  api: RuntimeApi
  exited: Promise<unknown>
}

const clientPath = fileURLToPath(new URL('./runtime-client.ts', import.meta.url))

/**
 * Creates a function that runs as on AWS: in separate processes, each with one invocation at a time and reused for the
 * next. A process that dies fails its invocation, and the next invocation gets a new process. An invocation that exceeds
 * its timeout is killed. `handler` can replace an in-process handler.
 */
export function createChildFunction<TEvent = never>(options: ChildFunctionOptions): ChildFunction<TEvent> {
  const pool = new EnvironmentPool<TEvent>(options)
  return {
    handler: markSelfTimed((event: TEvent, context: Context) => pool.handle(event, context)),
    warm: () => pool.warm(),
    pids: () => pool.pids(),
    close: (grace_ms) => pool.close(grace_ms),
  }
}

/** The processes of one function and the invocations that wait for one. */
class EnvironmentPool<TEvent> {
  readonly #options: ChildFunctionOptions
  readonly #alive = new Set<Environment>()
  readonly #idle: Environment[] = []
  readonly #waiting: (() => void)[] = []
  readonly #invocations = new Set<Promise<unknown>>()
  #slots: number
  #is_closed = false

  constructor(options: ChildFunctionOptions) {
    this.#options = options
    this.#slots = options.maximum_concurrency ?? 10
  }

  async warm(): Promise<void> {
    if (this.#idle.length === 0) this.#idle.push(await this.#start())
  }

  pids(): number[] {
    return [...this.#alive].flatMap((environment) => environment.process.pid ?? [])
  }

  async handle(event: TEvent, context: Context): Promise<unknown> {
    if (!this.#is_closed && this.#slots === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#slots -= 1
    // Checked after the wait: an invocation that waited for a slot must not start a process that is never ended.
    if (this.#is_closed) {
      this.#releaseSlot()
      throw new FunctionError({ errorType: 'ServiceException', errorMessage: 'The function is shut down' })
    }
    const invocation = this.#invoke(event, context)
    this.#invocations.add(invocation)
    try {
      return await invocation
    } finally {
      this.#invocations.delete(invocation)
      this.#releaseSlot()
    }
  }

  async close(grace_ms = 10_000): Promise<void> {
    this.#is_closed = true
    let timer: NodeJS.Timeout | undefined
    const graceExpired = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, grace_ms)
    })
    await Promise.race([Promise.allSettled(this.#invocations), graceExpired])
    clearTimeout(timer)
    const environments = [...this.#alive]
    for (const environment of environments) environment.process.kill('SIGKILL')
    await Promise.all(environments.map((environment) => environment.exited))
  }

  async #invoke(event: TEvent, { awsRequestId: request_id }: Context): Promise<unknown> {
    const { function_name, timeout_ms } = this.#options
    const environment = this.#idle.pop() ?? (await this.#start())
    const { api, process: child } = environment
    const timer = setTimeout(() => {
      api.fail(createTimeoutError(request_id, timeout_ms).detail)
      child.kill('SIGKILL')
    }, timeout_ms)
    try {
      const trace_id = createInvocationTrace(event, function_name)
      return await api.invoke({ request_id, event, deadline_ms: Date.now() + timeout_ms, trace_id })
    } finally {
      clearTimeout(timer)
      // A process that was killed or has died is not reused.
      if (this.#alive.has(environment) && !child.killed && child.exitCode === null) this.#idle.push(environment)
    }
  }

  #releaseSlot(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#slots += 1
  }

  async #start(): Promise<Environment> {
    const { function_name, init_timeout_ms = 10_000 } = this.#options
    const api = await startRuntimeApi(buildFunctionArn(function_name))
    const child = spawnRuntime(this.#options, api.address)
    const environment: Environment = { process: child, api, exited: once(child, 'exit').catch(() => undefined) }
    this.#alive.add(environment)
    child.once('error', (error) => api.fail({ errorType: 'Runtime.ExitError', errorMessage: error.message }))
    child.once('exit', (code, signal) => {
      this.#alive.delete(environment)
      const position = this.#idle.indexOf(environment)
      if (position !== -1) this.#idle.splice(position, 1)
      const reason = signal ? `signal: ${signal}` : `exit status ${code}`
      api.fail({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${reason}` })
      void api.close()
    })
    const slow = setTimeout(() => {
      api.fail({ errorType: TIMED_OUT_INIT, errorMessage: `Init timed out after ${init_timeout_ms / 1000} seconds` })
    }, init_timeout_ms)
    try {
      await api.ready
      return environment
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    } finally {
      clearTimeout(slow)
    }
  }
}

/** Starts the process that loads the function and asks the Runtime API at `address` for events. */
function spawnRuntime(options: ChildFunctionOptions, address: string): ChildProcess {
  const { onOutput } = options
  const child = spawn(process.execPath, [clientPath], {
    env: { ...process.env, ...compileCacheEnvironment(), ...lambdaEnvironment(options, address), ...options.env },
    stdio: ['ignore', onOutput ? 'pipe' : 'inherit', onOutput ? 'pipe' : 'inherit'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text))
  }
  return child
}

const TIMED_OUT_INIT = 'Runtime.InitTimedOut'

/** The cache of compiled code that the command has, if any: a consumer's second thread on SQLite starts sooner. */
function compileCacheEnvironment(): Record<string, string> {
  const directory = getCompileCacheDir()
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory }
}

/** The variables that AWS sets for every function. */
function lambdaEnvironment(options: ChildFunctionOptions, address: string): Record<string, string> {
  return {
    AWS_LAMBDA_RUNTIME_API: address,
    _HANDLER: options.handler,
    LAMBDA_TASK_ROOT: options.task_root,
    AWS_LAMBDA_FUNCTION_NAME: options.function_name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${options.function_name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: LOCAL_REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    TZ: ':UTC',
  }
}
