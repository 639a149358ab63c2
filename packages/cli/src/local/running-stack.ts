import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setDefaults } from './settings-sources.ts'

/** Where a running local stack says how it is reached, for commands in another terminal. */
const FILE = '.data/running.json'
/** What the local stack made up for itself and keeps, see settings.ts. */
export const LOCAL_SETTINGS_FILE = '.data/local.json'

interface Running {
  pid: number
  env: Record<string, string>
}

/** Notes the stack of this process; returns what takes the note back. */
export function saveRunningStack(env: Record<string, string>): () => void {
  writeFileSync(FILE, `${JSON.stringify({ pid: process.pid, env })}\n`, { mode: 0o600 })
  return () => rmSync(FILE, { force: true })
}

/**
 * Makes this process use the database, queue and webhook secret of the local stack that runs in this folder, where none
 * are configured: a run that is brought in beside it must not land in another database.
 */
export function loadRunningStack(): void {
  const running = readRunning()
  if (!running) return
  const { SYNC_QUEUE_URL, ...rest } = running.env
  // The address of a local queue is of no use with the credentials of another, and the other way round.
  const { DATABASE_URL, APIFY_WEBHOOK_SECRET, ...queue } = rest
  if (!process.env.SYNC_QUEUE_URL) setDefaults({ SYNC_QUEUE_URL, ...queue }, 'running stack')
  setDefaults({ DATABASE_URL, APIFY_WEBHOOK_SECRET }, 'running stack')
}

/** The webhook secret that the local stack of this folder made up, also while it doesn't run. */
export function loadLocalSecret(): void {
  try {
    const { webhook_secret } = JSON.parse(readFileSync(LOCAL_SETTINGS_FILE, 'utf8')) as { webhook_secret?: string }
    setDefaults({ APIFY_WEBHOOK_SECRET: webhook_secret }, 'local stack')
  } catch {
    // No stack was ever started here.
  }
}

function readRunning(): Running | null {
  try {
    const running = JSON.parse(readFileSync(FILE, 'utf8')) as Running
    // Throws where there is no such process any more: a stack that was killed could not take its note back.
    process.kill(running.pid, 0)
    return running
  } catch {
    // None is running here: the configuration tells what is missing.
    return null
  }
}
