import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { buildHeapFlags, functionManifest } from '@leads/functions/runtime/manifest'
import type { ItemSpec } from './dataset.ts'

interface TaskBase {
  database_url: string
  page_rows: number
  /** File that a CPU profile of the task is written to. */
  profile?: string
}

interface ApifyAccess {
  url: string
  token: string
}

/** Brings a run of the simulator up to date: HTTP, mapping, database. */
export interface SyncTask extends TaskBase {
  kind: 'sync'
  run_id: string
  apify: ApifyAccess
}

/** Writes pages that are mapped already: the database stage alone. */
export interface StageTask extends TaskBase {
  kind: 'stage'
  run_id: string
  /** As the run of the reference has it: the same items are then the same leads. */
  actor_id: string
  items: ItemSpec
}

/** Takes messages from the queue, as the function behind its event source; until told to leave. */
export interface ListenTask extends TaskBase {
  kind: 'listen'
  apify: ApifyAccess
  queue: { endpoint: string; queue_url: string }
}

export type Task = SyncTask | StageTask | ListenTask | { kind: 'leave' }

export interface TaskResult {
  /** Of `listen`: until it listens; of `leave`: since then. */
  ms: number
  /** Processor time of the consumer in that time. */
  cpu_ms: number
  /** Of the whole life of the process. */
  peak_rss_mb: number
}

/** What the process says: the answer to a task, or that a message was dealt with. */
export type Answer = { result: TaskResult } | { error: string } | { delivered: { error?: string } }

export interface Worker {
  run(task: Task): Promise<TaskResult>
  /** Called for each message that this consumer is done with, with what was wrong with it. */
  onDelivered: (error?: string) => void
  close(): Promise<void>
}

/** Node's flags of the deployed consumer: left alone, Node lets garbage grow to 350 MB before it looks for any. */
export const deployedFlags = buildHeapFlags(functionManifest['sync-consumer']).split(' ').filter(Boolean)

/** That of the `leads` command, which its consumers have too: the second thread on SQLite starts sooner. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/leads', import.meta.url))

/** Starts a consumer process; `node_options` such as `--max-old-space-size=160` go to its Node. */
export function startWorker(node_options: readonly string[] = []): Worker {
  const child: ChildProcess = fork(fileURLToPath(new URL('worker-process.ts', import.meta.url)), {
    env: { ...process.env, NODE_COMPILE_CACHE },
    execArgv: [...node_options],
  })
  let asked: { resolve: (result: TaskResult) => void; reject: (error: Error) => void } | undefined
  child.on('message', (answer: Answer) => {
    if ('delivered' in answer) worker.onDelivered(answer.delivered.error)
    else if ('result' in answer) asked?.resolve(answer.result)
    else asked?.reject(new Error(answer.error))
  })
  child.once('exit', () => {
    const reason = 'The consumer process ended before it answered'
    asked?.reject(new Error(reason))
    worker.onDelivered(reason)
  })
  const worker: Worker = {
    onDelivered: () => {},
    run(task) {
      return new Promise((resolve, reject) => {
        asked = { resolve, reject }
        child.send(task)
      })
    },
    async close() {
      if (child.exitCode !== null) return
      worker.onDelivered = () => {}
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
  return worker
}
