import { inflateRawSync } from 'node:zlib'
import { Problem } from '../../problem.ts'

/** Bytes that the parts of a workbook in memory may have together. Their XML is 5 to 10 times the text of the cells. */
const WORKBOOK_XML_BYTES_MAX = 64 * 1024 * 1024

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const COMMENT_BYTES_MAX = 65_535
const STORED = 0
const DEFLATED = 8

/**
 * Decompresses every part of a workbook once, to check that it has at most 64 MB: what an archive states about its
 * sizes may be wrong. That takes at most some tenths of a second.
 * @throws Problem invalid_request for a larger or damaged workbook
 */
export function assertWorkbookSize(content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  let rest = WORKBOOK_XML_BYTES_MAX
  try {
    for (const { method, data } of listEntries(bytes)) {
      if (method !== STORED && method !== DEFLATED) throw new RangeError('unknown compression')
      const length = method === STORED ? data.length : inflateRawSync(data, { maxOutputLength: rest + 1 }).length
      rest -= length
      if (rest < 0) throw toLargeProblem()
    }
  } catch (error) {
    if (error instanceof Problem) throw error
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw toLargeProblem()
    throw new Problem('invalid_request', 'The Excel workbook is damaged or cut off. Save it as .xlsx again.', {
      cause: error,
    })
  }
}

const toLargeProblem = (): Problem =>
  new Problem(
    'invalid_request',
    'The Excel workbook contains more than 64 MB. Save the sheet as CSV and send it in parts.',
  )

/** Yields the entries of the central directory. @throws RangeError for positions outside the archive */
function* listEntries(bytes: Buffer): Generator<{ method: number; data: Buffer }> {
  const end = findEndOfDirectory(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new RangeError('no directory entry')
    const method = bytes.readUInt16LE(at + 10)
    const size = bytes.readUInt32LE(at + 20)
    const local = bytes.readUInt32LE(at + 42)
    if (bytes.readUInt32LE(local) !== LOCAL_ENTRY) throw new RangeError('no local entry')
    const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    if (start + size > bytes.length) throw new RangeError('an entry ends behind the archive')
    yield { method, data: bytes.subarray(start, start + size) }
    at += ENTRY_BYTES + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
}

function findEndOfDirectory(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES_MAX)
  for (let at = bytes.length - END_BYTES; at >= first; at -= 1)
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  throw new RangeError('no end of the directory')
}
