import { isPlannedEachTime } from '../planned-each-time.ts'

/**
 * Statements that one connection prepares at most. The server keeps each until the connection closes, with its plan:
 * 24 re-scraped pages with lists of changing lengths took a backend from 3.6 to 69 MB when every text was prepared.
 */
export const PREPARED_TEXTS_MAX = 64

/** Texts that are remembered to find those that come again. */
const RECENT_TEXTS_MAX = 256

/** A statement with more values contains a list. Its text rarely comes again. */
const PREPARED_PARAMETERS_MAX = 64

/** Decides which statements a connection prepares: those whose text comes a second time, up to a limit. */
export class PreparedTexts {
  readonly #prepared = new Set<string>()
  readonly #recent = new Set<string>()

  shouldPrepare(text: string, parameters: number): boolean {
    if (this.#prepared.has(text)) return true
    if (isPlannedEachTime(text)) return false
    if (parameters > PREPARED_PARAMETERS_MAX || this.#prepared.size >= PREPARED_TEXTS_MAX) return false
    if (this.#recent.delete(text)) {
      this.#prepared.add(text)
      return true
    }
    if (this.#recent.size >= RECENT_TEXTS_MAX) this.#recent.delete(this.#recent.values().next().value as string)
    this.#recent.add(text)
    return false
  }
}
