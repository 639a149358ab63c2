import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problem.ts'

/**
 * Opaque positions in a list. A cursor is signed, so that clients cannot craft one, and bound to the list, its filters
 * and its order, so that using it with another list cannot silently skip rows.
 */
export type CursorPosition = readonly (string | number)[]

const sign = (secret: string, text: string): Buffer =>
  createHmac('sha256', secret).update(text).digest().subarray(0, 12)

/** Returns twelve characters that identify the list, filters and order of a cursor. */
export function listFingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)
}

export function encodeCursor(secret: string, fingerprint: string, position: CursorPosition): string {
  const payload = Buffer.from(JSON.stringify([fingerprint, ...position]))
  return Buffer.concat([sign(secret, payload.toString()), payload]).toString('base64url')
}

/** @throws Problem invalid_cursor if it was not issued by this service or belongs to another list */
export function decodeCursor(secret: string, fingerprint: string, cursor: string): CursorPosition {
  const bytes = Buffer.from(cursor, 'base64url')
  const payload = bytes.subarray(12).toString()
  const isOurs =
    bytes.length > 12 &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(sign(secret, payload), bytes.subarray(0, 12))
  if (!isOurs) throw cursorProblem('This cursor was not issued here. Pass next_cursor of a response unchanged.')
  const [made_for, ...position] = JSON.parse(payload) as [string, ...(string | number)[]]
  if (made_for !== fingerprint)
    throw cursorProblem('This cursor belongs to other filters or another order. Start again without it.')
  return position
}

function cursorProblem(detail: string): Problem {
  return new Problem('invalid_cursor', detail, { errors: [{ parameter: 'cursor', detail }] })
}
