import { isUtf8 } from 'node:buffer'
import { chooseEncoding, readHighBytes } from './detect-encoding.ts'
import { incompleteBytes } from './utf8.ts'

/** Finds the encoding of a text, however long it is. */

/** Bytes of a text that show how it is written. */
export const SAMPLE_BYTES = 256 * 1024

export interface TextScan {
  bytes: number
  isUtf8: boolean
  beginning: Buffer
}

export async function scanText(chunks: AsyncIterable<Buffer>): Promise<TextScan> {
  const text = createTextScan()
  for await (const chunk of chunks) text.push(chunk)
  return text.end()
}

/** Checks a text for UTF-8 as it comes, and keeps its beginning. */
export function createTextScan() {
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

export interface FoundEncoding {
  /** A name that TextDecoder or iconv-lite knows. */
  encoding: string
  /** Bytes of a UTF-8 text that are not UTF-8; they are read as Windows-1252. */
  foreign_bytes: number
}

/** Returns the encoding of a scanned text. `readAgain` is called for a text that is neither UTF-8 nor UTF-16. */
export async function detectEncoding(
  { isUtf8, beginning }: TextScan,
  readAgain: () => AsyncIterable<Buffer>,
): Promise<FoundEncoding> {
  const wide = detectUtf16(beginning)
  if (wide !== null) return { encoding: wide, foreign_bytes: 0 }
  if (isUtf8) return { encoding: 'utf-8', foreign_bytes: 0 }
  const stats = await readHighBytes(readAgain())
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
