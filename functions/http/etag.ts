import { Problem } from '@leads/core/problem'

/** A strong tag: two responses of one version do not differ in any editable field. */
export const toEtag = (row: { version: number }): string => `"${row.version}"`

/**
 * Returns the version in `If-Match`; undefined without the header or for `*`.
 * @throws Problem invalid_request if it is not one of our tags
 */
export function parseIfMatch(if_match: string | undefined): number | undefined {
  if (if_match === undefined || if_match.trim() === '*') return undefined
  const version = /^\s*(?:W\/)?"([1-9]\d{0,9})"\s*$/.exec(if_match)?.[1]
  if (version !== undefined) return Number(version)
  const detail = 'Send one ETag exactly as a response contained it, e.g. "3".'
  throw new Problem('invalid_request', detail, { errors: [{ header: 'If-Match', detail }] })
}
