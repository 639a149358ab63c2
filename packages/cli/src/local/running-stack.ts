import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setDefaults } from './settings-sources.ts'

/** Where a running local stack stores its addresses for commands in another terminal. */
const FILE = '.data/running.json'
/** Secrets that the local stack generated, see local-settings.ts. */
export const LOCAL_SETTINGS_FILE = '.data/local.json'

interface Running {
  pid: number
  env: Record<string, string>
}

/** Saves the addresses of this process's stack. Returns a function that removes them. */
export function saveRunningStack(env: Record<string, string>): () => void {
  writeFileSync(FILE, `${JSON.stringify({ pid: process.pid, env })}\n`, { mode: 0o600 })
  return () => rmSync(FILE, { force: true })
}

/**
 * Uses the database, queue and webhook secret of the local stack that runs in this folder if none are configured: a sync
 * on the command line must write to the same database.
 */
export function loadRunningStack(): void {
  const running = readRunning()
  if (!running) return
  const { SYNC_QUEUE_URL, ...rest } = running.env
  // The URL of a local queue does not work with other credentials, and the reverse.
  const { DATABASE_URL, APIFY_WEBHOOK_SECRET, ...queue } = rest
  if (!process.env.SYNC_QUEUE_URL) setDefaults({ SYNC_QUEUE_URL, ...queue }, 'running stack')
  setDefaults({ DATABASE_URL, APIFY_WEBHOOK_SECRET }, 'running stack')
}

/** Uses the webhook secret that the local stack of this folder generated, even while it does not run. */
export function loadLocalSecret(): void {
  try {
    const { webhook_secret } = JSON.parse(readFileSync(LOCAL_SETTINGS_FILE, 'utf8')) as { webhook_secret?: string }
    setDefaults({ APIFY_WEBHOOK_SECRET: webhook_secret }, 'local stack')
  } catch {
    // No stack has been started in this folder.
  }
}

function readRunning(): Running | null {
  try {
    const running = JSON.parse(readFileSync(FILE, 'utf8')) as Running
    // Throws if the process is gone: a killed stack could not remove its file.
    process.kill(running.pid, 0)
    return running
  } catch {
    // No stack runs in this folder: the configuration reports missing settings.
    return null
  }
}
