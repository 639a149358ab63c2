import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** What one pass over a file tells before any of it is read as a table. */
export interface FileFacts {
  bytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  file_hash: string
  /** A name that TextDecoder knows. */
  encoding: string
  /** The beginning of the file, decoded, without byte order mark; it may end within a record. */
  sample: string
  /** The sample is the whole file. */
  is_whole: boolean
}

const SAMPLE_BYTES = 256 * 1024

/**
 * Reads a file once: its hash, and its encoding. A byte order mark says it; without one a file of valid UTF-8 is UTF-8
 * (the whole file is looked at: the first umlaut of a Latin-1 file may be its last line), zero bytes at every second
 * place are UTF-16, and the rest is Windows-1252, which is what Excel writes in the West.
 * @throws RangeError for an `encoding` that is not known
 */
export async function inspectFile(path: string, encoding?: string, signal?: AbortSignal): Promise<FileFacts> {
  if (encoding !== undefined) new TextDecoder(encoding)
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const beginning: Buffer[] = []
  let bytes = 0
  let isUtf8 = true
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) {
    const buffer = chunk as Buffer
    hash.update(buffer)
    if (bytes < SAMPLE_BYTES) beginning.push(buffer)
    bytes += buffer.length
    if (isUtf8) isUtf8 = isValid(utf8, buffer, true)
  }
  if (isUtf8) isUtf8 = isValid(utf8, Buffer.alloc(0), false)
  const first = Buffer.concat(beginning).subarray(0, SAMPLE_BYTES)
  const found = encoding ?? encodingOf(first, isUtf8)
  const sample = new TextDecoder(found).decode(first, { stream: true })
  return { bytes, file_hash: hash.digest('hex'), encoding: found, sample, is_whole: bytes <= SAMPLE_BYTES }
}

function isValid(decoder: InstanceType<typeof TextDecoder>, buffer: Buffer, stream: boolean): boolean {
  try {
    decoder.decode(buffer, { stream })
    return true
  } catch {
    return false
  }
}

function encodingOf(first: Buffer, isUtf8: boolean): string {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  const looked = first.subarray(0, 2000)
  let even = 0
  let odd = 0
  for (let index = 0; index < looked.length; index += 1) {
    if (looked[index] !== 0) continue
    if (index % 2 === 0) even += 1
    else odd += 1
  }
  if (odd > looked.length / 5 && even < odd / 4) return 'utf-16le'
  if (even > looked.length / 5 && odd < even / 4) return 'utf-16be'
  return isUtf8 ? 'utf-8' : 'windows-1252'
}
