import type { ApifyClient } from 'apify-client'
import { ApifyTransientError, toStatusError } from './apify-errors.ts'

export interface ApifyOptions {
  APIFY_TOKEN: string
  APIFY_API_BASE_URL: string
}

/**
 * Few and short retries: one call must not outlive the function that makes it, and the queue retries as well. 3 attempts
 * of 20 s and their pauses stay below 65 s.
 */
const clientOptions = { maxRetries: 2, minDelayBetweenRetriesMillis: 500, timeoutSecs: 20 }

/** Loads apify-client, which takes 120 ms, and creates a client. */
export async function createApifyClient({ APIFY_TOKEN, APIFY_API_BASE_URL }: ApifyOptions): Promise<ApifyClient> {
  // The client prints a stack for each retry. Callers report the final error instead.
  process.env.APIFY_LOG_LEVEL ??= '0'
  const { ApifyClient } = await import('./apify-client-library.ts')
  return new ApifyClient({ token: APIFY_TOKEN, baseUrl: APIFY_API_BASE_URL, ...clientOptions })
}

/** Returns the answer of a client call. @throws ApifyTransientError, ApifyPermanentError */
export async function callApify<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    // ApifyApiError carries a status. Everything else is the network, a time-out or a body that was cut.
    const { statusCode, type, message } = error as { statusCode?: number; type?: string; message?: string }
    if (typeof statusCode === 'number' && statusCode >= 400) throw toStatusError(statusCode, what, { type, message })
    throw new ApifyTransientError(`Asking Apify for ${what} failed: ${message ?? String(error)}.`, { cause: error })
  }
}
