import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type SimulatorControl, simulatorControl } from './control/client.ts'

/** A simulator in its own process. */
export interface SpawnedSimulator {
  url: string
  token: string
  pid: number
  control: SimulatorControl
  /** Ends the process and waits for that. */
  close(): Promise<void>
}

/**
 * Starts `main.ts` with the options it has on the command line, and waits until it is ready.
 *
 * @throws Error with what it printed, where it ended before.
 */
export async function spawnApifySimulator(args: readonly string[] = []): Promise<SpawnedSimulator> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let printed = ''
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes('\n')) resolve(printed)
    })
    ended.then(() => reject(new Error(`The simulator did not start: ${complaint}`)), reject)
  })
  const { url, token, pid } = JSON.parse(line) as { url: string; token: string; pid: number }
  return {
    url,
    token,
    pid,
    control: simulatorControl(url),
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}
