import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chown, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import postgres from 'postgres'
import type { TestServer } from './postgres-server.ts'
import { freePort } from './scratch.ts'

/** A read replica of a {@link TestServer}, by streaming replication. */
export interface TestReplica {
  readonly port: number
  url(database: string): string
  /** Keeps what arrives from being shown, until {@link resume}: a replica that lags. */
  pause(): Promise<void>
  /** Shows everything that the primary has committed by now. */
  resume(): Promise<void>
  /** Crashes the replica. */
  stop(): Promise<void>
}

const READY_MS_MAX = 30_000

/** Copies the data of a running server, as pg_basebackup would, and starts a standby on the copy. */
export async function startPostgresReplica(primary: TestServer, directory: string): Promise<TestReplica> {
  const source = join(directory, 'postgres')
  const data = join(directory, 'replica')
  const admin = postgres(primary.url('postgres'), { max: 1, onnotice: () => {} })
  await admin`select pg_backup_start('replica', true)`
  await promisify(execFile)('cp', ['-a', source, data])
  const [stopped] = await admin<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`
  const port = await freePort()
  await rm(join(data, 'postmaster.pid'))
  const { uid, gid } = await stat(data)
  for (const [name, text] of [['backup_label', stopped?.labelfile ?? ''] as const, ['standby.signal', ''] as const]) {
    await writeFile(join(data, name), text)
    await chown(join(data, name), uid, gid)
  }
  const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=postgres`
  await appendFile(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
  const server = await spawnServer(data, port)
  const url = (database: string): string => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`
  const replica = postgres(url('postgres'), { max: 1, onnotice: () => {} })
  return {
    port,
    url,
    async pause() {
      await replica`select pg_wal_replay_pause()`
      await waitUntil(
        async () => (await replica`select pg_get_wal_replay_pause_state() as state`)[0]?.state === 'paused',
      )
    },
    async resume() {
      await replica`select pg_wal_replay_resume()`
      const [row] = await admin`select pg_current_wal_insert_lsn()::text as lsn`
      await waitUntil(async () => {
        const [shown] = await replica`select pg_last_wal_replay_lsn() >= ${row?.lsn}::pg_lsn as has_all`
        return shown?.has_all === true
      })
    },
    async stop() {
      await Promise.all([replica.end({ timeout: 1 }), admin.end({ timeout: 1 })])
      if (server.exitCode !== null) return
      const closed = once(server, 'exit')
      server.kill('SIGQUIT')
      await closed
    },
  }
}

/** With the program, the settings and the user of the server that the data was copied from. */
async function spawnServer(data: string, port: number): Promise<ChildProcess> {
  const [program = ''] = (await readFile(join(data, 'postmaster.opts'), 'utf8')).split(' ')
  const { uid, gid } = await stat(data)
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=200']
  const flags = settings.flatMap((setting) => ['-c', setting])
  const owner = process.getuid?.() === 0 ? { uid, gid } : {}
  const server = spawn(program, ['-D', data, '-p', String(port), ...flags], {
    ...owner,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (log += String(chunk)))
  await waitUntil(async () => {
    if (server.exitCode !== null) throw new Error(`The replica did not start:\n${log}`)
    return log.includes('ready to accept read-only connections')
  })
  return server
}

async function waitUntil(isReached: () => Promise<boolean>): Promise<void> {
  const ends_ms = performance.now() + READY_MS_MAX
  while (!(await isReached())) {
    if (performance.now() > ends_ms) throw new Error('The replica did not get there in time.')
    await setTimeout(20)
  }
}
