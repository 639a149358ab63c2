import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestServer } from './postgres-server.ts'
import { freePort } from './scratch.ts'

export const MARIADB_INSTALL_COMMAND = 'apt-get install -y --no-install-recommends mariadb-server'

const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin']
const find = (program: string) => folders.map((folder) => join(folder, program)).find((path) => existsSync(path))

/** Nothing here outlives the run. One file for all tables: a schema is created in 100 ms instead of 160 on a disk. */
const throwaway = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--innodb-file-per-table=0']

/** Whether {@link startMariadb} can work on this machine. */
export const hasMariadb = (): boolean => find('mariadbd') !== undefined && find('mariadb-install-db') !== undefined

/** Starts a MariaDB of the machine's own with its data below `directory`, apart from any that runs already; about 1 s. */
export async function startMariadb(
  directory: string,
  options: { durable?: boolean; settings?: readonly string[] } = {},
): Promise<TestServer> {
  const program = find('mariadbd')
  const installer = find('mariadb-install-db')
  if (!program || !installer) throw new Error(`MariaDB is not installed: ${MARIADB_INSTALL_COMMAND}`)
  const home = join(directory, 'mariadb')
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  await promisify(execFile)(installer, [
    '--no-defaults',
    `--datadir=${home}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    ...user,
  ])
  const port = await freePort()
  const settings = [
    ...user,
    `--datadir=${home}`,
    `--port=${port}`,
    ...(options.durable ? [] : throwaway),
    ...(options.settings ?? []),
  ]
  const launch = () => launchServer(program, home, settings)
  // Its data is discarded, so it need not write its pages back first.
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    await new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })
  }
  const kill = () => child.kill('SIGKILL')
  let child = await launch()
  process.once('exit', kill)
  return {
    port,
    url: (database) => `mysql://root@127.0.0.1:${port}/${database}`,
    async crashAndRestart() {
      await end()
      child = await launch()
    },
    async stop() {
      process.off('exit', kill)
      await end()
    },
  }
}

async function launchServer(program: string, home: string, settings: readonly string[]): Promise<ChildProcess> {
  const child = spawn(
    program,
    [
      '--no-defaults',
      ...settings,
      '--bind-address=127.0.0.1',
      `--socket=${join(home, 's')}`,
      `--pid-file=${join(home, 'server.pid')}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--character-set-server=utf8mb4',
      // As far from the UTC of the sessions as can be: a test that passes here depends on no server's time zone.
      '--default-time-zone=+13:00',
      '--max-connections=200',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await ready(child)
  return child
}

/** The server says itself when it is ready; when it goes instead, its last words are the error. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      log = (log + text).slice(-4000)
      if (log.includes('ready for connections')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`MariaDB did not start (exit code ${code}):\n${log}`)))
  })
}
