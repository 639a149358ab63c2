import { CommanderError } from 'commander'
import { rewordUsageError } from '../program.ts'
import { getColors } from './colors.ts'
import { type DescribedError, describeError } from './errors.ts'
import { escapeControls } from './escape.ts'
import { exitCodes } from './exit-codes.ts'
import { wrap } from './wrap.ts'

/** Prints the error once and sets its exit code. */
export async function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): Promise<void> {
  if (isClosedPipe(error)) return
  if (error instanceof CommanderError) {
    // Help and version are not errors. A command group without a subcommand prints its help as the message.
    if (error.exitCode === 0) return
    process.exitCode = exitCodes.usage.code
    // Without --json, commander has already printed its message.
    if (json) writeJson({ reason: 'usage', message: usageMessage(error) })
    return
  }
  const { reason, message } = describeError(error)
  process.exitCode = exitCodes[reason].code
  const { red, dim } = getColors(process.stderr)
  if (json) writeJson({ reason, message })
  else process.stderr.write(`${red('leads:')} ${wrap(escapeControls(message), 0, process.stderr)}\n`)
  if (debug && error instanceof Error) process.stderr.write(`${dim(escapeControls(error.stack ?? ''))}\n`)
}

function writeJson({ reason, message }: DescribedError): void {
  const exit_code = exitCodes[reason].code
  process.stderr.write(`${escapeControls(JSON.stringify({ error: { reason, message, exit_code } }))}\n`)
}

const usageMessage = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'A command is missing. See `leads --help`.' : rewordUsageError(message)

/** `leads export | head` closes the pipe early, which is not an error. */
export const isClosedPipe = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'EPIPE'

process.stdout.on('error', (error) => {
  if (isClosedPipe(error)) process.exit(exitCodes.done.code)
  throw error
})
