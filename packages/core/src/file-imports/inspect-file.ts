import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { assertText } from './reading/assert-text.ts'
import { createTextStream } from './reading/decode-text.ts'
import { type Container, detectContainer, readBytes } from './reading/read-bytes.ts'
import { createTextScan, detectEncoding, SAMPLE_BYTES, scanText } from './reading/scan-text.ts'

/** Properties of a file before it is read as a table. */
export interface FileInfo {
  bytes: number
  /** SHA-256 of the bytes, hexadecimal. */
  file_hash: string
  container: Container
  /** A name that TextDecoder or iconv-lite knows. */
  encoding: string
  /** Bytes of a UTF-8 file that are not UTF-8; they are read as Windows-1252. */
  foreign_bytes: number
  /** The beginning of the file, decoded, without byte order mark; it may end within a record. */
  sample: string
  /** The sample is the whole file. */
  is_whole: boolean
}

const CHUNK_BYTES = 256 * 1024
/** A character of UTF-8 has at most four bytes. */
const REST_BYTES_MAX = 3

/**
 * Reads a file once for its hash and encoding. A byte order mark decides; without one a file of valid UTF-8 is UTF-8 (the
 * whole file is checked: the first umlaut of a Latin-1 file may be in its last line), and zero bytes at every second place
 * are UTF-16. For all others see {@link chooseEncoding}.
 * @throws RangeError for an unknown `encoding`; Problem invalid_request for a file that is no text, or an archive that cannot be read
 */
export async function inspectFile(path: string, encoding?: string, signal?: AbortSignal): Promise<FileInfo> {
  if (encoding !== undefined) await createTextStream(encoding)
  const { bytes, file_hash, container, scan } = await scanFile(path, signal)
  const info = { bytes, file_hash, container }
  if (container === 'xlsx') return { ...info, encoding: 'utf-8', foreign_bytes: 0, sample: '', is_whole: false }
  const text = scan ?? (await scanText(readBytes(path, container, { signal })))
  const found =
    encoding === undefined
      ? await detectEncoding(text, () => readBytes(path, container, { signal }))
      : { encoding, foreign_bytes: 0 }
  const stream = await createTextStream(found.encoding)
  const sample = stream.write(text.beginning).replace(/^\ufeff/, '')
  assertText(sample)
  return { ...info, ...found, sample, is_whole: text.bytes <= SAMPLE_BYTES }
}

async function scanFile(path: string, signal: AbortSignal | undefined) {
  const hash = createHash('sha256')
  const text = createTextScan()
  let bytes = 0
  let container: Container = 'plain'
  const file = await open(path)
  try {
    // One buffer for the whole file: those of a stream are garbage that piles up faster than it is collected. There is
    // room in front for the bytes of a character that the previous read has cut.
    const buffer = Buffer.alloc(REST_BYTES_MAX + CHUNK_BYTES)
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, REST_BYTES_MAX, CHUNK_BYTES, null)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(REST_BYTES_MAX, REST_BYTES_MAX + bytesRead)
      if (bytes === 0) container = detectContainer(chunk)
      hash.update(chunk)
      bytes += bytesRead
      if (container === 'plain') text.push(chunk)
    }
  } finally {
    await file.close()
  }
  return { bytes, file_hash: hash.digest('hex'), container, scan: container === 'plain' ? text.end() : null }
}
