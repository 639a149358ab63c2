import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'

/** Counts how often the clients of a server send and then wait for its answer. */
export interface TripCounter {
  port: number
  /** Runs `work` with all answers held back until no client sends any more, and returns how often it had to wait. */
  count(work: () => Promise<unknown>): Promise<number>
  close(): Promise<void>
}

/** What belongs together is sent within a few turns of the event loop, which the clients share with this proxy. */
const QUIET_TURNS = 30
const QUIET_MS = 15

/** Starts a proxy on 127.0.0.1 to `port`. Its clients must run in this process. */
export async function startTripCounter(port: number): Promise<TripCounter> {
  const sockets = new Set<Socket>()
  let isHolding = false
  let trips = 0
  /** Chunks of the server that its clients wait for; null while no client waits. */
  let held: { client: Socket; chunk: Buffer }[] | null = null
  let arrivals = 0

  async function forwardWhenQuiet(): Promise<void> {
    for (let seen = -1; seen !== arrivals || held?.length === 0; ) {
      seen = arrivals
      await pause(QUIET_MS)
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) await nextTurn()
    }
    const answers = held ?? []
    held = null
    for (const { client, chunk } of answers) client.write(chunk)
  }

  const listener = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port, noDelay: true })
    client.setNoDelay(true)
    client.on('data', (chunk: Buffer) => {
      arrivals += 1
      if (isHolding && held === null) {
        held = []
        trips += 1
        void forwardWhenQuiet()
      }
      server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      arrivals += 1
      if (held === null) client.write(chunk)
      else held.push({ client, chunk })
    })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: (listener.address() as AddressInfo).port,
    async count(work) {
      trips = 0
      isHolding = true
      try {
        await work()
      } finally {
        isHolding = false
      }
      return trips
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
