import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { sessionDefaults } from '@leads/core/database/postgres/session-defaults'
import { createConnection } from 'mysql2/promise'
import postgres from 'postgres'
import { startMariadb } from './mariadb-server.ts'
import { type Pgbouncer, startPgbouncer } from './pgbouncer-server.ts'
import { startPostgres, type TestServer } from './postgres-server.ts'

export type ServerEngine = 'postgres' | 'mysql'

/** Databases on one server: made, and dropped, by name. */
interface Databases {
  create(name: string, migrated: boolean): Promise<string>
  drop(name: string): Promise<void>
  stop(): Promise<void>
}

export interface Broker {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Hands out databases to test files over HTTP. It lives in vitest's main process and starts a server when the first
 * file asks for it, so that a file that needs none waits for none.
 */
export async function startBroker(directory: string): Promise<Broker> {
  const started = new Map<ServerEngine, Promise<Databases>>()
  const start = { postgres: postgresDatabases, mysql: mysqlDatabases }
  let count = 0
  const databasesOf = (engine: ServerEngine) => {
    const running = started.get(engine) ?? start[engine](directory)
    started.set(engine, running)
    return running
  }
  const answer = async (request: IncomingMessage): Promise<string> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://broker')
    const [engine, name = ''] = pathname.slice(1).split('/') as [ServerEngine, string?]
    const databases = await databasesOf(engine)
    if (request.method !== 'DELETE') return databases.create(`test_${++count}`, searchParams.has('migrated'))
    await databases.drop(name)
    return name
  }
  const server = createServer((request, response) => {
    answer(request).then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(inspect(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      for (const running of await Promise.allSettled(started.values()))
        if (running.status === 'fulfilled') await running.value.stop()
    },
  }
}

/** A migrated database is a clone of a template. */
async function postgresDatabases(directory: string): Promise<Databases> {
  const server: TestServer = await startPostgres(directory)
  const admin = postgres(server.url('postgres'), { max: 2, onnotice: () => {} })
  // TEST_PGBOUNCER=1: what the tests open is behind a pooler; the broker itself works on the server.
  const pooler: Pgbouncer | undefined =
    process.env.TEST_PGBOUNCER === '1' ? await startPgbouncer(directory, server.port) : undefined
  let template: Promise<unknown> | undefined
  const makeTemplate = async () => {
    await admin`create database template_leads`
    await migrateUp(server.url('template_leads'))
  }
  return {
    async create(name, migrated) {
      if (migrated) {
        template ??= makeTemplate()
        await template
      }
      await admin.unsafe(`create database ${name} template ${migrated ? 'template_leads' : 'template1'}`)
      // A clone has the tables of its template, and none of its settings.
      if (migrated)
        for (const [setting, value] of Object.entries(sessionDefaults))
          await admin.unsafe(`alter role session_user in database ${name} set ${setting} = '${value}'`)
      return (pooler ?? server).url(name)
    },
    async drop(name) {
      await admin.unsafe(`drop database if exists ${name} with (force)`)
    },
    async stop() {
      await admin.end({ timeout: 1 })
      await pooler?.stop()
      await server.stop()
    },
  }
}

async function mysqlDatabases(directory: string): Promise<Databases> {
  const server = await startMariadb(directory)
  const admin = await createConnection(server.url(''))
  return {
    async create(name, migrated) {
      await admin.query(`create database ${name}`)
      if (migrated) await migrateUp(server.url(name))
      return server.url(name)
    },
    async drop(name) {
      await admin.query(`drop database if exists ${name}`)
    },
    async stop() {
      admin.destroy()
      await server.stop()
    },
  }
}
