import { createHash } from 'node:crypto'
import { Problem } from '@leads/core/problem'

/**
 * Returns a strong tag: the version of the row, and a hash of the rows that the response includes. Any such tag can be sent
 * as `If-Match`, which compares the version only.
 */
export function toEtag({ version }: { version: number }, included: readonly unknown[] = []): string {
  if (included.length === 0) return `"${version}"`
  const hash = createHash('sha256').update(JSON.stringify(included)).digest('base64url').slice(0, 10)
  return `"${version}-${hash}"`
}

/**
 * Returns the version in `If-Match`; undefined without the header or for `*`.
 * @throws Problem invalid_request if it is not one of our tags
 */
export function parseIfMatch(if_match: string | undefined): number | undefined {
  if (if_match === undefined || if_match.trim() === '*') return undefined
  const version = /^\s*(?:W\/)?"([1-9]\d{0,9})(?:-[\w-]{10})?"\s*$/.exec(if_match)?.[1]
  if (version !== undefined) return Number(version)
  const detail = 'Send one ETag exactly as a response contained it, e.g. "3".'
  throw new Problem('invalid_request', detail, { errors: [{ header: 'If-Match', detail }] })
}
