import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'

/** Lets `server` listen in the place of SQS, and the environment point the AWS SDK to it; the address of a queue there. */
export async function listenAsSqs(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // As Lambda sets them for a function.
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoint)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret/key')
  return `${endpoint}/123456789012/sync`
}

/** Ends it, and what it set. */
export async function closeSqs(server: Server): Promise<void> {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
