/**
 * Keeps the last results of a pure function of a text, because an item states the same text several times and each is
 * read several times. All are forgotten when there are `results_max`. A longer text than `length_max` is computed each time.
 */
export function memoize<Result>(
  compute: (text: string) => Result,
  { results_max, length_max }: { results_max: number; length_max: number },
): (text: string) => Result {
  const results = new Map<string, Result>()
  return (text) => {
    const known = results.get(text)
    if (known !== undefined) return known
    const result = compute(text)
    if (text.length <= length_max) {
      if (results.size >= results_max) results.clear()
      results.set(text, result)
    }
    return result
  }
}
