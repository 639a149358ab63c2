import { createReadStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Problem } from '../../problem.ts'

/** How the bytes of a file are packed. */
export type Container = 'plain' | 'gzip' | 'xlsx'

/** Tells the container by the first bytes. @throws Problem invalid_request for a workbook of an old version */
export function detectContainer(first: Uint8Array): Container {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  if (first[0] === 0x50 && first[1] === 0x4b && first[2] === 0x03 && first[3] === 0x04) return 'xlsx'
  if (first[0] === 0xd0 && first[1] === 0xcf && first[2] === 0x11 && first[3] === 0xe0)
    throw new Problem(
      'invalid_request',
      'Workbooks of the old .xls format and encrypted workbooks cannot be read. Save the file as .xlsx or CSV.',
    )
  return 'plain'
}

const CHUNK_BYTES = 256 * 1024

/** Yields the bytes of a file, decompressed. @throws Problem invalid_request for a damaged archive */
export async function* readBytes(
  path: string,
  container: Container,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined } = {},
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })
  let bytes = 0
  if (container !== 'gzip') {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      bytes += chunk.length
      onBytes?.(bytes)
      yield chunk
    }
    return
  }
  file.on('data', (chunk) => {
    bytes += chunk.length
    onBytes?.(bytes)
  })
  const out = new PassThrough({ highWaterMark: CHUNK_BYTES })
  const done = pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), out)
  done.catch(() => {})
  try {
    for await (const chunk of out as AsyncIterable<Buffer>) yield chunk
    await done
  } catch (error) {
    const { code } = error as { code?: string }
    if (code?.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE')
      throw new Problem('invalid_request', 'The gzip archive is damaged or cut off. Compress the file again.', {
        cause: error,
      })
    throw error
  } finally {
    file.destroy()
    out.destroy()
  }
}
