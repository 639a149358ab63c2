import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** What one pass over a file tells before any of it is read as a table. */
export interface FileInfo {
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
const CHUNK_BYTES = 256 * 1024
/** A character of UTF-8 has four bytes at most. */
const REST_BYTES_MAX = 3

/**
 * Reads a file once: its hash, and its encoding. A byte order mark says it; without one a file of valid UTF-8 is UTF-8
 * (the whole file is looked at: the first umlaut of a Latin-1 file may be its last line), zero bytes at every second
 * place are UTF-16, and the rest is Windows-1252, which is what Excel writes in the West.
 * @throws RangeError for an `encoding` that is not known
 */
export async function inspectFile(path: string, encoding?: string, signal?: AbortSignal): Promise<FileInfo> {
  if (encoding !== undefined) new TextDecoder(encoding)
  const hash = createHash('sha256')
  const beginning: Buffer[] = []
  let bytes = 0
  let valid: Utf8 = { isUtf8: true, trailingBytes: 0 }
  const file = await open(path)
  try {
    // One buffer for the whole file: those of a stream are garbage that piles up faster than it is collected. Before
    // what was read there is room for the bytes of a character that the last reading cut in two.
    const buffer = Buffer.alloc(REST_BYTES_MAX + CHUNK_BYTES)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, REST_BYTES_MAX, CHUNK_BYTES, null)
      if (bytesRead === 0) break
      const end = REST_BYTES_MAX + bytesRead
      const chunk = buffer.subarray(REST_BYTES_MAX, end)
      hash.update(chunk)
      if (bytes < SAMPLE_BYTES) beginning.push(Buffer.from(chunk))
      bytes += bytesRead
      if (!valid.isUtf8) continue
      valid = checkUtf8(buffer.subarray(REST_BYTES_MAX - valid.trailingBytes, end))
      buffer.copy(buffer, REST_BYTES_MAX - valid.trailingBytes, end - valid.trailingBytes, end)
    }
  } finally {
    await file.close()
  }
  const first = Buffer.concat(beginning).subarray(0, SAMPLE_BYTES)
  const found = encoding ?? detectEncoding(first, valid.isUtf8 && valid.trailingBytes === 0)
  const sample = new TextDecoder(found).decode(first, { stream: true })
  return { bytes, file_hash: hash.digest('hex'), encoding: found, sample, is_whole: bytes <= SAMPLE_BYTES }
}

interface Utf8 {
  isUtf8: boolean
  /** Bytes at the end that begin a character, and don't end it. */
  trailingBytes: number
}

function checkUtf8(bytes: Buffer): Utf8 {
  let trailingBytes = 0
  for (let back = 1; back <= Math.min(REST_BYTES_MAX, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    // 10xxxxxx goes on; 110xxxxx begins two bytes, 1110xxxx three, 11110xxx four.
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    if (length > back) trailingBytes = back
    break
  }
  return { isUtf8: isUtf8(bytes.subarray(0, bytes.length - trailingBytes)), trailingBytes: trailingBytes }
}

function detectEncoding(first: Buffer, isUtf8: boolean): string {
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
