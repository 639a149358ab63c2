import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { resetConnection } from '@leads/apify-simulator/faults/reset-connection'
import type { StatementCounter } from './statements.ts'

/** Stands between a client and its server on 127.0.0.1, and does to their connections what networks do. */
export interface TcpProxy {
  port: number
  /** Statements seen since it was set to 0. */
  statements: number
  /** Called when a statement has arrived and before it is forwarded; false keeps it, and all after it, back permanently. */
  onStatement: ((statement: number) => boolean) | undefined
  /** Resets all connections. */
  cut(): void
  /** Stops forwarding on all open connections without closing them: half-open sockets. */
  freeze(): void
  /** Resets what was frozen, as a keep-alive would in the end. */
  cutFrozen(): void
  /** While true, new connections are refused. */
  isDown: boolean
  close(): Promise<void>
}

interface Pair {
  client: Socket
  server: Socket
  isFrozen: boolean
}

export async function startProxy(port: number, newCounter: () => StatementCounter): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const destroy = (pair: Pair): void => {
    pairs.delete(pair)
    resetConnection(pair.client)
    resetConnection(pair.server)
  }
  const listener = createServer((client) => {
    if (proxy.isDown) {
      resetConnection(client)
      return
    }
    const server = connect({ host: '127.0.0.1', port, noDelay: true })
    client.setNoDelay(true)
    const pair: Pair = { client, server, isFrozen: false }
    const count = newCounter()
    pairs.add(pair)
    client.on('data', (chunk: Buffer) => {
      const statements = count(chunk)
      for (let index = 0; index < statements && !pair.isFrozen; index += 1) {
        proxy.statements += 1
        if (proxy.onStatement?.(proxy.statements) === false) pair.isFrozen = true
      }
      if (!pair.isFrozen) server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (!pair.isFrozen) client.write(chunk)
    })
    // The client that was killed must be gone for the server too, or it would hold its locks; a frozen one stays.
    const end = (): void => {
      if (!pair.isFrozen) destroy(pair)
    }
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', end)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const proxy: TcpProxy = {
    port: (listener.address() as AddressInfo).port,
    statements: 0,
    onStatement: undefined,
    isDown: false,
    cut() {
      for (const pair of pairs) destroy(pair)
    },
    freeze() {
      for (const pair of pairs) pair.isFrozen = true
    },
    cutFrozen() {
      for (const pair of pairs) if (pair.isFrozen) destroy(pair)
    },
    async close() {
      proxy.cut()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
  return proxy
}
