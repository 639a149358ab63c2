import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventColumns } from '@leads/core/events/list-events'
import { leadDetailColumns, leadViewColumns } from '@leads/core/leads/lead-views'
import { freePort } from '../../test/setup/scratch.ts'

export const peerNames = ['product', 'hono', 'postgraphile', 'platformatic'] as const
export type PeerName = (typeof peerNames)[number]

export const peerTitles: Record<PeerName, string> = {
  product: 'npm start',
  hono: 'hand-written Hono',
  postgraphile: 'PostGraphile',
  platformatic: 'Platformatic',
}

const START_MS_MAX = 60_000
/** Clock ticks of the processor time in /proc: 100 a second on Linux. */
const TICK_MS = 10

export interface PeerServer {
  port: number
  /** Processor time of the process so far. */
  readCpuMs(): number
  stop(): Promise<void>
}

/** Throws a sentence that says how to install the peers. */
export function assertPeersInstalled(): void {
  if (existsSync(new URL('node_modules/hono', import.meta.url))) return
  throw new Error('The peers are not installed. Run: npm ci --prefix bench/peers')
}

/** Starts a peer in a process of its own, on 127.0.0.1 and a free port. */
export async function startPeer(
  name: PeerName,
  { database_url, key, directory }: { database_url: string; key: string; directory: string },
): Promise<PeerServer> {
  const port = await freePort()
  const [file, args] =
    name === 'product'
      ? ['../../packages/cli/src/main.ts', ['start', '--json']]
      : [`./servers/${name}.mjs`, [] as string[]]
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: database_url,
      PORT: String(port),
      LEADS_API_KEY: key,
      RATE_LIMIT_PER_MINUTE: '0',
      DETAIL_COLUMNS: leadDetailColumns.join(),
      LIST_COLUMNS: leadViewColumns.join(),
      EVENT_COLUMNS: eventColumns.join(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await waitUntilReady(child, name)
  return {
    port,
    readCpuMs: () => readCpuMs(child.pid as number),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The first line of its output says that it listens. */
async function waitUntilReady(child: ChildProcess, name: PeerName): Promise<void> {
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start:\n${output}`)), START_MS_MAX)
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk
      clearTimeout(timer)
      resolve()
    })
    child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}:\n${output}`)))
  })
}

/** User and system time: fields 14 and 15 of /proc/PID/stat, counted behind the name, which may contain spaces. */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
