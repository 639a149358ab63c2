import { hash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_CHARACTERS = 40

const CHECKSUM_CHARACTERS = 6

/** Generates a key: `lk_`, 40 random base-62 characters (238 bits), and a checksum. */
export function generateSecret(): string {
  let secret = 'lk_'
  for (let index = 0; index < SECRET_CHARACTERS; index += 1) secret += alphabet[randomInt(alphabet.length)]
  return `${secret}_${toChecksum(secret)}`
}

function toChecksum(text: string): string {
  let rest = crc32(text)
  let checksum = ''
  for (let index = 0; index < CHECKSUM_CHARACTERS; index += 1) {
    checksum = alphabet[rest % alphabet.length] + checksum
    rest = Math.floor(rest / alphabet.length)
  }
  return checksum
}

/** Whether a text may be a key: mistyped and invented ones are rejected without a query. Older keys have no checksum. */
export function isPlausibleSecret(text: string): boolean {
  if (!/^[\x21-\x7e]{1,200}$/.test(text)) return false
  const [, random, checksum] = /^(lk_[0-9A-Za-z]{40})_(.*)$/.exec(text) ?? []
  return random === undefined || checksum === toChecksum(random)
}

/** Returns SHA-256 in hex. A slow hash is not needed: the key is random, and every request computes the hash. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** A key as a request presents it, with its hash, which every check of the request needs. */
export interface PresentedKey {
  secret: string
  hash: string
}

export const presentKey = (secret: string): PresentedKey => ({ secret, hash: hashSecret(secret) })

/** Returns the visible prefix of a key. */
export const toSecretPrefix = (secret: string): string => secret.slice(0, 10)
