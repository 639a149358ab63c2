import { createHash, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_CHARACTERS = 40

/** A new key: `lk_` and 40 random base-62 characters (238 bits). */
export function generateSecret(): string {
  let secret = 'lk_'
  for (let index = 0; index < SECRET_CHARACTERS; index += 1) secret += alphabet[randomInt(alphabet.length)]
  return secret
}

/** SHA-256 in hex. Not a slow hash: the key is random, so there is nothing to guess, and every request computes it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** What a key is recognised by in lists. */
export const toSecretPrefix = (secret: string): string => secret.slice(0, 10)
