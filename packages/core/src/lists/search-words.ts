import type { SearchWord } from '../database/engine.ts'
import { Problem } from '../problem.ts'

/** More words narrow a search no further; each costs a look-up. */
const WORDS_MAX = 8

const split = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

/** The words of a search, each the beginning of a word to find. @throws Problem invalid_request when there are none */
export function parseSearchWords(text: string): SearchWord[] {
  const words = [...new Set(split(text))].slice(0, WORDS_MAX)
  if (words.length > 0) return words.map((word) => ({ text: word, is_prefix: true }))
  const detail = 'Search for letters or digits.'
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'q', detail }] })
}

/** The words of a tag, whole: they find its rows in the index of words; the tag itself is compared after. */
export function toTagWords(tag: string): SearchWord[] {
  return split(tag)
    .slice(0, WORDS_MAX)
    .map((word) => ({ text: word, is_prefix: false }))
}
