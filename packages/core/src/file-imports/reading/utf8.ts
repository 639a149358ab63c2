import { isUtf8 } from 'node:buffer'

/** Turns bytes into text piece by piece; characters that a chunk cuts are completed by the next one. */
export interface TextStream {
  write(bytes: Uint8Array): string
  end(): string
}

/** Length of the UTF-8 character that begins at `index`; 0 where none does. */
export function utf8Length(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first >= 0xf5) return 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  const [min, max] = secondByteRanges[first] ?? [0x80, 0xbf]
  const second = bytes[index + 1] ?? 0
  if (second < min || second > max) return 0
  for (let next = 2; next < length; next += 1) if (((bytes[index + next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** First bytes behind which not every continuation byte is allowed (Unicode 16, table 3-7). */
const secondByteRanges: Readonly<Record<number, readonly [min: number, max: number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
}

/**
 * UTF-8 in which single bytes may be Windows-1252, as in lists that were put together from several sources. Drops a byte
 * order mark.
 */
export function createUtf8Stream(): TextStream {
  let rest: Uint8Array = new Uint8Array(0)
  let isFirst = true
  const decode = (bytes: Uint8Array): string => {
    const text = isUtf8(bytes)
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
      : decodeMixed(bytes)
    if (!isFirst || text === '') return text
    isFirst = false
    return text.startsWith('\ufeff') ? text.slice(1) : text
  }
  return {
    write(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = bytes.length - incompleteBytes(bytes)
      rest = Uint8Array.from(bytes.subarray(end))
      return decode(bytes.subarray(0, end))
    },
    end: () => decode(rest),
  }
}

/** Bytes at the end that begin a character and do not complete it. */
export function incompleteBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    // 10xxxxxx continues a character; 110xxxxx begins one of two bytes, 1110xxxx of three, 11110xxx of four.
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

const windows1252 = new TextDecoder('windows-1252')

function decodeMixed(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let text = ''
  let start = 0
  for (let index = 0; index < buffer.length; ) {
    const length = (buffer[index] ?? 0) < 0x80 ? 1 : utf8Length(buffer, index)
    if (length > 0) {
      index += length
      continue
    }
    text += buffer.toString('utf8', start, index) + windows1252.decode(buffer.subarray(index, index + 1))
    index += 1
    start = index
  }
  return text + buffer.toString('utf8', start)
}
