import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAwsChecks } from '../../scripts/smoke/aws-checks.ts'

/** What a stage's account answers; the service is told by the path, of SQS by the header. */
interface Account {
  recursive_loop: string
  mapping_state: string
  dead_letters: number
}

describe('the checks of npm run smoke --stage', () => {
  let server: Server
  let account: Account
  const asked: string[] = []

  beforeEach(async () => {
    account = { recursive_loop: 'Allow', mapping_state: 'Enabled', dead_letters: 0 }
    asked.length = 0
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://aws')
      const target = String(request.headers['x-amz-target'] ?? '')
      asked.push(target || `${pathname} ${searchParams.get('FunctionName') ?? ''}`.trim())
      const answer = target.endsWith('GetQueueUrl')
        ? { QueueUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/queue` }
        : target.endsWith('GetQueueAttributes')
          ? { Attributes: { ApproximateNumberOfMessages: String(account.dead_letters) } }
          : pathname.endsWith('/recursion-config')
            ? { RecursiveLoop: account.recursive_loop }
            : { EventSourceMappings: [{ State: account.mapping_state }] }
      request
        .resume()
        .on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test')
    vi.stubEnv('AWS_REGION', 'eu-central-1')
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const messages = async (): Promise<(string | undefined)[]> => {
    const results = await Promise.allSettled(createAwsChecks('dev').map(({ run }) => run()))
    return results.map((result) => (result.status === 'rejected' ? String(result.reason.message) : undefined))
  }

  test('pass for a stage that works, and ask about its own functions and queues', async () => {
    expect(await messages()).toEqual([undefined, undefined, undefined])
    expect(asked.sort()).toEqual([
      '/2015-03-31/event-source-mappings sales-leads-dev-dead-letter',
      '/2015-03-31/event-source-mappings sales-leads-dev-sync-consumer',
      '/2024-08-31/functions/sales-leads-dev-sync-consumer/recursion-config',
      'AmazonSQS.GetQueueAttributes',
      'AmazonSQS.GetQueueUrl',
    ])
  })

  test('name loops that Lambda ends, a queue that is not read, and dead letters', async () => {
    account = { recursive_loop: 'Terminate', mapping_state: 'Disabled', dead_letters: 2 }
    const [recursion, mappings, deadLetters] = await messages()
    expect(recursion).toMatch(/recursive loops of sales-leads-dev-sync-consumer: Terminate\. Deploy again/)
    expect(mappings).toMatch(/the queue of sync-consumer is not read: Disabled/)
    expect(deadLetters).toMatch(/2 dead letters wait/)
  })
})
