/**
 * Keeps recent results of a pure function of a text, because an item states the same text several times and each is
 * read several times. There are `results_max` places, and a text has one of them, by its length and some of its
 * characters: a Map takes twice as long, because it reads every new text as a whole and grows again whenever it is
 * emptied. A longer text than `length_max` is computed each time.
 */
export function memoize<Result>(
  compute: (text: string) => Result,
  { results_max, length_max }: { results_max: number; length_max: number },
): (text: string) => Result {
  const texts = new Array<string | undefined>(results_max).fill(undefined)
  const results = new Array<Result | undefined>(results_max).fill(undefined)
  return (text) => {
    if (text.length > length_max) return compute(text)
    const place = findPlace(text) % results_max
    if (texts[place] === text) return results[place] as Result
    const result = compute(text)
    texts[place] = text
    results[place] = result
    return result
  }
}

const CHARACTERS_READ = 6

/** Texts of one source often differ in the middle or at the end only. */
function findPlace(text: string): number {
  const { length } = text
  const step = Math.max(1, Math.floor(length / CHARACTERS_READ))
  let place = length
  for (let index = length - 1; index >= 0; index -= step) place = Math.imul(place, 31) + text.charCodeAt(index)
  return place >>> 0
}
