import { toLoggedError } from '@leads/core/log'
import type { Context } from 'aws-lambda'

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>

/** A handler whose errors quote no statement and no values of the database: Lambda logs what a function throws. */
export const withLoggableErrors =
  <Event, Result>(handler: Handler<Event, Result>): Handler<Event, Result> =>
  async (event, context) => {
    try {
      return await handler(event, context)
    } catch (error) {
      throw toLoggedError(error)
    }
  }
