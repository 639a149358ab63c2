import { parseConnectionUrl } from '../connection-url.ts'
import { createTlsOptions } from '../tls.ts'

/** Address and TLS options of mysql2. It compares the host name with the certificate only if configured. */
export async function createMysqlAddress(database_url: string) {
  const target = parseConnectionUrl(database_url)
  const tls = await createTlsOptions(target)
  return { uri: target.url, ...(tls && { ssl: { ...tls, verifyIdentity: tls.rejectUnauthorized } }) }
}
