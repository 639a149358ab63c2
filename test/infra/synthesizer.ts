import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Stack, Variant } from './synthesize.ts'

/**
 * Synthesises in a process of its own: Pulumi keeps its state in globals and loads itself, which a test runner that
 * rewrites imports would get in the way of. One process for all, as loading the AWS provider takes a second.
 */
let child: ChildProcess | undefined
let last: Promise<unknown> = Promise.resolve()

export type Answer = { stack: Stack } | { error: string }

/** One after the other: Pulumi's globals know one stack at a time. */
export function synthesizeApart(variant: Variant): Promise<Stack> {
  const next = last.then(() => ask(variant))
  last = next.catch(() => undefined)
  return next
}

function ask(variant: Variant): Promise<Stack> {
  child ??= fork(fileURLToPath(new URL('./synthesizer-process.ts', import.meta.url)), { serialization: 'advanced' })
  const process_ = child
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('The process that synthesises has died.'))
    process_.once('exit', onExit)
    process_.once('message', (answer: Answer) => {
      process_.off('exit', onExit)
      if ('stack' in answer) resolve(answer.stack)
      else reject(new Error(answer.error))
    })
    process_.send(variant)
  })
}

export function closeSynthesizer(): void {
  child?.disconnect()
  child = undefined
}
