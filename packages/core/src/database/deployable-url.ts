import { type ConnectionTarget, ConnectionUrlError, isPrivateHost, parseConnectionUrl } from './connection-url.ts'

/**
 * What keeps a connection string from working on AWS, in sentences. Functions reach a database over the internet, over
 * IPv4, and trust it only with a verified certificate.
 */
export function findDeploymentProblemsOfUrl(
  database_url: string,
  has_ca_file: boolean,
  options: { is_read_only?: boolean } = {},
): string[] {
  let target: ConnectionTarget
  try {
    target = parseConnectionUrl(database_url, options)
  } catch (error) {
    if (error instanceof ConnectionUrlError) return [error.problem]
    throw error
  }
  const { host, provider, tls } = target
  if (isPrivateHost(host))
    return [`names ${host || 'no host'}, which functions on AWS cannot reach. Use an address on the internet.`]
  const problems: string[] = []
  const { username, password, pathname } = new URL(target.url)
  if (!username) problems.push('names no user. Write it as postgres://user:password@host:5432/database.')
  else if (!password) problems.push('names no password. Write it as postgres://user:password@host:5432/database.')
  if (pathname.length <= 1) problems.push('names no database. Add it behind the host: …:5432/database.')
  if (tls === 'off')
    problems.push('switches encryption off. Remove the parameter: the connection then uses verified TLS.')
  if (tls === 'unverified')
    problems.push(
      'does not verify the certificate of the database. Remove the parameter; for a private CA set DATABASE_CA_FILE.',
    )
  if (provider === 'supabase_direct')
    problems.push(
      "is Supabase's direct address, which is IPv6 only; functions have no way there. Use the pooler's: Supabase → " +
        'Connect → Transaction pooler (…pooler.supabase.com:6543).',
    )
  if ((provider === 'supabase_direct' || provider === 'supabase_pooler') && tls === 'verified' && !has_ca_file)
    problems.push(
      'is at Supabase, which signs certificates with its own root. Download it (Supabase → Project Settings → Database → ' +
        'SSL Configuration → Download certificate) and set DATABASE_CA_FILE to the file.',
    )
  return problems
}
