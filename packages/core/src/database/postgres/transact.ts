import type { Kysely } from 'kysely'
import type { Sql } from 'postgres'
import type { Pipeline } from '../engine.ts'
import type { Tables } from '../tables.ts'
import type { ConnectionPool } from './connection-pool.ts'
import type { ConnectionSource } from './pooled-connection.ts'

/**
 * A client whose machine is gone leaves its connection half open: the server would keep the transaction, and with it the
 * lock on the run's checkpoint, until TCP notices (two hours by default). Local to the transaction, in the same message as
 * its begin: no round trip, and nothing left behind for the next client of a pooling proxy.
 */
const IDLE_TIMEOUT_SQL = "set local idle_in_transaction_session_timeout = '30s'"

/**
 * Runs `work` in a transaction. Its connection takes statements before it has answered those before: `begin` travels with
 * the first one, except behind a pooler, and statements that do not depend on each other can be sent together.
 */
export async function transact<Result>(
  connections: ConnectionPool,
  open: (source: ConnectionSource) => Kysely<Tables>,
  work: (kysely: Kysely<Tables>, pipeline: Pipeline) => Promise<Result>,
): Promise<Result> {
  const link = await connections.acquireExclusive()
  let hasEnded = false
  /** After a failure, what was started beside it would be written on its own. */
  const refuseIfEnded = () => {
    if (hasEnded) throw new Error('The transaction has ended.')
  }
  const send = (text: string) => connections.run(link, (sql: Sql) => sql.unsafe(text))
  try {
    // Where this fails, the connection is lost, so that the first statement cannot run outside the transaction.
    const begun = send(`begin; ${IDLE_TIMEOUT_SQL}`)
    begun.catch(() => {})
    if (!connections.canPipeline) await begun
    let statements_left = Number.POSITIVE_INFINITY
    let committed: ReturnType<typeof send> | undefined
    const commit = (): ReturnType<typeof send> => {
      hasEnded = true
      committed ??= send('commit')
      return committed
    }
    const kysely = open({
      async acquireShared() {
        refuseIfEnded()
        return link
      },
      release() {},
      run(on, query) {
        const answer = connections.run(on, query)
        statements_left -= 1
        if (statements_left === 0) commit().catch(() => {})
        return answer
      },
      async close() {},
    })
    try {
      const result = await work(kysely, {
        async sendAhead(text) {
          refuseIfEnded()
          return send(text)
        },
        async commitAfter(statements_count) {
          statements_left = statements_count
        },
      })
      const [, { command }] = await Promise.all([begun, commit()])
      // After a failed statement the server answers a commit by a rollback.
      if (command !== 'COMMIT')
        throw new Error('A statement of the transaction failed, so nothing of it was committed.')
      return result
    } catch (error) {
      hasEnded = true
      // The server has rolled back what was on a lost connection. The first error says why.
      if (committed) await committed.catch(() => {})
      else if (!link.isClosed) await send('rollback').catch(() => {})
      throw error
    }
  } finally {
    connections.release(link)
  }
}
