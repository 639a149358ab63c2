import type { SearchWord } from '../database/engine.ts'
import { Problem } from '../problem.ts'

/** Each word costs a lookup, and more words hardly narrow a search. */
const WORDS_MAX = 8

/** Keeps the case: each engine folds it as in its index, İ for example not as JavaScript does. */
export const splitWords = (text: string): string[] => text.normalize('NFC').match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

/** Parses the words of a search; each is a prefix. @throws Problem invalid_request if there are none */
export function parseSearchWords(text: string): SearchWord[] {
  const words = [...new Set(splitWords(text))].slice(0, WORDS_MAX)
  if (words.length > 0) return words.map((word) => ({ text: word, is_prefix: true }))
  const detail = 'Search for letters or digits.'
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'q', detail }] })
}

/** Returns the whole words of a tag, to find its rows in the index of words. The tag itself is compared later. */
export function toTagWords(tag: string): SearchWord[] {
  return splitWords(tag)
    .slice(0, WORDS_MAX)
    .map((word) => ({ text: word, is_prefix: false }))
}
