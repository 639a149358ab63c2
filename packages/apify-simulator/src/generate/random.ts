/**
 * A 32-bit mix of three numbers (murmur3's finaliser over multiplied inputs). For one seed and salt it maps different
 * indexes to different values, so ids built from it cannot collide within a dataset.
 */
export function hash32(seed: number, index: number, salt = 0): number {
  let h = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)) >>> 0
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = (h ^ (h >>> 13)) + Math.imul(index, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The same mix as a fraction in [0, 1). */
export function chance(seed: number, index: number, salt = 0): number {
  return hash32(seed, index, salt) / 4294967296
}

/** Seeded random numbers (mulberry32): the same seed always throws the same sequence, on every machine. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A fraction in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** True with the given probability. */
  hits(probability: number): boolean {
    return this.next() < probability
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** Fills a pattern: `#` becomes a digit, `N` a digit from 2 to 9, `A` a capital letter; the rest stays. */
  fill(pattern: string): string {
    let out = ''
    for (const sign of pattern) {
      if (sign === '#') out += this.whole(0, 9)
      else if (sign === 'N') out += this.whole(2, 9)
      else if (sign === 'A') out += String.fromCharCode(65 + this.whole(0, 25))
      else out += sign
    }
    return out
  }
}

const ID_SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_'

/** Eleven signs that are different for every index of a seed: two mixes of it, six bits a sign. */
export function idSigns(seed: number, index: number, salt: number): string {
  let high = hash32(seed, index, salt)
  let low = hash32(seed, index, salt + 1)
  let out = ''
  for (let i = 0; i < 11; i++) {
    out += ID_SIGNS[low & 63]
    low = ((low >>> 6) | ((high & 63) << 26)) >>> 0
    high >>>= 6
  }
  return out
}
