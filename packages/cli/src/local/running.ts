import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as z from 'zod'

/** Where a running local stack says how its queue is reached, for commands in another terminal. */
const FILE = '.data/running.json'

const Running = z.object({ pid: z.int(), env: z.record(z.string(), z.string()) })

/** Notes the stack of this process; returns what takes the note back. */
export function noteRunningStack(env: Record<string, string>): () => void {
  writeFileSync(FILE, `${JSON.stringify({ pid: process.pid, env })}\n`, { mode: 0o600 })
  return () => rmSync(FILE, { force: true })
}

/** Makes this process use the queue of the local stack that runs in this folder, unless a queue is configured. */
export function useRunningStack(): void {
  if (process.env.SYNC_QUEUE_URL) return
  try {
    const { pid, env } = Running.parse(JSON.parse(readFileSync(FILE, 'utf8')))
    // Throws where there is no such process any more: a stack that was killed could not take its note back.
    process.kill(pid, 0)
    for (const [name, value] of Object.entries(env)) process.env[name] ??= value
  } catch {
    // None is running here: the configuration tells what is missing.
  }
}
