import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problem.ts'

/**
 * Opaque places in a list. A cursor is signed, so that nobody can aim a query with it, and bound to the list, its
 * filters and its order, so that it cannot be carried into another list and silently skip rows there.
 */
export type CursorPosition = readonly (string | number)[]

const sign = (secret: string, text: string): Buffer =>
  createHmac('sha256', secret).update(text).digest().subarray(0, 12)

/** Twelve characters that stand for a list: the name, filters and order that a cursor belongs to. */
export function listFingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)
}

export function encodeCursor(secret: string, fingerprint: string, position: CursorPosition): string {
  const payload = Buffer.from(JSON.stringify([fingerprint, ...position]))
  return Buffer.concat([sign(secret, payload.toString()), payload]).toString('base64url')
}

/** @throws Problem invalid_cursor when it was not made here, or belongs to another list */
export function decodeCursor(secret: string, fingerprint: string, cursor: string): CursorPosition {
  const bytes = Buffer.from(cursor, 'base64url')
  const payload = bytes.subarray(12).toString()
  const isOurs =
    bytes.length > 12 &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(sign(secret, payload), bytes.subarray(0, 12))
  if (!isOurs) throw cursorProblem('This cursor was not made here: take next_cursor of an answer as it is.')
  const [made_for, ...position] = JSON.parse(payload) as [string, ...(string | number)[]]
  if (made_for !== fingerprint)
    throw cursorProblem('This cursor belongs to other filters or another order: start again without it.')
  return position
}

function cursorProblem(detail: string): Problem {
  return new Problem('invalid_cursor', detail, { errors: [{ parameter: 'cursor', detail }] })
}
