import { createUtf8Stream, type TextStream } from './utf8.ts'

/** True for encodings that Node decodes by itself. */
export function isWebEncoding(encoding: string): boolean {
  try {
    new TextDecoder(encoding)
    return true
  } catch {
    return false
  }
}

/** @throws RangeError for an unknown encoding */
export async function createTextStream(encoding: string): Promise<TextStream> {
  if (isUtf8Name(encoding)) return createUtf8Stream()
  if (isWebEncoding(encoding)) return createWebStream(encoding)
  const { default: iconv } = await import('iconv-lite')
  if (!iconv.encodingExists(encoding)) throw new RangeError(`Unknown encoding ${encoding}`)
  const decoder = iconv.getDecoder(encoding)
  return { write: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' }
}

const isUtf8Name = (encoding: string): boolean => /^(?:utf-?8|unicode-1-1-utf-8)$/i.test(encoding.trim())

function createWebStream(encoding: string): TextStream {
  const decoder = new TextDecoder(encoding)
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}
