/**
 * Similarity of two short folded texts. These functions run some ten times for each pair of leads: matches are bits of a
 * number, and a bound that needs no more than the letters of both texts spares most calls the rest.
 */

const LENGTH_MAX = 31

const cut = (text: string): string => (text.length > LENGTH_MAX ? text.slice(0, LENGTH_MAX) : text)

/** A bit for each letter that occurs; letters beyond `a` to `z` share bits. */
function toLetterMask(text: string): number {
  let mask = 0
  for (let index = 0; index < text.length; index += 1) mask |= 1 << (text.charCodeAt(index) & 31)
  return mask
}

function countBits(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

function countCommonPrefix(a: string, b: string, limit: number): number {
  const end = Math.min(limit, a.length, b.length)
  let length = 0
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return length
}

const PREFIX_MAX = 4
const PREFIX_SHARE = 0.1

/** Jaro-Winkler similarity if it is at least `least`, else 0. Longer texts are compared by their first 31 characters. */
export function jaroWinkler(left: string, right: string, least = 0): number {
  const a = cut(left)
  const b = cut(right)
  if (a === b) return 1
  if (a.length === 0 || b.length === 0) return 0
  const maskA = toLetterMask(a)
  const maskB = toLetterMask(b)
  // A letter that the other text does not have cannot match.
  const matches_max = Math.min(a.length - countBits(maskA & ~maskB), b.length - countBits(maskB & ~maskA))
  if (matches_max <= 0) return 0
  const boost = countCommonPrefix(a, b, PREFIX_MAX) * PREFIX_SHARE
  const jaro_max = (matches_max / a.length + matches_max / b.length + 1) / 3
  if (jaro_max + boost * (1 - jaro_max) < least) return 0
  const jaro = jaroSimilarity(a, b)
  const similarity = jaro + boost * (1 - jaro)
  return similarity < least ? 0 : similarity
}

function jaroSimilarity(a: string, b: string): number {
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1)
  let matchedA = 0
  let matchedB = 0
  let matches = 0
  for (let i = 0; i < a.length; i += 1) {
    const letter = a.charCodeAt(i)
    const end = Math.min(b.length, i + reach + 1)
    for (let j = Math.max(0, i - reach); j < end; j += 1) {
      if ((matchedB & (1 << j)) !== 0 || letter !== b.charCodeAt(j)) continue
      matchedA |= 1 << i
      matchedB |= 1 << j
      matches += 1
      break
    }
  }
  if (matches === 0) return 0
  let transpositions = 0
  let j = 0
  for (let i = 0; i < a.length; i += 1) {
    if ((matchedA & (1 << i)) === 0) continue
    while ((matchedB & (1 << j)) === 0) j += 1
    if (a.charCodeAt(i) !== b.charCodeAt(j)) transpositions += 1
    j += 1
  }
  return (matches / a.length + matches / b.length + (matches - transpositions / 2) / matches) / 3
}

const rows = [0, 1, 2].map(() => new Uint8Array(LENGTH_MAX + 1)) as [Uint8Array, Uint8Array, Uint8Array]

/** Edits between two texts: insert, delete, replace, or swap of two neighbors. Returns `limit + 1` for anything beyond. */
export function editDistance(left: string, right: string, limit: number): number {
  if (left === right) return 0
  const a = cut(left)
  const b = cut(right)
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  const maskA = toLetterMask(a)
  const maskB = toLetterMask(b)
  // Each edit brings at most one letter that the other text does not have.
  if (countBits(maskA & ~maskB) > limit || countBits(maskB & ~maskA) > limit) return limit + 1
  let [before, last, row] = rows
  for (let j = 0; j <= b.length; j += 1) last[j] = j
  for (let i = 1; i <= a.length; i += 1) {
    row[0] = i
    let least = i
    const letter = a.charCodeAt(i - 1)
    for (let j = 1; j <= b.length; j += 1) {
      const other = b.charCodeAt(j - 1)
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (letter === other ? 0 : 1),
      )
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        cost = Math.min(cost, (before[j - 2] as number) + 1)
      }
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > limit) return limit + 1
    ;[before, last, row] = [last, row, before]
  }
  return Math.min(last[b.length] as number, limit + 1)
}
