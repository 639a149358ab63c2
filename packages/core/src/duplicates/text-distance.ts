/** Similarity of two short folded texts. Both functions run several times for each pair of leads: no allocations but these. */

const LENGTH_MAX = 64
const matchedA = new Uint8Array(LENGTH_MAX)
const matchedB = new Uint8Array(LENGTH_MAX)

/** Jaro-Winkler similarity, 0 to 1. Texts longer than 64 characters are compared by their beginning. */
export function jaroWinkler(left: string, right: string): number {
  const a = left.length > LENGTH_MAX ? left.slice(0, LENGTH_MAX) : left
  const b = right.length > LENGTH_MAX ? right.slice(0, LENGTH_MAX) : right
  if (a === b) return 1
  if (a.length === 0 || b.length === 0) return 0
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1)
  matchedA.fill(0, 0, a.length)
  matchedB.fill(0, 0, b.length)
  let matches = 0
  for (let i = 0; i < a.length; i += 1) {
    const end = Math.min(b.length, i + reach + 1)
    for (let j = Math.max(0, i - reach); j < end; j += 1) {
      if (matchedB[j] === 0 && a.charCodeAt(i) === b.charCodeAt(j)) {
        matchedA[i] = 1
        matchedB[j] = 1
        matches += 1
        break
      }
    }
  }
  if (matches === 0) return 0
  let transpositions = 0
  let j = 0
  for (let i = 0; i < a.length; i += 1) {
    if (matchedA[i] === 0) continue
    while (matchedB[j] === 0) j += 1
    if (a.charCodeAt(i) !== b.charCodeAt(j)) transpositions += 1
    j += 1
  }
  const jaro = (matches / a.length + matches / b.length + (matches - transpositions / 2) / matches) / 3
  let prefix = 0
  while (prefix < 4 && prefix < a.length && prefix < b.length && a.charCodeAt(prefix) === b.charCodeAt(prefix))
    prefix += 1
  return jaro + prefix * 0.1 * (1 - jaro)
}

const rows = [0, 1, 2].map(() => new Uint8Array(LENGTH_MAX + 1)) as [Uint8Array, Uint8Array, Uint8Array]

/** Edits between two texts: insert, delete, replace, or swap of two neighbors. Returns `limit + 1` for anything beyond. */
export function editDistance(left: string, right: string, limit: number): number {
  if (left === right) return 0
  const a = left.length > LENGTH_MAX ? left.slice(0, LENGTH_MAX) : left
  const b = right.length > LENGTH_MAX ? right.slice(0, LENGTH_MAX) : right
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let [before, last, row] = rows
  for (let j = 0; j <= b.length; j += 1) last[j] = j
  for (let i = 1; i <= a.length; i += 1) {
    row[0] = i
    let least = i
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (isSame ? 0 : 1),
      )
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
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
