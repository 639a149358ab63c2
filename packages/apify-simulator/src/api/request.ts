import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { ApiError } from './answer.ts'

const unpack: Record<string, (body: Buffer) => Promise<Buffer>> = {
  br: promisify<Buffer, Buffer>(zlib.brotliDecompress),
  gzip: promisify<Buffer, Buffer>(zlib.gunzip),
  deflate: promisify<Buffer, Buffer>(zlib.inflate),
}

// An Actor's input may have 9 MB; test data that comes in by the control routes may be bigger.
const BODY_BYTES_MAX = 256 * 1024 * 1024

/** A request as the routes see it. */
export interface ApiRequest {
  method: string
  path: string
  query: URLSearchParams
  /** The parameters of the path, decoded. */
  params: string[]
  content_type: string | undefined
  user_agent: string | undefined
  accepts_gzip: boolean
  /** Whether it came with the right token; a wrong one does not get as far as a route. */
  has_token: boolean
  /** The body, decompressed. */
  body(): Promise<Buffer>
  /** The body as JSON. @throws ApiError 400 */
  json(): Promise<unknown>
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new ApiError(413, 'request-too-large', 'The request body is too large')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const encoding = message.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || body.length === 0) return body
  const unpacked = unpack[encoding]
  if (!unpacked)
    throw new ApiError(415, 'unsupported-content-encoding', `Content-Encoding ${encoding} is not supported`)
  try {
    return await unpacked(body)
  } catch {
    throw new ApiError(400, 'invalid-request', `The body is not valid ${encoding} data`)
  }
}

/** Reads the outside of a request; the body is read when a route asks for it. */
export function readRequest(message: IncomingMessage, url: URL, has_token: boolean, accepts_gzip: boolean): ApiRequest {
  const body = () => readBody(message)
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    params: [],
    content_type: message.headers['content-type'],
    user_agent: message.headers['user-agent'],
    accepts_gzip,
    has_token,
    body,
    async json() {
      const text = (await body()).toString('utf8')
      try {
        return JSON.parse(text) as unknown
      } catch {
        throw new ApiError(400, 'invalid-request', 'The request body is not valid JSON')
      }
    },
  }
}
