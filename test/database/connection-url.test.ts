import { type ConnectionTarget, parseConnectionUrl } from '@leads/core/database/connection-url'
import { findDeploymentProblemsOfUrl } from '@leads/core/database/deployable-url'
import { describe, expect, test } from 'vitest'

/** Strings as providers hand them out, with invented hosts and passwords, and what is to come of them. */
const accepted: [provider: string, url: string, target: Partial<ConnectionTarget>][] = [
  [
    'Neon, pooled',
    'postgresql://neondb_owner:npg_x1@ep-cool-rain-123456-pooler.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
    { provider: 'neon', tls: 'verified', prepare: false, port: 5432 },
  ],
  [
    'Neon, direct',
    'postgresql://neondb_owner:npg_x1@ep-cool-rain-123456.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require',
    { provider: 'neon', tls: 'verified', prepare: true },
  ],
  [
    'Supabase, pooler for transactions',
    'postgresql://postgres.abcdefghijklmnop:secret1@aws-0-eu-central-1.pooler.supabase.com:6543/postgres',
    { provider: 'supabase_pooler', tls: 'verified', prepare: false, port: 6543 },
  ],
  [
    'Supabase, pooler for transactions, as shown for Prisma',
    'postgresql://postgres.abcdefghijklmnop:secret1@aws-0-eu-central-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1',
    { provider: 'supabase_pooler', tls: 'verified', prepare: false },
  ],
  [
    'Supabase, pooler for sessions',
    'postgresql://postgres.abcdefghijklmnop:secret1@aws-0-eu-central-1.pooler.supabase.com:5432/postgres',
    { provider: 'supabase_pooler', tls: 'verified', prepare: true },
  ],
  [
    'Supabase, direct',
    'postgresql://postgres:secret1@db.abcdefghijklmnop.supabase.co:5432/postgres',
    { provider: 'supabase_direct', tls: 'verified', prepare: true },
  ],
  [
    'RDS',
    'postgres://leads:secret1@leads.c0ffee123456.eu-central-1.rds.amazonaws.com:5432/leads?sslmode=verify-full',
    { provider: 'rds', tls: 'verified', prepare: true },
  ],
  [
    'RDS without a parameter',
    'postgres://leads:secret1@leads.c0ffee123456.eu-central-1.rds.amazonaws.com/leads',
    { provider: 'rds', tls: 'verified', port: 5432 },
  ],
  [
    'Aurora',
    'postgres://leads:secret1@leads.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com:5432/leads?sslmode=require',
    { provider: 'rds', tls: 'verified' },
  ],
  [
    'Aurora, MySQL',
    'mysql://leads:secret1@leads.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com:3306/leads',
    { provider: 'rds', engine: 'mysql', tls: 'verified' },
  ],
  [
    'RDS Proxy',
    'postgres://leads:secret1@leads.proxy-c0ffee123456.eu-central-1.rds.amazonaws.com:5432/leads?sslmode=require',
    { provider: 'rds', tls: 'verified', prepare: true },
  ],
  [
    'PlanetScale, MySQL as shown for Node.js',
    'mysql://abc:pscale_pw_x1@aws.connect.psdb.cloud/leads?ssl={"rejectUnauthorized":true}',
    { provider: 'planetscale', engine: 'mysql', tls: 'verified', port: 3306 },
  ],
  [
    'PlanetScale, MySQL as shown for Prisma',
    'mysql://abc:pscale_pw_x1@aws.connect.psdb.cloud/leads?sslaccept=strict',
    { provider: 'planetscale', engine: 'mysql', tls: 'verified' },
  ],
  [
    'PlanetScale, PostgreSQL by PgBouncer',
    'postgresql://pscale_api_x:pscale_pw_x1@eu-central-1.pg.psdb.cloud:6432/postgres?sslmode=verify-full&sslrootcert=system',
    { provider: 'planetscale', tls: 'verified', prepare: false, ca_file: undefined },
  ],
  [
    'Aiven, MySQL',
    'mysql://avnadmin:secret1@leads-x.aivencloud.com:12345/defaultdb?ssl-mode=REQUIRED',
    { provider: 'other', tls: 'verified', port: 12_345 },
  ],
  ['a server of your own', 'postgres://leads:secret1@db.example.com/leads', { provider: 'other', tls: 'verified' }],
  ['a container next to it', 'postgres://leads:secret1@db:5432/leads', { tls: 'off', prepare: true }],
  ['this machine', 'postgres://leads:secret1@127.0.0.1:5432/leads', { tls: 'off', prepare: true }],
  ['a CA in a file', 'postgres://leads:x@10.0.0.5/leads?sslrootcert=ca.pem', { tls: 'verified', ca_file: 'ca.pem' }],
]

const refused: [what: string, url: string, message: RegExp][] = [
  ['a bare host', 'leads.c0ffee123456.eu-central-1.rds.amazonaws.com', /must begin with postgres:.*host name alone/],
  ['a bare host and port', 'db.example.com:5432/leads', /must begin with postgres:.*host name alone/],
  [
    "psql's command, as Neon shows it",
    "psql 'postgresql://a:b@ep-x.eu.aws.neon.tech/neondb'",
    /command.*only the address/,
  ],
  ['quotation marks', '"postgres://leads:x@db.example.com/leads"', /quotation mark or a space.*Remove/],
  ['a space before it', ' postgres://leads:x@db.example.com/leads', /quotation mark or a space.*Remove/],
  ['an address of Java', 'jdbc:postgresql://db.example.com/leads', /must begin with postgres:/],
  [
    'an address of Rails',
    'mysql2://a:b@aws.connect.psdb.cloud/leads?sslmode=verify_identity',
    /must begin with postgres:/,
  ],
  ['keywords of libpq', 'host=db.example.com user=leads dbname=leads', /must begin with postgres:/],
  ['a placeholder', 'postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres', /placeholder.*password/],
  ['a placeholder in angle brackets', 'postgres://leads:<password>@db.example.com/leads', /placeholder.*password/],
  [
    'a password that was copied while hidden',
    'postgres://leads:********@db.example.com/leads',
    /placeholder.*password/,
  ],
  ['a password with a lone %', 'postgres://leads:50%off@db.example.com/leads', /%25/],
  ['several hosts', 'postgres://leads:x@one.example.com,two.example.com/leads', /several hosts.*one/],
  ['several hosts and ports', 'postgres://leads:x@one.example.com:5432,two.example.com:5432/leads', /several hosts/],
  [
    "Aurora's readers",
    'postgres://leads:x@leads.cluster-ro-c0ffee123456.eu-central-1.rds.amazonaws.com/leads',
    /readers.*leads\.cluster-c0ffee123456\./,
  ],
  ['a password that is not encoded', 'postgres://leads:a#b/c@db.example.com/leads', /percent-encode/],
  ['an unknown parameter', 'postgres://leads:x@db.example.com/leads?schema=crm', /unknown parameter "schema".*known/],
  ['a client certificate', 'postgres://leads:x@db.example.com/leads?sslcert=me.pem', /sslcert.*not supported/],
  [
    'a setting of the session behind a pooler',
    'postgres://leads:x@ep-a-pooler.eu.aws.neon.tech/leads?search_path=crm',
    /"search_path".*pooler.*alter role/,
  ],
  [
    'options of the session behind a pooler',
    'postgres://leads:x@db.example.com:6432/leads?options=-c%20statement_timeout%3D5s',
    /"options".*pooler.*alter role/,
  ],
  ['an unknown mode', 'postgres://leads:x@db.example.com/leads?sslmode=yes', /sslmode=yes.*verify-full/],
]

/** What works from this machine and not from AWS. */
const notDeployable: [what: string, url: string, message: RegExp][] = [
  ['encryption switched off', 'postgres://leads:x@db.example.com/leads?sslmode=disable', /switches encryption off/],
  ['no verification', 'postgres://leads:x@db.example.com/leads?sslmode=no-verify', /does not verify/],
  [
    'no verification (MySQL)',
    'mysql://leads:x@db.example.com/leads?ssl={"rejectUnauthorized":false}',
    /does not verify/,
  ],
  ["Supabase's direct host", 'postgresql://postgres:x@db.abc.supabase.co:5432/postgres', /IPv6 only.*pooler/],
  [
    'Supabase without its root',
    'postgresql://postgres.a:x@aws-0-eu.pooler.supabase.com:6543/postgres',
    /DATABASE_CA_FILE/,
  ],
  ['a private address', 'postgres://leads:x@10.0.3.4:5432/leads', /cannot reach/],
  ['no database', 'postgres://leads:x@db.example.com', /names no database/],
  ['no user', 'postgres://db.example.com/leads', /names no user/],
  ['no password', 'postgres://leads@db.example.com/leads', /names no password/],
]

describe('A connection string', () => {
  test.each(accepted)('of %s is read as it is handed out', (_provider, url, target) => {
    expect(parseConnectionUrl(url)).toMatchObject(target)
  })

  test.each(accepted)('of %s leaves no parameter that the server would refuse', (_provider, url) => {
    expect(new URL(parseConnectionUrl(url).url).search).toBe('')
  })

  test.each(refused)('with %s is refused with advice', (_what, url, message) => {
    expect(() => parseConnectionUrl(url)).toThrow(message)
  })

  test.each(notDeployable)('with %s is refused for a deployment', (_what, url, message) => {
    expect(findDeploymentProblemsOfUrl(url, false).join('\n')).toMatch(message)
  })

  test('of Supabase is deployable with its root in DATABASE_CA_FILE', () => {
    const url = 'postgresql://postgres.a:x@aws-0-eu-central-1.pooler.supabase.com:6543/postgres'
    expect(findDeploymentProblemsOfUrl(url, true)).toEqual([])
  })

  test.each(accepted.filter(([provider]) => /^(Neon|RDS|Aurora|PlanetScale|a server)/.test(provider)))(
    'of %s is deployable as it is',
    (_provider, url) => {
      expect(findDeploymentProblemsOfUrl(url, false)).toEqual([])
    },
  )

  test('of Neon keeps the endpoint that old clients name in options', () => {
    const { url } = parseConnectionUrl('postgres://a:x@ep-a-pooler.eu.aws.neon.tech/x?options=endpoint%3Dep-a')
    expect(new URL(url).searchParams.get('options')).toBe('endpoint=ep-a')
  })

  test('keeps settings of the session, such as the schema', () => {
    const { url } = parseConnectionUrl('postgres://leads:x@db.example.com/leads?search_path=crm&sslmode=require')
    expect(new URL(url).search).toBe('?search_path=crm')
  })
})
