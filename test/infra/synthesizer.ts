import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './sst-platform.ts'
import type { Stack, Variant } from './synthesize.ts'

/**
 * Synthesizes stacks in separate processes: Pulumi keeps its state in globals and loads itself, which does not work in a
 * test runner that rewrites imports. A process is kept for the next stack, since loading the AWS provider takes a second.
 */
const PROCESSES_MAX = 2
/** A stack takes about a second; a faulty program may wait for ever. */
const SYNTHESIS_MS_MAX = 60_000
/** The compiled code of Pulumi and its providers, without which a process needs a second more to load them. */
const compiled = join(root, 'node_modules/.cache/leads')
const idle: ChildProcess[] = []
const waiting: ((child: ChildProcess) => void)[] = []
let started = 0

export type Answer = { stack: Stack } | { error: string }

export async function synthesizeApart(variant: Variant): Promise<Stack> {
  const child = await take()
  let timer: NodeJS.Timeout | undefined
  const answer = await new Promise<Answer>((resolve) => {
    const output: string[] = []
    const onOutput = (chunk: Buffer) => output.push(chunk.toString())
    const onExit = () => {
      resolve({ error: `The program ended its process:\n${output.join('')}` })
    }
    child.stderr?.on('data', onOutput)
    child.once('exit', onExit)
    child.once('message', (message: Answer) => {
      child.off('exit', onExit)
      child.stderr?.off('data', onOutput)
      resolve(message)
    })
    child.send(variant)
    timer = setTimeout(
      () => resolve({ error: `The program did not end within ${SYNTHESIS_MS_MAX / 1000} s.` }),
      SYNTHESIS_MS_MAX,
    )
  }).finally(() => clearTimeout(timer))
  if ('stack' in answer) {
    give(child)
    return answer.stack
  }
  // A program that failed may have left anything behind, or be about to take its process down.
  child.kill('SIGKILL')
  give(start())
  throw new Error(answer.error)
}

/** Ends the processes. */
export function closeSynthesizer(): void {
  for (const child of idle.splice(0)) child.disconnect()
  started = 0
}

function start(): ChildProcess {
  const path = fileURLToPath(new URL('./synthesizer-process.ts', import.meta.url))
  // Nothing of the environment that this runs in is a setting of the deployment.
  const { PATH, HOME, TMPDIR } = process.env
  return fork(path, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }), NODE_COMPILE_CACHE: compiled },
  })
}

async function take(): Promise<ChildProcess> {
  const child = idle.pop()
  if (child) return child
  if (started < PROCESSES_MAX) {
    started += 1
    return start()
  }
  return new Promise((resolve) => waiting.push(resolve))
}

function give(child: ChildProcess): void {
  const next = waiting.shift()
  if (next) next(child)
  else idle.push(child)
}
