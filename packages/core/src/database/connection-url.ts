import { type DeployableEngine, isDeployable, parseEngineName } from './engine-names.ts'

/**
 * Reads a connection string as providers hand it out. Their parameters are honoured or dropped on purpose; an unknown
 * one is refused by name, since a driver would send it to the server or ignore it without a word.
 */
export interface ConnectionTarget {
  engine: DeployableEngine
  provider: DatabaseProvider
  host: string
  port: number
  /** The URL for the driver: without parameters that only this module reads. */
  url: string
  /** Whether statements may be prepared; a pooler that hands out connections per transaction cannot keep them. */
  prepare: boolean
  tls: TlsMode
  /** File with the CA certificates, from `sslrootcert`. */
  ca_file: string | undefined
}

/** `verified`: certificate and host name; `unverified`: encrypted, but the server's certificate is not checked. */
export type TlsMode = 'verified' | 'unverified' | 'off'

export type DatabaseProvider = 'neon' | 'supabase_direct' | 'supabase_pooler' | 'rds' | 'planetscale' | 'other'

/** A connection string that cannot be used. `problem` lacks the subject: the fault, and how to fix it. */
export class ConnectionUrlError extends Error {
  readonly problem: string

  constructor(problem: string) {
    super(`DATABASE_URL ${problem}`)
    this.name = 'ConnectionUrlError'
    this.problem = problem
  }
}

/** Settings of a PostgreSQL session that a connection string may contain. */
const POSTGRES_SESSION_PARAMETERS = new Set(
  'application_name client_min_messages connect_timeout lock_timeout options search_path statement_timeout target_session_attrs timezone'.split(
    ' ',
  ),
)

/**
 * Parameters of other clients, without meaning here. `channel_binding` is in Neon's own strings: TLS with a verified
 * certificate protects the login in its place.
 */
const DROPPED_PARAMETERS = new Set(
  'channel_binding connection_limit fallback_application_name gssencmode keepalives keepalives_idle pool_timeout sslnegotiation supa uselibpqcompat workaround'.split(
    ' ',
  ),
)

/** Poolers refuse these at the start of a connection, as the next transaction may be that of another client. */
const UNPOOLED_PARAMETERS = new Set('client_min_messages lock_timeout search_path statement_timeout'.split(' '))

const DEFAULT_PORTS = { postgres: 5432, mysql: 3306 } as const
/** Supabase's pooler for transactions, and the port that PgBouncer's manual uses. */
const TRANSACTION_POOLER_PORTS = new Set([6543, 6432])

/** @throws ConnectionUrlError */
export function parseConnectionUrl(database_url: string, { is_read_only = false } = {}): ConnectionTarget {
  const engine = readEngine(database_url)
  const url = parseUrl(database_url.replace(/^mariadb:/i, 'mysql:'))
  assertPassword(url)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port) || DEFAULT_PORTS[engine]
  const provider = findProvider(host)
  if (!is_read_only) assertWritable(host, provider)
  const parameters = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
  url.search = ''
  const take = (name: string): string | undefined => {
    const value = parameters.get(name)
    parameters.delete(name)
    return value
  }
  const ca_file = take('sslrootcert')
  const target = {
    engine,
    provider,
    host,
    port,
    prepare: readPrepare({ prepare: take('prepare'), pgbouncer: take('pgbouncer'), host, port, provider }),
    tls: engine === 'postgres' ? readPostgresTls(take('sslmode'), ca_file, host) : readMysqlTls(take, host),
    ca_file: ca_file === 'system' ? undefined : ca_file,
  }
  for (const [name, value] of parameters) {
    if (DROPPED_PARAMETERS.has(name)) continue
    if (engine === 'mysql' || !POSTGRES_SESSION_PARAMETERS.has(name)) throw unknownParameter(name, engine)
    if (!target.prepare) assertPoolable(name, value)
    url.searchParams.set(name, value)
  }
  return { ...target, url: url.toString() }
}

/** @throws ConnectionUrlError also for a database in a file */
function readEngine(database_url: string): DeployableEngine {
  try {
    const engine = parseEngineName(database_url)
    if (isDeployable(engine)) return engine
  } catch {
    if (/^\s*psql\s/i.test(database_url))
      throw new ConnectionUrlError('is a command of psql. Use only the address in its quotation marks: postgresql://…')
    if (/^[\s"'`]/.test(database_url))
      throw new ConnectionUrlError('begins with a quotation mark or a space. Remove it, and the one at the end.')
    throw new ConnectionUrlError(
      'must begin with postgres:// or mysql://. A host name alone is not enough: write ' +
        'postgres://user:password@host:5432/database.',
    )
  }
  throw new ConnectionUrlError('is a file, not a server.')
}

function parseUrl(database_url: string): URL {
  if (/@[^@/?]*,[^@/?]*(\/|\?|$)/.test(database_url))
    throw new ConnectionUrlError('names several hosts. Name one: that of the primary server.')
  try {
    return new URL(database_url)
  } catch {
    throw new ConnectionUrlError(
      'is not a URL. Write it as postgres://user:password@host:5432/leads and percent-encode special characters of ' +
        'the password (# is %23, / is %2F, @ is %40).',
    )
  }
}

/** Drivers decode what is before the host; text that cannot be decoded would end each connection with "URI malformed". */
function assertPassword(url: URL): void {
  let password: string
  try {
    password = decodeURIComponent(url.password)
    decodeURIComponent(url.username)
  } catch {
    throw new ConnectionUrlError(
      'has a % in its user or password that begins no escape. Percent-encode the password: % is %25.',
    )
  }
  // As consoles show it before it is revealed or filled in.
  if (/^(\*+|<.*>|\[your[-_ ].*\])$/i.test(password))
    throw new ConnectionUrlError('contains a placeholder. Replace it by the password of the database.')
}

function assertWritable(host: string, provider: DatabaseProvider): void {
  if (provider === 'rds' && host.includes('.cluster-ro-'))
    throw new ConnectionUrlError(
      `is Aurora's address for readers, which refuse writes. Use ${host.replace('.cluster-ro-', '.cluster-')}.`,
    )
}

function findProvider(host: string): DatabaseProvider {
  if (host.endsWith('.neon.tech')) return 'neon'
  if (/^db\.[a-z0-9]+\.supabase\.(co|com)$/.test(host)) return 'supabase_direct'
  if (host.endsWith('.pooler.supabase.com')) return 'supabase_pooler'
  if (/\.rds\.amazonaws\.com(\.cn)?$/.test(host)) return 'rds'
  if (host.endsWith('.psdb.cloud')) return 'planetscale'
  return 'other'
}

interface PrepareFacts {
  prepare: string | undefined
  pgbouncer: string | undefined
  host: string
  port: number
  provider: DatabaseProvider
}

function readPrepare({ prepare, pgbouncer, host, port, provider }: PrepareFacts): boolean {
  if (prepare !== undefined) return prepare !== 'false'
  const isNeonPooler = provider === 'neon' && /^[^.]+-pooler\./.test(host)
  return pgbouncer !== 'true' && !isNeonPooler && !TRANSACTION_POOLER_PORTS.has(port)
}

/** `options` may name the endpoint of Neon, which reads it itself. */
function assertPoolable(name: string, value: string): void {
  if (!UNPOOLED_PARAMETERS.has(name) && !(name === 'options' && /^\s*-/.test(value))) return
  throw new ConnectionUrlError(
    `has "${name}", which a pooler refuses. Remove it and set it on the role: alter role … set search_path = crm. ` +
      'Or use the address without the pooler.',
  )
}

/** libpq's modes, read strictly: what asks for encryption also verifies, since anyone in between could answer. */
function readPostgresTls(sslmode: string | undefined, ca_file: string | undefined, host: string): TlsMode {
  switch (sslmode) {
    case undefined:
      return ca_file === undefined && isPrivateHost(host) ? 'off' : 'verified'
    case 'disable':
      return 'off'
    case 'no-verify':
      return 'unverified'
    case 'allow':
    case 'prefer':
      return isPrivateHost(host) ? 'off' : 'verified'
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return 'verified'
    default:
      throw new ConnectionUrlError(
        `has sslmode=${sslmode}. Use verify-full; no-verify and disable are for networks that you trust.`,
      )
  }
}

/** `ssl` of mysql2 (JSON), `sslmode` and `ssl-mode` of MySQL's clients, `sslaccept` of PlanetScale's strings. */
function readMysqlTls(take: (name: string) => string | undefined, host: string): TlsMode {
  const ssl = take('ssl')
  const mode = (take('ssl-mode') ?? take('sslmode'))?.toLowerCase().replaceAll('_', '-')
  const accept = take('sslaccept')
  if (mode !== undefined) {
    if (mode === 'disabled' || mode === 'disable') return 'off'
    if (mode === 'no-verify') return 'unverified'
    return mode === 'preferred' && isPrivateHost(host) ? 'off' : 'verified'
  }
  if (accept !== undefined) return accept === 'accept_invalid_certs' ? 'unverified' : 'verified'
  if (ssl === undefined) return isPrivateHost(host) ? 'off' : 'verified'
  if (ssl === 'false') return 'off'
  return /"?rejectUnauthorized"?\s*:\s*false/.test(ssl) ? 'unverified' : 'verified'
}

/** This machine, a private address, or a name without a domain, as containers and local networks have them. */
export function isPrivateHost(host: string): boolean {
  if (host === '' || !host.includes('.')) return !host.includes(':') || /^(::1$|f[cd]|fe80)/i.test(host)
  if (/\.(local|internal|localhost)$/i.test(host)) return true
  return /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host)
}

function unknownParameter(name: string, engine: DeployableEngine): ConnectionUrlError {
  if (name === 'sslcert' || name === 'sslkey')
    return new ConnectionUrlError(`has ${name}; client certificates are not supported. Use a password.`)
  const known =
    engine === 'mysql'
      ? 'ssl, sslmode, sslaccept'
      : `sslmode, sslrootcert, prepare, ${[...POSTGRES_SESSION_PARAMETERS].join(', ')}`
  return new ConnectionUrlError(`has the unknown parameter "${name}". Remove it; known ones: ${known}.`)
}
