import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { Answer } from './answer.ts'

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip)

// Smaller bodies grow by packing, or gain nothing.
const GZIP_BYTES_MIN = 1024

/** Packs a whole body where that is worth it and accepted; bodies that are packed or streamed are left as they are. */
export async function packed(answer: Answer, accepts_gzip: boolean): Promise<Answer> {
  const { body, headers } = answer
  if (!accepts_gzip || !Buffer.isBuffer(body) || body.length < GZIP_BYTES_MIN || headers['Content-Encoding']) {
    return answer
  }
  return {
    ...answer,
    headers: { ...headers, 'Content-Encoding': 'gzip' },
    body: await gzip(body, { level: 1 }),
  }
}

/** Makes chunk after chunk, letting other requests have their turn in between. */
async function* inTurns(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk
    await nextTurn()
  }
}

/** Sends an answer as it is. */
export async function send(answer: Answer, response: ServerResponse, accepts_gzip: boolean): Promise<void> {
  const { status, headers, body } = await packed(answer, accepts_gzip)
  if (body === null) {
    response.writeHead(status, headers).end()
    return
  }
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { ...headers, 'Content-Length': String(body.length) }).end(body)
    return
  }
  const source = Readable.from(inTurns(body), { objectMode: true })
  try {
    if (accepts_gzip) {
      response.writeHead(status, { ...headers, 'Content-Encoding': 'gzip' })
      await pipeline(source, zlib.createGzip({ level: 1 }), response)
    } else {
      response.writeHead(status, headers)
      await pipeline(source, response)
    }
  } catch {
    // The client closed the connection: no one reads the rest.
  }
}
