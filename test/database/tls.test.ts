import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '@leads/core/database/engine'
import { findEngineModules } from '@leads/core/database/engines'
import { openDatabase } from '@leads/core/database/open-database'
import { createTlsOptions } from '@leads/core/database/tls'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startPostgres, type TestServer } from '../setup/postgres-server.ts'

const directory = join(inject('scratch_directory'), 'tls')
const file = (name: string) => join(directory, name)
let server: TestServer

/** A CA and a certificate of it for `localhost`, as a provider with a private root has them. */
function createCertificates(): void {
  mkdirSync(directory, { recursive: true })
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Invented CA')
  openssl('req', '-x509', ...key, '-keyout', 'x.key', '-out', 'other-ca.pem', '-days', '2', '-subj', '/CN=Another CA')
  const server_key = ['-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost']
  openssl('req', ...key, ...server_key, '-addext', 'subjectAltName=DNS:localhost')
  const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy']
  openssl('x509', '-req', '-in', 'server.csr', ...ca, '-out', 'server.pem', '-days', '2')
  // The server runs as another user and refuses a key that others may read.
  if (process.getuid?.() === 0) execFileSync('chmod', ['755', inject('scratch_directory'), directory])
  execFileSync('chmod', ['600', file('server.key')])
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', file('server.key'), file('server.pem')])
}

async function connect(url: string, env: Record<string, string> = {}): Promise<boolean> {
  const before = { ...process.env }
  Object.assign(process.env, env)
  let database: Database | undefined
  try {
    database = await openDatabase(url, { connections_max: 1, connect_timeout_s: 5 })
    const { rows } = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(
      database.kysely,
    )
    return rows[0]?.ssl === true
  } finally {
    process.env = before
    await database?.close()
  }
}

const urlOf = (host: string, parameters = '') =>
  `postgres://postgres:postgres@${host}:${server.port}/postgres${parameters}`

beforeAll(async () => {
  createCertificates()
  server = await startPostgres(directory, {
    settings: ['ssl=on', `ssl_cert_file=${file('server.pem')}`, `ssl_key_file=${file('server.key')}`],
  })
})
afterAll(() => server?.stop())

describe('TLS to a PostgreSQL server whose CA is private', () => {
  test('a certificate of an unknown CA is refused, also with sslmode=require', async () => {
    for (const mode of ['require', 'verify-ca', 'verify-full'])
      await expect(connect(urlOf('localhost', `?sslmode=${mode}`))).rejects.toThrow(/certificate/)
  })

  test('DATABASE_CA_FILE makes the certificate valid', async () => {
    const env = { DATABASE_CA_FILE: file('ca.pem') }
    expect(await connect(urlOf('localhost', '?sslmode=verify-full'), env)).toBe(true)
  })

  test('sslrootcert in the connection string makes the certificate valid and switches TLS on', async () => {
    expect(await connect(urlOf('localhost', `?sslrootcert=${file('ca.pem')}`))).toBe(true)
  })

  test('the certificate of another CA does not', async () => {
    const env = { DATABASE_CA_FILE: file('other-ca.pem') }
    await expect(connect(urlOf('localhost', '?sslmode=verify-full'), env)).rejects.toThrow(/certificate/)
  })

  test('a certificate for another name is refused, an address of digits included', async () => {
    const env = { DATABASE_CA_FILE: file('ca.pem') }
    await expect(connect(urlOf('127.0.0.1', '?sslmode=verify-full'), env)).rejects.toThrow(/IP|altnames/)
  })

  test('sslmode=no-verify encrypts without verification, and a private host without a mode stays plain', async () => {
    expect(await connect(urlOf('localhost', '?sslmode=no-verify'))).toBe(true)
    expect(await connect(urlOf('localhost'))).toBe(false)
  })

  test('migrations connect in the same way', async () => {
    const openSchema = await findEngineModules(urlOf('localhost')).openSchema()
    const connection = await openSchema(urlOf('localhost', `?sslrootcert=${file('ca.pem')}&prepare=false`))
    try {
      expect(await connection.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toEqual([
        { ssl: true },
      ])
    } finally {
      await connection.close()
    }
  })

  test('a file without a certificate is named', async () => {
    const env = { DATABASE_CA_FILE: file('server.csr') }
    await expect(connect(urlOf('localhost', '?sslmode=verify-full'), env)).rejects.toThrow(/server\.csr contains no/)
  })
})

test('Amazon RDS is verified with its own roots, others are not trusted by them', async () => {
  const rds = await createTlsOptions({
    tls: 'verified',
    provider: 'rds',
    ca_file: undefined,
    host: 'x.rds.amazonaws.com',
  })
  const names = ((rds || undefined)?.ca ?? []).map((pem) => new X509Certificate(pem).subject)
  expect(names.some((name) => /CN=Amazon RDS eu-central-1 Root CA/.test(name))).toBe(true)
  const other = await createTlsOptions({
    tls: 'verified',
    provider: 'other',
    ca_file: undefined,
    host: 'db.example.com',
  })
  expect(other).toEqual({ rejectUnauthorized: true })
})
