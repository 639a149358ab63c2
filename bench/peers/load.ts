import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * A load generator of HTTP/1.1 requests over connections that are kept, with as little work of its own as possible: it
 * shares two cores with the server that is measured. Node's own client takes as long for a request as a fast server.
 */

export interface PeerRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  path: string
  body?: unknown
}

export interface PeerResponse {
  status: number
  headers: string
  body: string
}

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

/** The request as bytes: built before the clock starts. */
export function encodeRequest({ method, path, body }: PeerRequest, key: string): string {
  const text = body === undefined ? '' : JSON.stringify(body)
  const type = text === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\nauthorization: Bearer ${key}\r\n${type}\r\n${text}`
}

/** One connection, which carries one request at a time. */
class Connection {
  readonly #socket: Socket
  #chunks: Buffer[] = []
  #bytes = 0
  /** Bytes of the whole response; null for a chunked one, undefined before its head has arrived. */
  #length: number | null | undefined
  #resolve: ((response: Buffer) => void) | undefined
  #reject: ((error: Error) => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#reject?.(error))
    socket.on('close', () => this.#reject?.(new Error('The server closed the connection.')))
  }

  send(request: string): Promise<Buffer> {
    this.#chunks = []
    this.#bytes = 0
    this.#length = undefined
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(request)
    })
  }

  /** A server closes connections that were not used for some seconds. */
  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readyState === 'open'
  }

  close(): void {
    this.#reject = undefined
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#length === undefined) this.#readHead()
    if (this.#length === undefined) return
    // JSON contains no line break of this form, so that the end of a chunked response cannot be inside of it.
    const isComplete =
      this.#length === null
        ? chunk.length >= LAST_CHUNK.length
          ? chunk.toString('latin1', chunk.length - LAST_CHUNK.length) === LAST_CHUNK
          : Buffer.concat(this.#chunks).toString('latin1').endsWith(LAST_CHUNK)
        : this.#bytes >= this.#length
    if (isComplete) this.#resolve?.(this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks))
  }

  #readHead(): void {
    const text = (this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks))?.toString('latin1') ?? ''
    const end = text.indexOf(HEAD_END)
    if (end < 0) return
    const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1]
    this.#length = length === undefined ? null : end + HEAD_END.length + Number(length)
  }
}

export class LoadGenerator {
  readonly #port: number
  #connections: Connection[] = []

  constructor(port: number) {
    this.#port = port
  }

  async #connect(count: number): Promise<Connection[]> {
    this.#connections = this.#connections.filter(({ isOpen }) => isOpen)
    while (this.#connections.length < count) {
      const socket = connect({ port: this.#port, host: '127.0.0.1' })
      await once(socket, 'connect')
      this.#connections.push(new Connection(socket))
    }
    return this.#connections.slice(0, count)
  }

  /** One request, with its whole response. */
  async request(request: string): Promise<PeerResponse> {
    const [connection] = await this.#connect(1)
    return parseResponse(await (connection as Connection).send(request))
  }

  /** Sends requests over so many connections for so long, and returns how many were answered by 200. */
  async run(connections: number, seconds: number, nextRequest: () => string): Promise<{ count: number; ms: number }> {
    const links = await this.#connect(connections)
    const started = performance.now()
    const ends = started + seconds * 1000
    let count = 0
    const work = async (link: Connection): Promise<void> => {
      while (performance.now() < ends) {
        const response = await link.send(nextRequest())
        if (response.toString('latin1', 9, 12) !== '200')
          throw new Error(`Answered:\n${response.toString('utf8', 0, 1000)}`)
        count += 1
      }
    }
    await Promise.all(links.map(work))
    return { count, ms: performance.now() - started }
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }
}

function parseResponse(bytes: Buffer): PeerResponse {
  const text = bytes.toString('utf8')
  const end = text.indexOf(HEAD_END)
  const headers = text.slice(0, end)
  const rest = text.slice(end + HEAD_END.length)
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(headers)
  return { status: Number(text.slice(9, 12)), headers, body: isChunked ? joinChunks(bytes) : rest }
}

function joinChunks(bytes: Buffer): string {
  let at = bytes.indexOf(HEAD_END) + HEAD_END.length
  const parts: Buffer[] = []
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!(size > 0)) return Buffer.concat(parts).toString('utf8')
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
