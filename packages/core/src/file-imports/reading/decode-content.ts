import { gunzipSync } from 'node:zlib'
import { Problem } from '../../problem.ts'
import { detectContainer } from './read-bytes.ts'
import { createUtf8Stream } from './utf8.ts'

/** Bytes of a decompressed text at most: a small archive can hold a very large one. */
const TEXT_BYTES_MAX = 32 * 1024 * 1024

/**
 * Returns the text of a content that is in memory, or the bytes of a workbook.
 * @throws Problem invalid_request for a damaged archive or an encoding that must be converted first
 */
export function decodeContent(content: string | Uint8Array): { text: string; bytes: Uint8Array | null } {
  if (typeof content === 'string') return { text: content, bytes: null }
  const container = detectContainer(content)
  if (container === 'xlsx') return { text: '', bytes: content }
  const bytes = container === 'gzip' ? decompress(content) : content
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), bytes: null }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), bytes: null }
  const stream = createUtf8Stream()
  return { text: stream.write(bytes) + stream.end(), bytes: null }
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX })
  } catch (error) {
    const isLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    const detail = isLarge
      ? 'The archive holds more than 32 MB. Send the file in parts.'
      : 'The gzip archive is damaged or cut off. Compress the file again.'
    throw new Problem('invalid_request', detail, { cause: error })
  }
}
