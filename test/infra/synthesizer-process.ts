import { flushCompileCache } from 'node:module'
import { synthesize, type Variant } from './synthesize.ts'
import type { Answer } from './synthesizer.ts'

// Pulumi notes a stack trace with each of its thousands of promises: without them a stack takes half the time (0.4 s).
Error.stackTraceLimit = 0

let isKept = false

process.on('message', (variant: Variant) => {
  void synthesize(variant).then(
    (stack) => answer({ stack: { ...stack, resources: plain(stack.resources), outputs: plain(stack.outputs) } }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  )
})

// What goes to another process is data: Pulumi's assets and the like are left out.
const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

function answer(message: Answer): void {
  // A process that is killed after its first stack would keep nothing of what it compiled.
  if (!isKept) flushCompileCache()
  isKept = true
  process.send?.(message)
}
