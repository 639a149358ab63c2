import type { EngineName } from './engine.ts'

/** Which engine a `DATABASE_URL` names by its scheme. Throws an Error that says what is accepted. */
export function parseEngineName(database_url: string): EngineName {
  const scheme = /^([a-z]+):/i.exec(database_url)?.[1]?.toLowerCase()
  if (scheme === 'postgres' || scheme === 'postgresql') return 'postgres'
  if (scheme === 'sqlite') return 'sqlite'
  if (scheme === 'mysql' || scheme === 'mariadb') return 'mysql'
  throw new Error(
    'DATABASE_URL must begin with postgres://, sqlite: or mysql://, e.g. sqlite:.data/leads.db or ' +
      'postgres://user:password@host:5432/leads',
  )
}
