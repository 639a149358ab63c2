import type { ColumnSample, Db, SearchWord, WordFrequencies } from '../database/engine.ts'
import { splitWords } from './search-words.ts'

/**
 * Rows of rare words in which more frequent ones are looked for, instead of in the index of words, which reads all rows of
 * a word. By the rows of the most frequent one.
 */
const CHECKED_ROWS = [
  { frequent_rows_min: 1_000_000, checked_max: 10_000 },
  { frequent_rows_min: 20_000, checked_max: 1000 },
  { frequent_rows_min: 0, checked_max: 100 },
] as const

/** From so many rows on a word is looked for in the rows of the others, and of a word of which nothing is known. */
const FREQUENT_ROWS_MIN = 20_000
const UNCOMMON_ROWS_MIN = 1500

/** Of smaller tables the index of words finds any word at once. */
const ESTIMATED_ROWS_MIN = 20_000
/** The server renews its statistics when a tenth of a table has changed. */
const KEPT_MS = 600_000

/** A value that stands for others may be the only one with its words: then most of the rest would have to be read. */
const SAMPLED_VALUES_MIN = 2

/** The words of a value, folded, and the share of the rows that the value stands for. */
type SampledWords = readonly { words: readonly string[]; share: number; is_common: boolean }[]

interface KnownWords {
  rows_count: number
  shares: WordFrequencies['shares']
  /** By column. */
  samples: readonly SampledWords[]
}

interface Kept {
  known: Promise<KnownWords>
  read_ms: number
}
/** By connection pool, then by table. */
const kept = new WeakMap<object, Map<string, Kept>>()

const NOTHING_KNOWN: KnownWords = { rows_count: 0, shares: new Map(), samples: [] }

function readKept({ kysely }: Db, table: string, read: () => Promise<WordFrequencies>): Promise<KnownWords> {
  const tables = kept.get(kysely) ?? new Map<string, Kept>()
  kept.set(kysely, tables)
  const found = tables.get(table)
  if (found && performance.now() - found.read_ms < KEPT_MS) return found.known
  // They only choose between ways to the same rows: without them the search is as right.
  const known = read().then(
    ({ rows_count, shares, samples }) => ({ rows_count, shares, samples: samples.map(toWords) }),
    () => NOTHING_KNOWN,
  )
  tables.set(table, { known, read_ms: performance.now() })
  return known
}

const toWords = (sample: ColumnSample): SampledWords =>
  sample.map(({ text, share, is_common }) => ({ words: splitWords(text.toLowerCase()), share, is_common }))

export interface EstimatedWord {
  word: SearchWord
  /** The share of the rows, 0-1, that have it; 0 if nothing is known of it: then it is in few. */
  share: number
  rows: number
}

export interface EstimatedWords {
  rows_count: number
  words: readonly EstimatedWord[]
}

/** Tells by the server's statistics how frequent the words are. They may be old, or missing. */
export async function estimateWords(db: Db, table: string, words: readonly SearchWord[]): Promise<EstimatedWords> {
  const { wordStatistics } = db.engine
  const isAsked = wordStatistics && words.length > 0 && !db.isInTransaction
  const known = isAsked ? await readKept(db, table, () => wordStatistics.readFrequencies(db, table)) : NOTHING_KNOWN
  const { rows_count } = known
  const estimate = (word: SearchWord): EstimatedWord => {
    const share = rows_count < ESTIMATED_ROWS_MIN ? 0 : shareOf(word, known)
    return { word, share, rows: share * rows_count }
  }
  return { rows_count, words: words.map(estimate) }
}

/**
 * A prefix is in the rows of each word that begins with it. Where these words are many and each is in few rows, none of
 * them is known, and a value in a hundred tells of them.
 */
function shareOf({ text, is_prefix }: SearchWord, { shares, samples }: KnownWords): number {
  const folded = text.toLowerCase()
  if (!is_prefix) return shares.get(folded) ?? 0
  const begins = (word: string): boolean => word.startsWith(folded)
  let missing = 1
  for (const [word, share] of shares) if (begins(word)) missing *= 1 - share
  let unsampled = 1
  for (const sample of samples) {
    const found = sample.filter(({ words }) => words.some(begins))
    const isSure = found.length >= SAMPLED_VALUES_MIN || found.some(({ is_common }) => is_common)
    if (isSure)
      unsampled *=
        1 -
        Math.min(
          1,
          found.reduce((sum, { share }) => sum + share, 0),
        )
  }
  return 1 - Math.min(missing, unsampled)
}

export interface WordParts {
  rare: readonly SearchWord[]
  /** Rows of these words, if each is beside the others as frequent as alone; 0 if nothing is known of one. */
  rare_rows: number
  /** Looked for in the rows of the others. */
  checked: readonly SearchWord[]
  /** In so many rows it pays to look for them. */
  checked_max: number
  /** The share of the rows, 0-1, that have all words. */
  share: number
  /** Rows of each word, together. */
  index_rows: number
}

/** Splits the words of a search into those for the index of words and those that are too frequent for it. */
export function splitByFrequency({ words, rows_count }: EstimatedWords): WordParts {
  const checked_min = words.some(({ share }) => share === 0) ? UNCOMMON_ROWS_MIN : FREQUENT_ROWS_MIN
  const [rarest, ...others] = words.toSorted((a, b) => a.rows - b.rows)
  const checked = others.filter(({ rows }) => rows >= checked_min)
  const rare = [...(rarest ? [rarest] : []), ...others.filter(({ rows }) => rows < checked_min)]
  const most = Math.max(0, ...checked.map(({ rows }) => rows))
  const shareOfAll = (all: readonly EstimatedWord[]): number => all.reduce((share, word) => share * word.share, 1)
  return {
    rare: rare.map(({ word }) => word),
    rare_rows: shareOfAll(rare) * rows_count,
    checked: checked.map(({ word }) => word),
    checked_max: CHECKED_ROWS.find(({ frequent_rows_min }) => most >= frequent_rows_min)?.checked_max ?? 0,
    share: shareOfAll(words),
    index_rows: words.reduce((sum, { rows }) => sum + rows, 0),
  }
}
