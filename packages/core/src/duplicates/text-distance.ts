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

/** UTF-16 unit → bits of the positions at which it occurs in the text at hand; zero for all others, also between calls. */
const positions = new Int32Array(0x1_0000)

function markPositions(text: string): void {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    positions[unit] = (positions[unit] as number) | (1 << index)
  }
}

function clearPositions(text: string): void {
  for (let index = 0; index < text.length; index += 1) positions[text.charCodeAt(index)] = 0
}

function jaroSimilarity(a: string, b: string): number {
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1)
  let matchedA = 0
  let matchedB = 0
  let matches = 0
  markPositions(b)
  for (let i = 0; i < a.length; i += 1) {
    const end = Math.min(LENGTH_MAX, i + reach + 1)
    const near = (end === LENGTH_MAX ? 0x7fffffff : (1 << end) - 1) & -(1 << Math.max(0, i - reach))
    const free = (positions[a.charCodeAt(i)] as number) & near & ~matchedB
    if (free === 0) continue
    matchedA |= 1 << i
    matchedB |= free & -free
    matches += 1
  }
  clearPositions(b)
  if (matches === 0) return 0
  let transpositions = 0
  let left = matchedA
  let right = matchedB
  while (left !== 0) {
    // The nth matched letter of one text against the nth of the other.
    if (a.charCodeAt(toLowestBit(left)) !== b.charCodeAt(toLowestBit(right))) transpositions += 1
    left &= left - 1
    right &= right - 1
  }
  return (matches / a.length + matches / b.length + (matches - transpositions / 2) / matches) / 3
}

const toLowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits)

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
  return Math.min(countEdits(a, b), limit + 1)
}

/**
 * Hyyrö's bit-parallel distance with swaps (2003): a column of the table of edits is a number. Its bits say where the
 * count rises or falls by one from row to row.
 */
function countEdits(a: string, b: string): number {
  if (a.length === 0) return b.length
  const lastRow = 1 << (a.length - 1)
  let rises = -1
  let falls = 0
  let kept = 0
  let before = 0
  let edits = a.length
  markPositions(a)
  for (let index = 0; index < b.length; index += 1) {
    const equal = positions[b.charCodeAt(index)] as number
    const swapped = ((~kept & equal) << 1) & before
    kept = ((((equal & rises) + rises) | 0) ^ rises) | equal | falls | swapped
    const risen = falls | ~(kept | rises)
    const fallen = kept & rises
    if ((risen & lastRow) !== 0) edits += 1
    else if ((fallen & lastRow) !== 0) edits -= 1
    const shifted = (risen << 1) | 1
    rises = (fallen << 1) | ~(kept | shifted)
    falls = shifted & kept
    before = equal
  }
  clearPositions(a)
  return edits
}
