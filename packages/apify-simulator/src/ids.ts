import { randomBytes } from 'node:crypto'

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A new id in Apify's form: 17 letters and digits. */
export function newId(): string {
  let id = ''
  for (const byte of randomBytes(17)) id += SIGNS[byte % SIGNS.length]
  return id
}
