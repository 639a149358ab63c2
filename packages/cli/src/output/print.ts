import { stringifyJson } from '@leads/core/stringify-json'

/** Results go to standard output; what is said beside them goes to standard error. */

export function printJson(value: unknown): void {
  process.stdout.write(`${stringifyJson(value, process.stdout.isTTY ? 2 : 0)}\n`)
}

export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Something to know beside the result, e.g. how to go on. */
export function printNote(...lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** Waits until a pipe has taken it: a long export must not pile up in memory. */
export async function writeWithBackpressure(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (stream.write(text)) return
  await new Promise<void>((resolve, reject) => {
    const onDrain = () => {
      stream.off('error', onError)
      resolve()
    }
    const onError = (error: Error) => {
      stream.off('drain', onDrain)
      reject(error)
    }
    stream.once('drain', onDrain)
    stream.once('error', onError)
  })
}
