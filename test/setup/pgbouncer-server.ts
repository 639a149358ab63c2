import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePort } from './scratch.ts'

export const PGBOUNCER_INSTALL_COMMAND = 'apt-get install -y --no-install-recommends pgbouncer'

const program = [
  '/usr/sbin/pgbouncer',
  '/usr/local/sbin/pgbouncer',
  '/usr/bin/pgbouncer',
  '/usr/local/bin/pgbouncer',
].find((path) => existsSync(path))

export const hasPgbouncer = (): boolean => program !== undefined

export interface Pgbouncer {
  readonly port: number
  /** The URL of a database behind the pooler. */
  url(database: string): string
  stop(): Promise<void>
}

/** Starts a real PgBouncer that pools transactions, on 127.0.0.1, in front of a server on `server_port`. */
export async function startPgbouncer(directory: string, server_port: number): Promise<Pgbouncer> {
  if (!program) throw new Error(`PgBouncer is not installed: ${PGBOUNCER_INSTALL_COMMAND}`)
  const home = join(directory, 'pgbouncer')
  const port = await freePort()
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'users.txt'), '"postgres" "postgres"\n')
  await writeFile(
    join(home, 'pgbouncer.ini'),
    `[databases]
* = host=127.0.0.1 port=${server_port} user=postgres password=postgres

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(home, 'users.txt')}
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
server_idle_timeout = 5
pidfile = ${join(home, 'pgbouncer.pid')}
`,
  )
  // It refuses to run as root.
  await chmod(home, 0o777)
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const log: string[] = []
  const child = spawn(program, [...user, join(home, 'pgbouncer.ini')], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => log.push(String(chunk)))
  for (let attempt = 0; !(await accepts(port)); attempt += 1) {
    if (attempt > 100 || child.exitCode !== null) throw new Error(`PgBouncer did not start:\n${log.join('')}`)
    await setTimeout(50)
  }
  return {
    port,
    url: (database) => `postgres://postgres:postgres@127.0.0.1:${port}/${database}?prepare=false`,
    async stop() {
      if (child.exitCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
