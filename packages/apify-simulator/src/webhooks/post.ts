import http from 'node:http'
import https from 'node:https'

/** How one delivery ended. */
export interface PostResult {
  status: number | null
  body: string | null
  error: string | null
}

// Apify keeps what the receiver answers; a receiver that answers megabytes must not fill our memory.
const KEPT_BODY_CHARS = 20_000

/**
 * Posts a webhook body once, over a separate connection as a remote server would, following no redirects.
 * Never throws: what went wrong is in the result.
 */
export function postWebhook(
  url: string,
  headers: Record<string, string>,
  body: string,
  options: { timeout_ms: number; ignore_ssl_errors: boolean; signal: AbortSignal },
): Promise<PostResult> {
  return new Promise((resolve) => {
    const failed = (error: string) => resolve({ status: null, body: null, error })
    const timeout = AbortSignal.timeout(options.timeout_ms)
    const signal = AbortSignal.any([timeout, options.signal])
    const onError = (error: Error) =>
      failed(timeout.aborted ? `No answer within ${options.timeout_ms} ms` : error.message)
    try {
      const client = url.startsWith('https:') ? https : http
      const request = client.request(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        agent: false,
        signal,
        ...(client === https ? { rejectUnauthorized: !options.ignore_ssl_errors } : {}),
      })
      request.on('error', onError)
      request.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          if (text.length < KEPT_BODY_CHARS) text += part
        })
        response.on('error', onError)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? null, body: text.slice(0, KEPT_BODY_CHARS), error: null }),
        )
      })
      request.end(body)
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error))
    }
  })
}
