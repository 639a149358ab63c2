import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory on the disk, not in memory: durability is part of what is measured. */
export async function makeBenchDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'leads-bench-'))
  // PostgreSQL refuses to run as root, so another user must be able to get in.
  await chmod(directory, 0o755)
  return directory
}

export const removeBenchDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
