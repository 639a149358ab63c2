import { createServer, type Socket } from 'node:net'
import { type MigrateEvent, handler as migrate } from '@leads/functions/handlers/migrate'
import { isWorthWaiting } from '@leads/functions/runtime/startup-errors'
import type { Context } from 'aws-lambda'
import { afterEach, describe, expect, test } from 'vitest'
import { freshDatabase } from '../setup/engines.ts'

const databaseUrl = process.env.DATABASE_URL
afterEach(() => {
  if (databaseUrl === undefined) delete process.env.DATABASE_URL
  else process.env.DATABASE_URL = databaseUrl
})

/** What RDS answers while it starts (57P03), has no connection left (53300) or does not know the password yet (28P01). */
const refusal = (code: string): Buffer => {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mnot now\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** A server that refuses its first connections with a code of PostgreSQL, then passes them on to a real one. */
async function startReluctantServer(target: URL, codes: string[]) {
  const left = [...codes]
  const sockets = new Set<Socket>()
  const { connect } = await import('node:net')
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const code = left.shift()
    if (code !== undefined) {
      socket.once('data', () => socket.end(refusal(code)))
      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(upstream)
    upstream.on('error', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.toString(),
    left,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const run = async (event: MigrateEvent, url: string): Promise<{ applied: string[] }> => {
  process.env.DATABASE_URL = url
  const ends = Date.now() + 300_000
  return migrate(event, { getRemainingTimeInMillis: () => ends - Date.now() } as Context)
}

describe('The migrate function', () => {
  test('waits for a database that starts, has no connection left, and whose proxy lacks the password', async () => {
    const fresh = await freshDatabase('postgres', { migrated: false })
    const server = await startReluctantServer(new URL(fresh.database_url), ['57P03', '53300', '28P01'])
    try {
      const { applied } = await run({ wait_s: 120, is_created: true }, server.url)
      expect(applied.length).toBeGreaterThan(0)
      expect(server.left).toEqual([])
    } finally {
      server.close()
      await fresh.drop()
    }
  })

  test('fails immediately for a wrong password of a database that it did not create', async () => {
    const fresh = await freshDatabase('postgres', { migrated: false })
    const server = await startReluctantServer(new URL(fresh.database_url), ['28P01'])
    const started = Date.now()
    try {
      await expect(run({ wait_s: 75, is_created: false }, server.url)).rejects.toThrow('not now')
      expect(Date.now() - started).toBeLessThan(4_000)
    } finally {
      server.close()
      await fresh.drop()
    }
  })

  test('stops waiting for a server that does not answer after the time of the deployment', async () => {
    const started = Date.now()
    await expect(run({ wait_s: 1, is_created: false }, 'postgres://leads:x@127.0.0.1:9/leads')).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(15_000)
  })
})

test.each([
  ['ENOTFOUND', false, false],
  ['ENOTFOUND', true, true],
  ['ECONNREFUSED', false, true],
  ['57P03', false, true],
  ['28P01', false, false],
  ['28P01', true, true],
  ['42704', true, false],
])('after %s of a database (created: %s) waiting is worth it: %s', (code, is_created, expected) => {
  expect(isWorthWaiting(Object.assign(new Error('x'), { code }), is_created)).toBe(expected)
})
