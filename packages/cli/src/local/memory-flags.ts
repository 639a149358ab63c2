import { fileURLToPath } from 'node:url'
import { buildMemoryEnvironment, functionManifest } from '@leads/functions/runtime/manifest'

const bin = fileURLToPath(new URL('../../bin/leads.js', import.meta.url))

/**
 * Restarts this process with the memory flags of the consumer, because V8 and the C library read them only at the start.
 * The process keeps its id and its open files: a signal to it still reaches the work. Returns if the flags are set
 * already, the user has set other ones, or this Node.js cannot replace a process (before 22.15, and on Windows).
 */
export function applyMemoryFlags(words: readonly string[]): void {
  const { NODE_OPTIONS = '' } = process.env
  const current = [...process.execArgv, NODE_OPTIONS].join(' ')
  if (/--max[-_]old[-_]space[-_]size/.test(current) || typeof process.execve !== 'function') return
  const { NODE_OPTIONS: flags = '', ...environment } = buildMemoryEnvironment(functionManifest['sync-consumer'])
  // Each thread of the C library otherwise allocates in a place of its own: 15 MB of the peak of `leads sync` on SQLite.
  const env = { MALLOC_ARENA_MAX: '2', ...process.env, ...environment, NODE_OPTIONS: `${NODE_OPTIONS} ${flags}`.trim() }
  process.execve(process.execPath, [process.execPath, ...process.execArgv, bin, ...words], env)
}
