import { CommandError } from './errors.ts'

/**
 * Ctrl-C and SIGTERM for long work: the first asks it to stop at the next safe place, a second one stops at once (which
 * is safe as well: what is not committed never was). Returns what `work` returns.
 * @throws CommandError interrupted, with `advice`, when the work gave up because it was asked to
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
