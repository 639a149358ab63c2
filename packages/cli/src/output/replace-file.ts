import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a file completely or not at all: `write` fills a temporary file next to it, which is renamed at the end. If it
 * is interrupted, the old file stays. The next call removes temporary files of killed processes.
 */
export async function replaceFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  await removeLeftovers(path)
  try {
    await write(temporary)
    const file = await open(temporary, 'r')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function removeLeftovers(path: string): Promise<void> {
  const directory = dirname(path)
  const beginning = `.${basename(path)}.`
  for (const name of await readdir(directory).catch(() => [])) {
    if (!name.startsWith(beginning) || !name.endsWith('.part')) continue
    const pid = Number(name.slice(beginning.length, -'.part'.length))
    if (Number.isSafeInteger(pid) && pid > 0 && !isRunning(pid)) await rm(join(directory, name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process runs as another user.
    return (error as { code?: unknown }).code !== 'ESRCH'
  }
}
