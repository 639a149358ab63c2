import { type Kysely, sql } from 'kysely'
import type { Db, Pipeline } from './engine.ts'
import type { Tables } from './tables.ts'

type Transact = <Result>(work: (kysely: Kysely<Tables>, pipeline?: Pipeline) => Promise<Result>) => Promise<Result>

/** Shared by all handles of one transaction. */
interface TransactionState {
  /** Savepoints that are set at the moment. */
  open_savepoints: number
  /** The error after which the transaction cannot be committed. */
  fatal_error: Error | undefined
}

interface TransactionHandle extends Db {
  readonly transaction: TransactionState
  /** Savepoints around this handle. */
  readonly depth: number
  readonly sendAhead?: Pipeline['sendAhead']
}

/**
 * Runs `work` in a transaction: all of it is committed or, if it throws, nothing. Inside another transaction it is a
 * savepoint: the outer work may catch the error and continue. A deadlock always ends the outermost transaction, because
 * MySQL has rolled back all of it. Nested transactions must not overlap. The handle that `work` receives must be used
 * for everything in it.
 */
export async function withTransaction<Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> {
  if (db.isInTransaction) return withSavepoint(db as TransactionHandle, work)
  const transaction: TransactionState = { open_savepoints: 0, fatal_error: undefined }
  const transact: Transact = db.transact ?? ((run) => db.kysely.transaction().execute((kysely) => run(kysely)))
  return transact(async (kysely, pipeline) => {
    const handle: TransactionHandle = {
      kysely,
      engine: db.engine,
      isInTransaction: true,
      transaction,
      depth: 0,
      ...pipeline,
    }
    const result = await work(handle)
    if (transaction.fatal_error) throw transaction.fatal_error
    return result
  })
}

/** Functions that start statements, with their results. */
type Statements<Results extends unknown[]> = { [Index in keyof Results]: () => Promise<Results[Index]> }

/**
 * Runs statements of a transaction that do not need each other's answers, in the order given: in one round trip where the
 * engine can. Elsewhere in turn, because after a failure the others could be sent when their transaction has ended.
 */
export async function runTogether<Results extends unknown[]>(
  trx: Db,
  ...statements: Statements<Results>
): Promise<Results> {
  const starts = statements as readonly (() => Promise<unknown>)[]
  if (trx.engine.has_pipelined_transactions) return (await Promise.all(starts.map((start) => start()))) as Results
  const results: unknown[] = []
  for (const start of starts) results.push(await start())
  return results as Results
}

/**
 * Runs the last statements of a transaction, which need no answer of each other, and commits it: in one round trip
 * where the engine can. If one of them fails, nothing is committed. Nothing may be sent in the transaction after them, and
 * an answer cannot prevent the commit any more. Inside another transaction that one decides. Each function starts exactly
 * one statement.
 */
export async function endTogether<Results extends unknown[]>(
  trx: Db,
  ...statements: Statements<Results>
): Promise<Results> {
  await trx.commitAfter?.(statements.length)
  return runTogether<Results>(trx, ...statements)
}

/**
 * Returns a handle whose transactions are committed only if `check` has passed in them: it is sent right behind their
 * beginning, together with the first statement of the work. Undefined where a transaction sends one statement at a time.
 */
export function withTransactionCheck(db: Db, check: (trx: Db) => Promise<void>): Db | undefined {
  const { kysely, engine, transact, isInTransaction } = db
  if (!transact || isInTransaction) return undefined
  return {
    kysely,
    engine,
    isInTransaction,
    transact: (work) =>
      transact(async (trx, { commitAfter, sendAhead }) => {
        const checking = check({ kysely: trx, engine, isInTransaction: true })
        const working = work(trx, {
          sendAhead,
          async commitAfter(count) {
            await checking
            await commitAfter(count)
          },
        })
        const [checked, worked] = await Promise.allSettled([checking, working])
        if (checked.status === 'rejected') throw checked.reason
        if (worked.status === 'rejected') throw worked.reason
        return worked.value
      }),
  }
}

async function withSavepoint<Result>(db: TransactionHandle, work: (trx: Db) => Promise<Result>): Promise<Result> {
  const { engine, transaction, depth } = db
  if (transaction.fatal_error) throw transaction.fatal_error
  if (transaction.open_savepoints !== depth) throw new Error('Nested transactions overlap: run them in sequence.')
  // Named by depth: few statement texts, so few prepared statements.
  const name = `nested_${depth + 1}`
  transaction.open_savepoints += 1
  try {
    await runAhead(db, `savepoint ${name}`)
    const { commitAfter: _outer, ...handle } = db
    const result = await work({ ...handle, depth: depth + 1 } as TransactionHandle)
    if (transaction.fatal_error) throw transaction.fatal_error
    await runAhead(db, `release savepoint ${name}`)
    return result
  } catch (error) {
    if (engine.classifyError(error) === 'deadlock') transaction.fatal_error ??= error as Error
    if (!transaction.fatal_error) await rollBackToSavepoint(db, name, error as Error)
    throw error
  } finally {
    transaction.open_savepoints -= 1
  }
}

/** Runs a statement whose answer is awaited only where the next one cannot be sent before it. */
async function runAhead({ kysely, transaction, sendAhead }: TransactionHandle, text: string): Promise<void> {
  if (!sendAhead) {
    await sql.raw(text).execute(kysely)
    return
  }
  sendAhead(text).catch((error: Error) => {
    transaction.fatal_error ??= error
  })
}

/** A savepoint that cannot be restored, e.g. on a lost connection, ends the transaction. */
async function rollBackToSavepoint({ kysely, transaction }: TransactionHandle, name: string, cause: Error) {
  try {
    await sql.raw(`rollback to savepoint ${name}`).execute(kysely)
    // A savepoint outlives the rollback to it.
    await sql.raw(`release savepoint ${name}`).execute(kysely)
  } catch {
    transaction.fatal_error ??= cause
  }
}
