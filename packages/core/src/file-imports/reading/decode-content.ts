import { gunzipSync } from 'node:zlib'
import { Problem } from '../../problem.ts'
import { assertText } from './assert-text.ts'
import { assertWorkbookSize } from './assert-workbook-size.ts'
import { createTextStream } from './decode-text.ts'
import { detectContainer } from './read-bytes.ts'
import { detectEncoding, scanText } from './scan-text.ts'

/** Bytes of a decompressed text at most: a small archive can hold a very large one. */
export const TEXT_BYTES_MAX = 32 * 1024 * 1024

export interface DecodedContent {
  text: string
  /** The bytes of a workbook; null for a text. */
  workbook: Uint8Array | null
}

/**
 * Returns the text of a content that is in memory, or the bytes of a workbook. The encoding is detected like that of a
 * file, unless it is given.
 * @throws Problem invalid_request for a file that is no text, a damaged archive, one that holds too much, or an unknown encoding
 */
export async function decodeContent(content: string | Uint8Array, encoding?: string): Promise<DecodedContent> {
  if (typeof content === 'string') {
    assertText(content)
    return { text: content, workbook: null }
  }
  const container = detectContainer(content)
  if (container === 'xlsx') {
    await assertWorkbookSize(content)
    return { text: '', workbook: content }
  }
  const bytes = Buffer.from(container === 'gzip' ? decompress(content) : content)
  const found = encoding ?? (await detectEncoding(await scanText(inOnePiece(bytes)), () => inOnePiece(bytes))).encoding
  const stream = await openStream(found)
  const text = stream.write(bytes) + stream.end()
  assertText(text)
  return { text: text.replace(/^\ufeff/, ''), workbook: null }
}

async function* inOnePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

async function openStream(encoding: string) {
  try {
    return await createTextStream(encoding)
  } catch (cause) {
    const detail = `Unknown encoding ${encoding}. Try utf-8, windows-1252 or utf-16le.`
    throw new Problem('invalid_request', detail, { cause })
  }
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX })
  } catch (error) {
    const isLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    const detail = isLarge
      ? 'The archive contains more than 32 MB. Send the file in parts.'
      : 'The gzip archive is damaged or cut off. Compress the file again.'
    throw new Problem('invalid_request', detail, { cause: error })
  }
}
