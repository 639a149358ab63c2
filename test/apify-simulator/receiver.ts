import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApifySimulator, type ApifySimulatorOptions, startApifySimulator } from '@leads/apify-simulator/server'
import { ApifyClient } from 'apify-client'
import { onTestFinished } from 'vitest'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
  json: Record<string, unknown>
}

/** A webhook receiver that answers with the given responses (default 202) and records the requests. */
export async function startReceiver(answer: (nth: number) => number | 'never' = () => 202) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      received.push({ headers: request.headers, body, json: JSON.parse(body) as Record<string, unknown> })
      const status = answer(received.length)
      if (status !== 'never') response.writeHead(status).end('{"queued":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}

/** A simulator for one test, in which a simulated minute lasts 6 ms, and the real client talking to it. */
export async function simulate(
  options: ApifySimulatorOptions = {},
): Promise<{ simulator: ApifySimulator; state: ApifySimulator['state']; client: ApifyClient }> {
  const simulator = await startApifySimulator({ time_scale: 0.0001, ...options })
  onTestFinished(() => simulator.close())
  const client = new ApifyClient({
    baseUrl: simulator.url,
    token: simulator.token,
    // The client grumbles on stderr at the half of its retries; the tests need at most two.
    maxRetries: 6,
    minDelayBetweenRetriesMillis: 5,
  })
  return { simulator, state: simulator.state, client }
}

/** GET without any client in between. */
export function get(simulator: ApifySimulator, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${simulator.url}${path}`, { headers: { authorization: `Bearer ${simulator.token}`, ...headers } })
}

/** The Actors of the examples. */
export const PLACES = 'compass/crawler-google-places'
export const PEOPLE = 'dev_fusion/Linkedin-Profile-Scraper'
