/** Temporary Apify failure. Retry later. */
export class ApifyTransientError extends Error {
  /** The seconds of the server's Retry-After header, if there is one. */
  readonly retry_after_s: number | null

  constructor(message: string, options: { cause?: unknown; retry_after_s?: number | null } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ApifyTransientError'
    this.retry_after_s = options.retry_after_s ?? null
  }
}

export type ApifyErrorReason = 'token' | 'gone' | 'refused' | 'other_account' | 'other_actor'

/** Permanent Apify failure: an invalid token, a deleted run or dataset. The message states the fix. */
export class ApifyPermanentError extends Error {
  readonly reason: ApifyErrorReason

  constructor(reason: ApifyErrorReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ApifyPermanentError'
    this.reason = reason
  }
}

/**
 * Converts an HTTP status of the API. 408, 429 and 5xx are temporary; 401 and 403 concern the token; 404 (also
 * `record-or-token-not-found`) means deleted, or hidden from this token. Each error of the API has a type: what has none
 * comes from a proxy, firewall or gateway in between, and says nothing about the run.
 */
export function toStatusError(
  status: number,
  what: string,
  detail: { type?: string | undefined; message?: string | undefined; retry_after_s?: number | null },
): ApifyTransientError | ApifyPermanentError {
  const said = detail.type && detail.message ? ` (Apify says: ${detail.message})` : ''
  if (status === 408 || status === 429 || status >= 500)
    return new ApifyTransientError(`Apify answered ${status} for ${what}${said}.`, {
      retry_after_s: detail.retry_after_s ?? null,
    })
  if (!detail.type)
    return new ApifyTransientError(
      `A server in between answered ${status} for ${what} in place of Apify's API. ` +
        'If it lasts, check the network, proxies and APIFY_API_BASE_URL.',
    )
  if (status === 401 || status === 403)
    return new ApifyPermanentError(
      'token',
      `Apify refused the token for ${what} with ${status}${said}. Set APIFY_TOKEN to a token of the account that owns it.`,
    )
  if (status === 404)
    return new ApifyPermanentError(
      'gone',
      `Apify does not know ${what}${said}: it was deleted or has expired (unnamed datasets are kept for days only), or APIFY_TOKEN belongs to another account.`,
    )
  return new ApifyPermanentError('refused', `Apify refused to give ${what} with ${status}${said}.`)
}
