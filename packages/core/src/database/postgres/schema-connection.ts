import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import { parseConnectionUrl } from '../connection-url.ts'
import { DDL_LOCK_WAIT_MS, MIGRATION_LOCK_WAIT_S, type SchemaConnection } from '../migrations/schema-connection.ts'
import { SchemaError } from '../migrations/schema-error.ts'
import { createTlsOptions } from '../tls.ts'
import { setMissingDefaults } from './session-defaults.ts'

/** Any fixed number that no other program's advisory lock is likely to have: "leads" in ASCII. */
const MIGRATION_LOCK = 0x6c65616473

/** Locks and settings belong to a transaction, never to the session: a proxy may pool transactions. */
export async function openPostgresSchema(database_url: string): Promise<SchemaConnection> {
  const target = parseConnectionUrl(database_url)
  const settings = {
    ssl: await createTlsOptions(target),
    max: 1,
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'leads migrate' },
  }
  const sql = postgres(target.url, settings)
  let current: postgres.Sql | postgres.TransactionSql = sql
  const query: SchemaConnection['query'] = (text, values = []) => {
    let position = 0
    const numbered = text.replaceAll('?', () => `$${++position}`)
    return current.unsafe(numbered, [...values]).then((rows) => [...rows])
  }
  return {
    has_transactional_ddl: true,
    query,
    async run(text) {
      await current.unsafe(text)
    },
    async hasTable(table) {
      const [row] = await query('select to_regclass(?) is not null as found', [table])
      return row?.found === true
    },
    async withMigrationLock<Result>(work: () => Promise<Result>) {
      return withLock(sql, async (trx) => {
        await trx.unsafe(`set local lock_timeout = '${DDL_LOCK_WAIT_MS}ms'`)
        current = trx
        return work()
      }).finally(() => {
        current = sql
      })
    },
    // Another connection keeps the lock, in a transaction that does nothing: statements of the work commit by themselves.
    async withOnlineLock(work) {
      const guard = postgres(target.url, settings)
      try {
        return await withLock(guard, work)
      } finally {
        await guard.end({ timeout: 5 })
      }
    },
    runOnline: (text) => runOnline(sql, text),
    setSessionDefaults: () => setMissingDefaults(sql),
    isLockTimeout: (error) => (error as { code?: unknown } | undefined)?.code === LOCK_NOT_AVAILABLE,
    close: () => sql.end({ timeout: 5 }),
  }
}

const LOCK_POLL_MS = 100

/** Whatever the default is: a snapshot that a transaction keeps would be waited for as the transaction itself. */
const READ_COMMITTED = 'isolation level read committed'

/** SQLSTATE of a statement that waited too long for a lock. */
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Runs `work` in a transaction that has the migration lock. A process that waits for the lock asks for it in one short
 * transaction after another: `create index concurrently` of the migration that has the lock waits for the end of every
 * transaction that it once met with an older snapshot, so neither would ever end if the wait were one transaction.
 */
async function withLock<Result>(
  sql: postgres.Sql,
  work: (trx: postgres.TransactionSql) => Promise<Result>,
): Promise<Result> {
  const give_up_at = Date.now() + MIGRATION_LOCK_WAIT_S * 1000
  for (;;) {
    // In a box, because the driver would look for promises to await in what a transaction returns.
    const box: { result?: Result } = {}
    const is_taken = await sql.begin(READ_COMMITTED, async (trx) => {
      await trx.unsafe('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
      const [row] = await trx.unsafe(`select pg_try_advisory_xact_lock(${MIGRATION_LOCK}) as is_taken`)
      if (row?.is_taken !== true) return false
      box.result = await work(trx)
      return true
    })
    if (is_taken) return box.result as Result
    if (Date.now() > give_up_at)
      throw new SchemaError('migration_busy', `Another migration has been running for ${MIGRATION_LOCK_WAIT_S} s.`)
    await setTimeout(LOCK_POLL_MS)
  }
}

/** Runs one statement that commits by itself. Returns the number of rows that it changed. */
async function runOnline(sql: postgres.Sql, text: string): Promise<number> {
  if (!/\bconcurrently\b/i.test(text))
    return sql.begin(async (trx) => {
      await trx.unsafe(`set local lock_timeout = '${DDL_LOCK_WAIT_MS}ms'; set local statement_timeout = 0`)
      return (await trx.unsafe(text)).count ?? 0
    })
  await dropInvalidIndexes(sql)
  // A build runs in no transaction that could have the setting for itself.
  await sql.unsafe('set statement_timeout = 0')
  await sql.unsafe(text)
  await sql.unsafe('reset statement_timeout')
  return 0
}

/** A concurrent build that was stopped leaves its index behind: it costs every write and serves no query. */
async function dropInvalidIndexes(sql: postgres.Sql): Promise<void> {
  const rows = await sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where not i.indisvalid and n.nspname = current_schema()`
  for (const { name } of rows) await sql.unsafe(`drop index concurrently if exists ${name}`)
}
