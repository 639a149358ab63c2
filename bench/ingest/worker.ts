import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ItemSpec } from './dataset.ts'

interface TaskBase {
  database_url: string
  run_id: string
  page_rows: number
  /** 1, as in a function on AWS. */
  connections_max?: number
}

/** Brings a run of the simulator up to date: HTTP, mapping, database. */
export interface SyncTask extends TaskBase {
  kind: 'sync'
  apify: { url: string; token: string }
}

/** Writes pages that are mapped already: the database stage alone. */
export interface StageTask extends TaskBase {
  kind: 'stage'
  items: ItemSpec
}

export type Task = SyncTask | StageTask

export interface TaskResult {
  ms: number
  /** Processor time of the consumer in that time. */
  cpu_ms: number
  /** Of the whole life of the process. */
  peak_rss_mb: number
}

export interface Worker {
  run(task: Task): Promise<TaskResult>
  close(): Promise<void>
}

/** Starts a consumer process; `node_options` such as `--cpu-prof` go to its Node. */
export function startWorker(node_options: readonly string[] = []): Worker {
  const child: ChildProcess = fork(fileURLToPath(new URL('worker-process.ts', import.meta.url)), {
    execArgv: [...node_options],
  })
  return {
    run(task) {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The consumer process ended before it answered'))
        child.once('exit', ended)
        child.once('message', ({ result, error }: { result?: TaskResult; error?: string }) => {
          child.off('exit', ended)
          if (result) resolve(result)
          else reject(new Error(error))
        })
        child.send(task)
      })
    },
    async close() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
