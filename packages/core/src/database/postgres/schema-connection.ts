import postgres from 'postgres'
import { parseConnectionUrl } from '../connection-url.ts'
import { MIGRATION_LOCK_WAIT_S, type SchemaConnection } from '../migrations/schema-connection.ts'
import { SchemaError } from '../migrations/schema-error.ts'
import { createTlsOptions } from '../tls.ts'

/** Any fixed number that no other program's advisory lock is likely to have: "leads" in ASCII. */
const MIGRATION_LOCK = 0x6c65616473

/**
 * Seconds that DDL waits for a table that is in use. Every later query waits behind a waiting DDL. Therefore the
 * migration stops without changes and is run again, rather than blocking the imports.
 */
const DDL_WAIT_S = 30

/** Locks and settings belong to a transaction, never to the session: a proxy may pool transactions. */
export async function openPostgresSchema(database_url: string): Promise<SchemaConnection> {
  const target = parseConnectionUrl(database_url)
  const sql = postgres(target.url, {
    ssl: await createTlsOptions(target),
    max: 1,
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'leads migrate' },
  })
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
      // In a box, because the driver would look for promises to await in what a transaction returns.
      const box: { result?: Result } = {}
      await sql
        .begin(async (trx) => {
          await trx.unsafe(`set local statement_timeout = 0; set local lock_timeout = '${MIGRATION_LOCK_WAIT_S}s'`)
          try {
            await trx.unsafe(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
          } catch (error) {
            if ((error as { code?: unknown }).code !== '55P03') throw error
            throw new SchemaError(
              'migration_busy',
              `Another migration has been running for ${MIGRATION_LOCK_WAIT_S} s.`,
            )
          }
          await trx.unsafe(`set local lock_timeout = '${DDL_WAIT_S}s'`)
          current = trx
          box.result = await work()
        })
        .finally(() => {
          current = sql
        })
      return box.result as Result
    },
    close: () => sql.end({ timeout: 5 }),
  }
}
