import { stringifyJson } from '@leads/core/stringify-json'

/** Results go to standard output, notes go to standard error. */

export function printJson(value: unknown): void {
  process.stdout.write(`${stringifyJson(value, process.stdout.isTTY ? 2 : 0)}\n`)
}

export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Prints a note next to the result, e.g. the next step. */
export function printNote(...lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** Waits until the pipe accepts more, so that a long export does not accumulate in memory. */
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
