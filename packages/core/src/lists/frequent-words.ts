import type { Db, SearchWord, WordFrequencies } from '../database/engine.ts'

/** Words in fewer rows are found in the index of words within 2 ms; it reads all rows of a word. */
const FREQUENT_ROWS_MIN = 20_000
/** The server renews its statistics when a tenth of a table has changed. */
const KEPT_MS = 600_000

interface Kept {
  frequencies: Promise<WordFrequencies>
  read_ms: number
}
/** By connection pool, then by table. */
const kept = new WeakMap<object, Map<string, Kept>>()

function readKept({ kysely }: Db, table: string, read: () => Promise<WordFrequencies>): Promise<WordFrequencies> {
  const tables = kept.get(kysely) ?? new Map<string, Kept>()
  kept.set(kysely, tables)
  const found = tables.get(table)
  if (found && performance.now() - found.read_ms < KEPT_MS) return found.frequencies
  // They only choose between ways to the same rows: without them the search is as right.
  const frequencies = read().catch((): WordFrequencies => ({ rows_count: 0, shares: new Map() }))
  tables.set(table, { frequencies, read_ms: performance.now() })
  return frequencies
}

export interface FrequentWords {
  words: readonly SearchWord[]
  /** The share of the rows that have all of them, if each is as frequent beside the others as alone. */
  share: number
}

/** Returns those of the words of which the server's statistics say that very many rows have them. */
export async function findFrequentWords(db: Db, table: string, words: readonly SearchWord[]): Promise<FrequentWords> {
  const { wordStatistics } = db.engine
  if (!wordStatistics || words.length === 0 || db.isInTransaction) return { words: [], share: 1 }
  const { rows_count, shares } = await readKept(db, table, () => wordStatistics.readFrequencies(db, table))
  const isFrequent = (word: SearchWord): boolean => shareOf(word, shares) * rows_count >= FREQUENT_ROWS_MIN
  const frequent = rows_count < FREQUENT_ROWS_MIN ? [] : words.filter(isFrequent)
  return { words: frequent, share: frequent.reduce((share, word) => share * shareOf(word, shares), 1) }
}

/** A prefix is in the rows of each word that begins with it. */
function shareOf({ text, is_prefix }: SearchWord, shares: WordFrequencies['shares']): number {
  const folded = text.toLowerCase()
  if (!is_prefix) return shares.get(folded) ?? 0
  let missing = 1
  for (const [word, share] of shares) if (word.startsWith(folded)) missing *= 1 - share
  return 1 - missing
}
