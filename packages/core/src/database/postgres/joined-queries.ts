import type { QueryResult } from 'kysely'
import type { ShortQuery } from '../short-query.ts'
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

  /**
   * Returns one statement for two, with the values of the second before those of the first: {@link toJoinedRows} reads
   * its rows. Each has the one row of the first and a row of the second, in their order: a join without a condition is a
   * loop over the rows of its left side. Null unless both only read.
   */
  join(first: ShortQuery, second: Partial<ShortQuery> & { readonly sql: string }): string | null {
    if (!second.is_short) return null
    const texts = this.#texts.get(first.sql) ?? new Map<string, string | null>()
    const known = texts.get(second.sql)
    if (known !== undefined) return known
    if (texts.size >= TEXTS_MAX) texts.clear()
    const canJoin = READ_PATTERN.test(first.sql) && READ_PATTERN.test(second.sql)
    const { sql, parameters } = second as ShortQuery
    const joined = canJoin
      ? `select true, one.*, other.* from (${shift(first.sql, parameters.length)}) as one
        left join (select true as ${IS_SECOND}, read.* from (${sql}) as read) as other on true`
      : null
    this.#texts.set(first.sql, texts.set(second.sql, joined))
    return joined
  }
}

/** The statement with its values behind so many others. */
const shift = (text: string, by: number): string =>
  text.replace(/\$(\d+)/g, (_, position: string) => `$${Number(position) + by}`)
