import { Problem } from '@leads/core/problem'

/** A strong tag: two answers of one version differ in nothing that a client may change. */
export const toEtag = (row: { version: number }): string => `"${row.version}"`

/**
 * The version that `If-Match` asks for; undefined without the header or for `*`.
 * @throws Problem invalid_request when it is no tag of ours
 */
export function parseIfMatch(if_match: string | undefined): number | undefined {
  if (if_match === undefined || if_match.trim() === '*') return undefined
  const version = /^\s*(?:W\/)?"([1-9]\d{0,9})"\s*$/.exec(if_match)?.[1]
  if (version !== undefined) return Number(version)
  const detail = 'Send one ETag as an answer gave it, e.g. "3".'
  throw new Problem('invalid_request', detail, { errors: [{ header: 'If-Match', detail }] })
}
