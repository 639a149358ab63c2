import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

/** A TCP proxy on 127.0.0.1 that adds a network's time: a region's 1 ms to the database instead of loopback's 0.05 ms. */
export interface LatencyProxy {
  port: number
  close(): Promise<void>
}

/** Starts a proxy to `port` in a thread of its own, so that it does not wait for the bench. A round trip takes `ms` more. */
export async function startLatencyProxy(port: number, ms: number): Promise<LatencyProxy> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { port, ms } })
  const [own_port] = (await once(worker, 'message')) as [number]
  return {
    port: own_port,
    close: async () => {
      await worker.terminate()
    },
  }
}

if (!isMainThread) {
  const { port, ms } = workerData as { port: number; ms: number }
  const server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port, noDelay: true })
    client.setNoDelay(true)
    // One direction is late; timers of one length fire in the order in which they were set.
    client.on('data', (chunk: Buffer) => void pause(ms).then(() => target.write(chunk)))
    target.on('data', (chunk: Buffer) => client.write(chunk))
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
  })
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
}
