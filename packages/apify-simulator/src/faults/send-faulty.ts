import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { Answer } from '../api/answer.ts'
import { packed } from '../api/send.ts'
import type { Fault } from './fault.ts'
import { resetConnection } from './reset-connection.ts'

const gunzip = promisify<Buffer, Buffer>(zlib.gunzip)

const NO_JSON = '<html><head><title>502 Bad Gateway</title></head><body><center>502 Bad Gateway</center></body></html>'

/** Whether a fault changes how the body is sent, so that the usual way cannot be used. */
export function harmsBody(fault: Fault): boolean {
  return (
    fault.truncate !== undefined ||
    fault.invalid_json === true ||
    fault.content_type !== undefined ||
    fault.drip !== undefined ||
    fault.stall_at !== undefined ||
    fault.reset === 'middle'
  )
}

async function plainBody(
  answer: Answer,
  content_type = answer.headers['Content-Type'],
): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const { 'Content-Encoding': encoding, ...others } = answer.headers
  const headers = content_type === undefined ? others : { ...others, 'Content-Type': content_type }
  const whole = answer.body === null ? Buffer.alloc(0) : Buffer.isBuffer(answer.body) ? answer.body : undefined
  const body = whole ?? Buffer.concat([...(answer.body as Iterable<Buffer>)])
  return { body: encoding === 'gzip' ? await gunzip(body) : body, headers }
}

function cut(body: Buffer, at: number): Buffer {
  return body.subarray(0, Math.floor(body.length * at))
}

function cutClean(body: Buffer, truncate: NonNullable<Fault['truncate']>): Buffer {
  const part = cut(body, truncate.at)
  return truncate.whole_lines ? part.subarray(0, part.lastIndexOf(0x0a) + 1) : part
}

/** Hands bytes to the network and waits until they are there, so that what follows cannot overtake them. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('close', done)
      resolve()
    }
    response.once('close', done)
    response.write(bytes, done)
  })
}

async function drip(response: ServerResponse, body: Buffer, pace: NonNullable<Fault['drip']>): Promise<void> {
  for (let start = 0; start < body.length && !response.destroyed; start += pace.bytes) {
    await written(response, body.subarray(start, start + pace.bytes))
    await pause(pace.every_ms)
  }
}

/** Sends an answer the way a fault wants it to go wrong. */
export async function sendFaulty(
  answer: Answer,
  fault: Fault,
  response: ServerResponse,
  accepts_gzip: boolean,
): Promise<void> {
  const { body: right, headers: plain_headers } = await plainBody(answer, fault.content_type)
  let plain = fault.invalid_json ? Buffer.from(NO_JSON) : right
  if (fault.truncate?.how === 'clean') plain = cutClean(plain, fault.truncate)
  const whole = await packed({ status: answer.status, headers: plain_headers, body: plain }, accepts_gzip)
  let body = whole.body as Buffer
  if (fault.truncate?.how === 'gzip') body = cut(body, fault.truncate.at)
  const full_length = { ...whole.headers, 'Content-Length': String(body.length) }

  const breaks_off = fault.truncate?.how === 'content-length' || fault.truncate?.how === 'chunked'
  // Headers alone would be a complete answer, and the next request on the connection would be the one that stalls.
  if (fault.stall_at !== undefined && body.length === 0) return
  if (breaks_off || fault.reset === 'middle' || fault.stall_at !== undefined) {
    response.writeHead(whole.status, fault.truncate?.how === 'chunked' ? whole.headers : full_length)
    const part = cut(body, fault.stall_at ?? fault.truncate?.at ?? 0.5)
    if (fault.drip) await drip(response, part, fault.drip)
    else await written(response, part)
    if (fault.stall_at !== undefined) return
    if (fault.reset === 'middle' && response.socket) resetConnection(response.socket)
    else response.socket?.destroy()
    return
  }
  response.writeHead(whole.status, full_length)
  if (fault.drip) await drip(response, body, fault.drip)
  else await written(response, body)
  response.end()
}
