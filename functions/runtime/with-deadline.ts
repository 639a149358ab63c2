import type { Context } from 'aws-lambda'

/** Time reserved for handling a failure: reporting the message as failed and setting its delay. */
const RESERVE_MS = 3_000

/** The deadline of the invocation was reached while an operation did not respond. */
export class DeadlineExceededError extends Error {
  constructor() {
    super('The invocation ran out of time: the database or Apify does not respond, or a page takes too long.')
    this.name = 'DeadlineExceededError'
  }
}

/**
 * Returns the result of `work` if it completes before the invocation's deadline. A half-open connection can stay silent
 * for hours. The message of a killed invocation stays hidden for the queue's visibility timeout; that of a failed one
 * returns in seconds.
 * @throws DeadlineExceededError; `work` cannot be stopped, so discard what it uses
 */
export async function withDeadline<Result>(context: Context, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const outOfTime = new Promise<never>((_resolve, reject) => {
    const left_ms = context.getRemainingTimeInMillis() - RESERVE_MS
    timer = setTimeout(() => reject(new DeadlineExceededError()), Math.max(0, left_ms))
  })
  // Avoids an unhandled rejection if `work` fails after the deadline.
  work.catch(() => {})
  try {
    return await Promise.race([work, outOfTime])
  } finally {
    clearTimeout(timer)
  }
}
