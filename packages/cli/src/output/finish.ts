import { CommanderError } from 'commander'
import { colours } from './colours.ts'
import { describeError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'

/** Says what went wrong, once, and leaves with the exit code that belongs to it. */
export async function finish(error: unknown, { json, debug }: { json: boolean; debug: boolean }): Promise<void> {
  if (isClosedPipe(error)) return
  if (error instanceof CommanderError) {
    // Commander has printed its own message by now; asking for help or the version is no mistake.
    process.exitCode = error.exitCode === 0 ? exitCodes.done.code : exitCodes.usage.code
    if (error.code === 'commander.help') process.exitCode = exitCodes.usage.code
    return
  }
  const { reason, message } = describeError(error)
  const exit_code = exitCodes[reason].code
  process.exitCode = exit_code
  const { red, dim } = colours(process.stderr)
  if (json) process.stderr.write(`${JSON.stringify({ error: { reason, message, exit_code } })}\n`)
  else process.stderr.write(`${red('leads:')} ${message}\n`)
  if (debug && error instanceof Error) process.stderr.write(`${dim(error.stack ?? '')}\n`)
}

/** `leads export | head`: whoever reads has had enough, and that is fine. */
export const isClosedPipe = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'EPIPE'

process.stdout.on('error', (error) => {
  if (isClosedPipe(error)) process.exit(exitCodes.done.code)
  throw error
})
