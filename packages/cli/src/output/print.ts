import { stringifyJson } from '@leads/core/stringify-json'
import { escapeControls, escapeStyled } from './escape.ts'

/** Results go to standard output, notes go to standard error. Control characters of scraped data reach neither. */

export function printJson(value: unknown): void {
  process.stdout.write(`${escapeControls(stringifyJson(value, process.stdout.isTTY ? 2 : 0))}\n`)
}

export function print(...lines: readonly string[]): void {
  process.stdout.write(`${escapeStyled(lines.join('\n'))}\n`)
}

/** Prints a note next to the result, e.g. the next step. */
export function printNote(...lines: readonly string[]): void {
  process.stderr.write(`${escapeStyled(lines.join('\n'))}\n`)
}

/**
 * Waits until the pipe accepts more, so that a long export does not accumulate in memory. A terminal gets the text without
 * control characters, a file or pipe gets it as is.
 */
export async function writeWithBackpressure(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  text: string,
): Promise<void> {
  if (stream.write(stream.isTTY ? escapeControls(text.replaceAll('\r\n', '\n')) : text)) return
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
