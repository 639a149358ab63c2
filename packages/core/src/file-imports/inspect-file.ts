import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createTextStream } from './reading/decode-text.ts'
import { chooseEncoding, readHighBytes } from './reading/detect-encoding.ts'
import { type Container, detectContainer, readBytes } from './reading/read-bytes.ts'
import { incompleteBytes } from './reading/utf8.ts'

/** What is known of a file before it is read as a table. */
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

const SAMPLE_BYTES = 256 * 1024
const CHUNK_BYTES = 256 * 1024
/** A character of UTF-8 has at most four bytes. */
const REST_BYTES_MAX = 3

/**
 * Reads a file once for its hash and encoding. A byte order mark decides; without one a file of valid UTF-8 is UTF-8 (the
 * whole file is checked: the first umlaut of a Latin-1 file may be in its last line), and zero bytes at every second place
 * are UTF-16. For all others see {@link chooseEncoding}.
 * @throws RangeError for an unknown `encoding`; Problem invalid_request for an archive that cannot be read
 */
export async function inspectFile(path: string, encoding?: string, signal?: AbortSignal): Promise<FileInfo> {
  if (encoding !== undefined) await createTextStream(encoding)
  const { bytes, file_hash, container, scan } = await scanFile(path, signal)
  const info = { bytes, file_hash, container }
  if (container === 'xlsx') return { ...info, encoding: 'utf-8', foreign_bytes: 0, sample: '', is_whole: false }
  const text = scan ?? (await scanText(readBytes(path, container, { signal })))
  const found =
    encoding === undefined ? await detectEncoding(path, container, text, signal) : { encoding, foreign_bytes: 0 }
  const stream = await createTextStream(found.encoding)
  const sample = stream.write(text.beginning).replace(/^\ufeff/, '')
  return { ...info, ...found, sample, is_whole: text.bytes <= SAMPLE_BYTES }
}

interface TextScan {
  bytes: number
  isUtf8: boolean
  beginning: Buffer
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

async function scanText(chunks: AsyncIterable<Buffer>): Promise<TextScan> {
  const text = createTextScan()
  for await (const chunk of chunks) text.push(chunk)
  return text.end()
}

/** Checks a text for UTF-8 as it comes, and keeps its beginning. */
function createTextScan() {
  const beginning: Buffer[] = []
  let bytes = 0
  let isValid = true
  let rest = Buffer.alloc(0)
  return {
    push(chunk: Buffer): void {
      if (bytes < SAMPLE_BYTES) beginning.push(Buffer.from(chunk))
      bytes += chunk.length
      if (!isValid) return
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = whole.length - incompleteBytes(whole)
      isValid = isUtf8(whole.subarray(0, end))
      rest = Buffer.from(whole.subarray(end))
    },
    end: (): TextScan => ({
      bytes,
      isUtf8: isValid && rest.length === 0,
      beginning: Buffer.concat(beginning).subarray(0, SAMPLE_BYTES),
    }),
  }
}

async function detectEncoding(
  path: string,
  container: Container,
  { isUtf8, beginning }: TextScan,
  signal: AbortSignal | undefined,
): Promise<Pick<FileInfo, 'encoding' | 'foreign_bytes'>> {
  const wide = detectUtf16(beginning)
  if (wide !== null) return { encoding: wide, foreign_bytes: 0 }
  if (isUtf8) return { encoding: 'utf-8', foreign_bytes: 0 }
  const stats = await readHighBytes(readBytes(path, container, { signal }))
  const { default: iconv } = await import('iconv-lite')
  const isMarked = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf
  const encoding = isMarked ? 'utf-8' : chooseEncoding(stats, (bytes, name) => iconv.decode(Buffer.from(bytes), name))
  return { encoding, foreign_bytes: encoding === 'utf-8' ? stats.invalid : 0 }
}

/** UTF-16 by its byte order mark or by zero bytes, which no other text has. */
function detectUtf16(first: Buffer): string | null {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  const looked = first.subarray(0, 4000)
  let even = 0
  let odd = 0
  for (let index = 0; index < looked.length; index += 1) {
    if (looked[index] !== 0) continue
    if (index % 2 === 0) even += 1
    else odd += 1
  }
  // Texts in Chinese or Cyrillic have them at delimiters and line ends only.
  if (odd > looked.length / 50 && even < odd / 4) return 'utf-16le'
  if (even > looked.length / 50 && odd < even / 4) return 'utf-16be'
  return null
}
