import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handler as admin } from '@leads/functions/handlers/admin'
import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildFunctions } from '../../infra/build/bundle.ts'
import { freshDatabase } from '../setup/engines.ts'
import { runLeads } from './run-leads.ts'

const PROXY =
  'postgres://leads:x@stage.proxy-c0ffee123456.eu-central-1.rds.amazonaws.com:5432/leads?sslmode=verify-full'

/** Lambda's Invoke in front of the real admin function, with its bundle and a real database. */
async function startLambda() {
  const directory = await mkdtemp(join(tmpdir(), 'leads-admin-'))
  await buildFunctions('postgres', ['admin'], directory)
  const fresh = await freshDatabase('postgres')
  const invoked: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      invoked.push(request.url ?? '')
      Object.assign(process.env, { LAMBDA_TASK_ROOT: join(directory, 'admin'), DATABASE_URL: fresh.database_url })
      const ends = Date.now() + 900_000
      const context = { getRemainingTimeInMillis: () => ends - Date.now() } as Context
      const answer = await admin(JSON.parse(Buffer.concat(chunks).toString()), context)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoked,
    async close() {
      server.close()
      server.closeAllConnections()
      await fresh.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

let lambda: Awaited<ReturnType<typeof startLambda>>
const before = { ...process.env }
beforeAll(async () => {
  lambda = await startLambda()
})
afterAll(async () => {
  process.env = before
  await lambda?.close()
})

/** A command as `sst shell` runs it for a stage whose database has a proxy, which this machine cannot reach. */
const inStage = (...words: string[]) =>
  runLeads(words, {
    env: {
      SST_RESOURCE_App: '{"name":"sales-leads","stage":"production"}',
      SST_RESOURCE_DatabaseUrl: JSON.stringify({ value: PROXY }),
      SST_RESOURCE_Admin: '{"name":"sales-leads-production-admin"}',
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  })

describe('A command for a stage whose database only functions reach', () => {
  test('creates a key in the database of the stage and prints it here', async () => {
    const { code, stdout } = await inStage('keys', 'create', 'me', '--scope', 'admin')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^lk_\w+\n$/)
    expect(lambda.invoked.at(-1)).toContain('/functions/sales-leads-production-admin/invocations')
    const list = await inStage('keys', 'list', '--json')
    expect(JSON.parse(list.stdout)).toMatchObject([{ name: 'me', created_by: expect.stringMatching(/^cli/) }])
  })

  test('ends with the exit code and the message of the command', async () => {
    const { code, stderr } = await inStage('keys', 'revoke', '999')
    expect(code).toBe(3)
    expect(stderr).toContain('999')
  })

  test('is refused with advice if it needs a file of this machine', async () => {
    expect(await inStage('import', 'people.csv')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('POST /imports'),
    })
    expect(await inStage('export', '--output', 'leads.csv')).toMatchObject({ code: 78 })
  })

  test('explains itself here, without the stage', async () => {
    const before_count = lambda.invoked.length
    expect(await inStage('keys', '--help')).toMatchObject({ code: 0 })
    expect(lambda.invoked).toHaveLength(before_count)
  })
})
