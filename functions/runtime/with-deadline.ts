import type { Context } from 'aws-lambda'

/** Kept for what follows a failure: saying that the message has failed and when it is to come back. */
const RESERVE_MS = 3_000

/** The invocation would have been killed in the middle of something that no longer answers. */
export class DeadlineExceededError extends Error {
  constructor() {
    super('The invocation ran out of time: the database or Apify does not answer, or a page takes too long.')
    this.name = 'OutOfTimeError'
  }
}

/**
 * What `work` comes to, if it does so before the invocation's end. A half-open connection says nothing for hours; a killed
 * invocation's message stays hidden for as long as the queue's visibility time-out, a failed one's comes back in seconds.
 * @throws OutOfTimeError; `work` itself cannot be stopped, so let go of what it uses
 */
export async function withDeadline<Result>(context: Context, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const outOfTime = new Promise<never>((_resolve, reject) => {
    const left_ms = context.getRemainingTimeInMillis() - RESERVE_MS
    timer = setTimeout(() => reject(new DeadlineExceededError()), Math.max(0, left_ms))
  })
  // Should it fail after it was given up, nobody is left to hear of it.
  work.catch(() => {})
  try {
    return await Promise.race([work, outOfTime])
  } finally {
    clearTimeout(timer)
  }
}
