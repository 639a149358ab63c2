import { editDistance, jaroWinkler } from '@leads/core/duplicates/text-distance'
import { describe, expect, test } from 'vitest'

/** Letters by their place in a table, one cell at a time: slow, and easy to check. */
function countEditsPlainly(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i])
  const at = (i: number, j: number): number => table[i]?.[j] as number
  for (let j = 1; j <= b.length; j += 1) table[0]?.push(j)
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let edits = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) edits = Math.min(edits, at(i - 2, j - 2) + 1)
      table[i]?.push(edits)
    }
  }
  return at(a.length, b.length)
}

function compareJaroWinklerPlainly(a: string, b: string): number {
  if (a === b) return 1
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const matchedA: string[] = []
  for (const [i, letter] of [...a].entries()) {
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j += 1) {
      if (taken.has(j) || b[j] !== letter) continue
      taken.add(j)
      matchedA.push(letter)
      break
    }
  }
  const matches = matchedA.length
  if (matches === 0) return 0
  const matchedB = [...taken].sort((x, y) => x - y).map((j) => b[j])
  const swapped = matchedA.filter((letter, index) => letter !== matchedB[index]).length
  const jaro = (matches / a.length + matches / b.length + (matches - swapped / 2) / matches) / 3
  let prefix = 0
  while (prefix < Math.min(4, a.length, b.length) && a[prefix] === b[prefix]) prefix += 1
  return jaro + prefix * 0.1 * (1 - jaro)
}

/** Words of up to 31 letters; the second of a pair is another word or the first with a few edits. */
function* inventPairs(count: number): Generator<[string, string]> {
  let seed = 7
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    return (seed >>> 8) % below
  }
  const letters = 'abcd@.1éяü'
  const invent = (): string => {
    const variety = 1 + next(letters.length)
    return Array.from({ length: next(32) }, () => letters[next(variety)]).join('')
  }
  for (let pair = 0; pair < count; pair += 1) {
    const word = invent()
    if (next(2) === 0) {
      yield [word, invent()]
      continue
    }
    let edited = word
    for (let edit = next(4); edit > 0; edit -= 1) {
      const at = next(edited.length + 1)
      const swap = (edited[at + 1] ?? '') + (edited[at] ?? '')
      edited =
        [edited.slice(0, at) + edited.slice(at + 1), edited.slice(0, at) + swap + edited.slice(at + 2)][next(2)] ?? ''
    }
    yield [word, edited]
  }
}

describe('similarity of two texts', () => {
  test('the count of edits is that of the plain table, and one above the limit beyond it', () => {
    for (const [a, b] of inventPairs(5000)) {
      const edits = countEditsPlainly(a, b)
      for (const limit of [1, 2, 3])
        expect([a, b, editDistance(a, b, limit)]).toEqual([a, b, Math.min(edits, limit + 1)])
    }
  })

  test('Jaro-Winkler is that of the plain definition, and 0 below the least that counts', () => {
    for (const [a, b] of inventPairs(5000)) {
      const similarity = compareJaroWinklerPlainly(a, b)
      expect([a, b, jaroWinkler(a, b)]).toEqual([a, b, expect.closeTo(similarity, 12)])
      // A least that is far enough from the value to be clear of rounding.
      for (const least of [0.84, 0.93]) {
        if (Math.abs(similarity - least) < 1e-9) continue
        expect([a, b, jaroWinkler(a, b, least) > 0]).toEqual([a, b, similarity >= least])
      }
    }
  })

  test('texts beyond 31 characters are compared by their beginning', () => {
    const long = 'a'.repeat(31)
    expect(jaroWinkler(`${long}b`, `${long}c`)).toBe(1)
    expect(editDistance(`${long}b`, `${long}c`, 2)).toBe(0)
  })
})
