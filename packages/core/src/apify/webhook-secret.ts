import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in constant time; the digests make the lengths equal, so that not even those can be told from the time. */
export function secretsMatch(presented: string | undefined, expected: string): boolean {
  return presented !== undefined && timingSafeEqual(digest(presented), digest(expected))
}

/**
 * The secret as a webhook may carry it: in `Authorization: Bearer …` or `X-Webhook-Secret` (headers that Apify's headers
 * template can set), else in `?token=` of the address. Header names in lower case.
 */
export function readPresentedSecret(
  headers: Readonly<Record<string, string | undefined>>,
  query: Readonly<Record<string, string | undefined>> | undefined,
): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
  return bearer?.trim() ?? headers['x-webhook-secret'] ?? query?.token
}
