/** Returns the known name that is closest to a misspelled one, if at most a third of its letters differ. */
export function findClosestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 60) return undefined
  const folded = name.toLowerCase().replaceAll('-', '_')
  let best: { name: string; distance: number } | undefined
  for (const candidate of known) {
    const distance = editDistance(folded, candidate)
    if (distance <= Math.ceil(candidate.length / 3) && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name: candidate, distance }
  }
  return best?.name
}

/** Number of insertions, deletions and substitutions (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
