import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startApifySimulator } from '@leads/apify-simulator/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { places } from '../syncs/items.ts'
import { runLeads } from './run-leads.ts'

vi.setConfig({ testTimeout: 60_000 })

let simulator: Awaited<ReturnType<typeof startApifySimulator>>
let env: Record<string, string>
beforeEach(async () => {
  simulator = await startApifySimulator({ time_scale: 0.01 })
  simulator.state.addRun({ id: 'one', actor_id: 'ann/places', items: places(1) })
  env = {
    APIFY_TOKEN: simulator.token,
    APIFY_API_BASE_URL: simulator.url,
    APIFY_WEBHOOK_SECRET: 'a secret of the webhook',
  }
})
afterEach(() => simulator.close())

const install = (url: string) => runLeads(['webhook', 'install', '--actor', 'ann/places', '--url', url], { env })

describe('webhook status', () => {
  test.each([
    [401, /rejected the secret \(401\).*webhook install/],
    [404, /no such path.*\/webhooks\/apify/],
    [500, /answered 500/],
    [null, /was not reached/],
  ])(
    'webhook status shows why the last delivery failed and the fix, with exit code 1 (response %s)',
    async (answer, message) => {
      const receiver = createServer((_request, response) => response.writeHead(answer ?? 200).end())
      await new Promise<void>((resolve) => {
        receiver.listen(0, '127.0.0.1', resolve)
      })
      const { port } = receiver.address() as AddressInfo
      if (answer === null) receiver.close()
      try {
        await install(`http://127.0.0.1:${port}/webhooks/apify`)
        simulator.state.addRun({ id: 'two', actor_id: 'ann/places', items: places(1), emit: true })
        await simulator.state.waitForDispatches({ calls: 1 })
        const { code, stdout, stderr } = await runLeads(['webhook', 'status'], { env })
        expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
        expect(stderr).toMatch(/leads reconcile/)
        expect(stdout).toMatch(/two\s+(retrying|FAILED)/)
      } finally {
        receiver.close()
      }
    },
  )

  test('webhook status reports a mistyped Actor as unknown, not as one without webhooks', async () => {
    const { code, stderr } = await runLeads(['webhook', 'status', '--actor', 'nobody/nothing'], { env })
    expect([code, stderr]).toEqual([3, expect.stringMatching(/does not know Actor/)])
    const none = await runLeads(['webhook', 'status', '--actor', 'ann/places'], { env })
    expect([none.code, none.stdout]).toEqual([0, expect.stringMatching(/no webhook of Actor ann\/places/)])
  })
})

describe('webhook install', () => {
  test('webhook install with a new URL lists the webhook to the old one', async () => {
    await install('https://old.example.com/webhooks/apify')
    simulator.state.addWebhook({ requestUrl: 'https://stranger.example.com/', eventTypes: ['ACTOR.RUN.SUCCEEDED'] })
    const { code, stderr } = await install('https://new.example.com/webhooks/apify')
    expect(code).toBe(0)
    expect(stderr).toContain('https://old.example.com/webhooks/apify')
    expect(stderr).not.toContain('stranger')
  })
})
