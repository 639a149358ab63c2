import type postgres from 'postgres'

/**
 * Time limits that every session of the role has in this database. A function that died leaves its query running on the
 * server, and a half-done transaction its locks. On the role, because a `set` of the session would keep a proxy from
 * sharing its connection, and would be left to the next client of a pooler. Longer than an invocation lasts on AWS.
 */
export const sessionDefaults = {
  statement_timeout: '15min',
  idle_in_transaction_session_timeout: '1min',
  /** Ends a query whose client is gone. */
  client_connection_check_interval: '5s',
} as const

type SettingName = keyof typeof sessionDefaults
const names = Object.keys(sessionDefaults) as SettingName[]

/** The limits that are not set for a new session. */
export async function findMissingDefaults(sql: postgres.Sql): Promise<SettingName[]> {
  const rows = await sql<{ name: SettingName }[]>`
    select name from pg_settings where name in ${sql(names)} and reset_val = '0' order by name`
  return rows.map(({ name }) => name)
}

/**
 * Sets the limits that are not set yet. A server that does not let the role do so, or does not know the setting, works
 * without it.
 */
export async function setMissingDefaults(sql: postgres.Sql): Promise<void> {
  const [database] = await sql<{ name: string }[]>`select quote_ident(current_database()) as name`
  for (const name of await findMissingDefaults(sql)) {
    try {
      await sql.unsafe(`alter role session_user in database ${database?.name} set ${name} = '${sessionDefaults[name]}'`)
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }
}

/** An answer of the server, as opposed to a lost connection. */
const isRefusal = (error: unknown): boolean => /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code))
