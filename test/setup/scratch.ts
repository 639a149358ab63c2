import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'leads-test-'

/**
 * Memory, where the machine offers enough of it as a file system: a clone of a database takes 20 ms there, and 30 to
 * 600 ms on a disk that other programs make write, although the servers wait for no disk themselves.
 */
const memory = '/dev/shm'
const MEMORY_BYTES_MIN = 2 * 1024 ** 3
const base = hasMemory() ? memory : tmpdir()

function hasMemory(): boolean {
  if (!existsSync(memory)) return false
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= MEMORY_BYTES_MIN
}

/** A directory outside the project, named after this process so that {@link removeOrphans} knows whose it is. */
export async function makeScratchDirectory(): Promise<string> {
  const directory = await mkdtemp(join(base, `${prefix}${process.pid}-`))
  // PostgreSQL refuses to run as root, so another user must be able to get in.
  await chmod(directory, 0o755)
  return directory
}

export const removeDirectory = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

/** Stops servers and removes directories of earlier runs that were killed before they could tidy up. */
export function removeOrphans(): void {
  for (const name of readdirSync(base)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || isAlive(Number(owner))) continue
    const directory = join(base, name)
    for (const file of ['postgres/postmaster.pid', 'mariadb/server.pid']) killServer(join(directory, file), directory)
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Only a process that names the directory in its command line: a pid may have been given to another program. */
function killServer(pid_file: string, directory: string): void {
  if (!existsSync(pid_file)) return
  const pid = Number.parseInt(readFileSync(pid_file, 'utf8'), 10)
  const command_line = `/proc/${pid}/cmdline`
  if (existsSync(command_line) && readFileSync(command_line, 'utf8').includes(directory)) process.kill(pid, 'SIGKILL')
}

/** Below the ports that systems give to outgoing connections: one of those could take the port before its server does. */
const PORT_MIN = 20_000
const PORT_MAX = 32_000

/** A port that was free a moment ago, and that only a server takes. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
