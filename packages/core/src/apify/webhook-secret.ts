import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time. The digests have one length, so the time does not reveal the length either. */
export function secretsMatch(presented: string | undefined, expected: string): boolean {
  return presented !== undefined && timingSafeEqual(digest(presented), digest(expected))
}

/**
 * Returns the secret of a webhook request: from `Authorization: Bearer …` or `X-Webhook-Secret`, which Apify's headers
 * template can set, else from `?token=` of the URL. Header names are in lower case.
 */
export function readPresentedSecret(
  headers: Readonly<Record<string, string | undefined>>,
  query: Readonly<Record<string, string | undefined>> | undefined,
): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
  return bearer?.trim() ?? headers['x-webhook-secret'] ?? query?.token
}
