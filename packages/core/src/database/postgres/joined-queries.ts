import type { QueryResult } from 'kysely'
import type { ShortQuery } from '../compile-once.ts'
import { IS_SECOND } from './rows.ts'

/** A query without effects: no lock, no sequence, no setting. */
export const READ_PATTERN =
  /^\s*select\b(?![\s\S]*\b(?:for update|for share|nextval|setval|set_config|pg_advisory\w*|next_lead_id|limit_statements)\b)/i

/** A short query that waits, until its turn of the event loop ends, for another one to travel with. */
export interface HeldQuery {
  readonly query: ShortQuery
  /** Sends it alone. */
  send(): void
  /** Answers it. */
  settle(answer: QueryResult<never> | Promise<QueryResult<never>>): void
}

const TEXTS_MAX = 500

/**
 * Joins a short read with another one that follows in the same turn: one statement costs both sides less than two. Each
 * gets its own rows, as if it had been sent alone.
 */
export class JoinedQueries {
  #held: HeldQuery | undefined
  /** Names of columns, by the text of a short query. */
  readonly #columns = new Map<string, readonly string[]>()
  /** By the text of the first, then by that of the second; null where they cannot be joined. */
  readonly #texts = new Map<string, Map<string, string | null>>()

  /** `send` is called unless another query takes this one along. */
  hold(query: ShortQuery, send: () => Promise<QueryResult<never>>): Promise<QueryResult<never>> {
    this.flush()
    const { promise, resolve } = Promise.withResolvers<QueryResult<never>>()
    const held: HeldQuery = { query, send: () => resolve(send()), settle: resolve }
    this.#held = held
    // Runs when the request that asked has asked all that it can.
    process.nextTick(() => {
      if (this.#held === held) this.flush()
    })
    return promise
  }

  take(): HeldQuery | undefined {
    const held = this.#held
    this.#held = undefined
    return held
  }

  /** Sends the one that waits: what is sent next must not overtake it. */
  flush(): void {
    this.take()?.send()
  }

  /** Called with what a short query has answered. Only queries that have run by themselves are joined. */
  learn(text: string, columns: readonly { readonly name: string }[] = []): void {
    if (this.#columns.has(text)) return
    if (this.#columns.size >= TEXTS_MAX) this.#columns.clear()
    this.#columns.set(
      text,
      columns.map(({ name }) => name),
    )
  }

  /**
   * Returns one statement for two, with the values of the second before those of the first: the rows of the first, then
   * those of the second in their order, as {@link toJoinedRows} reads them. Null unless both only read.
   */
  join(first: ShortQuery, second: Partial<ShortQuery> & { readonly sql: string }): string | null {
    if (!second.is_short) return null
    const texts = this.#texts.get(first.sql) ?? new Map<string, string | null>()
    const known = texts.get(second.sql)
    if (known !== undefined) return known
    const columns = { first: this.#columns.get(first.sql), second: this.#columns.get(second.sql) }
    if (!columns.first || !columns.second) return null
    if (texts.size >= TEXTS_MAX) texts.clear()
    const canJoin = READ_PATTERN.test(first.sql) && READ_PATTERN.test(second.sql)
    const { sql, parameters } = second as ShortQuery
    const joined = canJoin
      ? `select one.*, false as ${IS_SECOND}, ${nulls(columns.second)} from (${shift(first.sql, parameters.length)}) as one
        union all select ${nulls(columns.first)}, true, other.* from (${sql}) as other`
      : null
    this.#texts.set(first.sql, texts.set(second.sql, joined))
    return joined
  }
}

/** They take the types of the columns that they stand for; those of the first query also give all rows their names. */
const nulls = (names: readonly string[]): string =>
  names.map((name) => `null as "${name.replaceAll('"', '""')}"`).join(', ')

/** The statement with its values behind so many others. */
const shift = (text: string, by: number): string =>
  text.replace(/\$(\d+)/g, (_, position: string) => `$${Number(position) + by}`)
