import { createHash, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_CHARACTERS = 40

/** Generates a key: `lk_` and 40 random base-62 characters (238 bits). */
export function generateSecret(): string {
  let secret = 'lk_'
  for (let index = 0; index < SECRET_CHARACTERS; index += 1) secret += alphabet[randomInt(alphabet.length)]
  return secret
}

/** Returns SHA-256 in hex. A slow hash is not needed: the key is random, and every request computes the hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Returns the visible prefix of a key. */
export const toSecretPrefix = (secret: string): string => secret.slice(0, 10)
