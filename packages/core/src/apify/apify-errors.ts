/** Apify can't be asked now; trying again later may help. */
export class ApifyTransientError extends Error {
  /** What the server asked for by Retry-After, if it did. */
  readonly retry_after_s: number | null

  constructor(message: string, options: { cause?: unknown; retry_after_s?: number | null } = {}) {
    super(message, { cause: options.cause })
    this.name = 'ApifyTransientError'
    this.retry_after_s = options.retry_after_s ?? null
  }
}

export type ApifyErrorReason = 'token' | 'gone' | 'refused' | 'other_account' | 'other_actor'

/** Apify said no, and will say so again: a bad token, a run or dataset that is gone. The message says how to mend it. */
export class ApifyPermanentError extends Error {
  readonly reason: ApifyErrorReason

  constructor(reason: ApifyErrorReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ApifyPermanentError'
    this.reason = reason
  }
}

/**
 * What an HTTP status of the API means for us. 408, 429 and 5xx pass; 401 and 403 are the token's; 404 (also
 * `record-or-token-not-found`) is a thing that is gone, or hidden from this token.
 */
export function toStatusError(
  status: number,
  what: string,
  detail: { type?: string | undefined; message?: string | undefined; retry_after_s?: number | null },
): ApifyTransientError | ApifyPermanentError {
  const said = detail.message ? ` (Apify says: ${detail.message})` : ''
  if (status === 408 || status === 429 || status >= 500)
    return new ApifyTransientError(`Apify answered ${status} for ${what}${said}.`, {
      retry_after_s: detail.retry_after_s ?? null,
    })
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
