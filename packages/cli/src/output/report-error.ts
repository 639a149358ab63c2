import { CommanderError } from 'commander'
import { rewordUsageError } from '../program.ts'
import { colours } from './colors.ts'
import { type DescribedError, describeError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'

/** Says what went wrong, once, and leaves with the exit code that belongs to it. */
export async function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): Promise<void> {
  if (isClosedPipe(error)) return
  if (error instanceof CommanderError) {
    // Asking for help or the version is no mistake; where something must follow the words, its help is the message.
    if (error.exitCode === 0) return
    process.exitCode = exitCodes.usage.code
    // Without --json, commander has printed its own message by now.
    if (json) writeJson({ reason: 'usage', message: usageMessage(error) })
    return
  }
  const { reason, message } = describeError(error)
  process.exitCode = exitCodes[reason].code
  const { red, dim } = colours(process.stderr)
  if (json) writeJson({ reason, message })
  else process.stderr.write(`${red('leads:')} ${message}\n`)
  if (debug && error instanceof Error) process.stderr.write(`${dim(error.stack ?? '')}\n`)
}

function writeJson({ reason, message }: DescribedError): void {
  const exit_code = exitCodes[reason].code
  process.stderr.write(`${JSON.stringify({ error: { reason, message, exit_code } })}\n`)
}

const usageMessage = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'A command is missing. See `leads --help`.' : rewordUsageError(message)

/** `leads export | head`: whoever reads has had enough, and that is fine. */
export const isClosedPipe = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'EPIPE'

process.stdout.on('error', (error) => {
  if (isClosedPipe(error)) process.exit(exitCodes.done.code)
  throw error
})
