import { CommandError } from './errors.ts'

/**
 * Handles Ctrl-C and SIGTERM for long work. The first aborts the signal, so that the work stops at the next safe point.
 * The second ends the process at once, which is also safe: uncommitted work is rolled back. Returns the result of `work`.
 * @throws CommandError interrupted, with `advice`, if the work stopped because of the signal
 */
export async function withInterrupt<Result>(
  advice: string | (() => string),
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    throw new CommandError('interrupted', `interrupted. ${typeof advice === 'string' ? advice : advice()}`, {
      cause: error,
    })
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}
