import { closeSync, openSync, writeSync } from 'node:fs'
import { crc32, deflateRawSync } from 'node:zlib'

/** Bytes of a part: a text, or one in pieces, each compressed by itself. */
export type Part = string | Uint8Array | Iterable<string>

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const DEFLATED = 8

/**
 * Yields a zip archive with these parts, in their order. Parts are compressed piece by piece, so that an archive may be
 * larger than memory. Sizes and sums stand behind each part, as programs write them that do not know them before.
 */
export function* archive(parts: Readonly<Record<string, Part>>): Generator<Buffer> {
  let position = 0
  const directory: Buffer[] = []
  for (const [name, part] of Object.entries(parts)) {
    const file_name = Buffer.from(name)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(LOCAL, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(FLAGS, 6)
    local.writeUInt16LE(DEFLATED, 8)
    local.writeUInt16LE(file_name.length, 26)
    yield Buffer.concat([local, file_name])
    const start = position
    position += local.length + file_name.length
    const sizes = { packed: 0, unpacked: 0, sum: 0 }
    for (const piece of packed(part, sizes)) {
      position += piece.length
      yield piece
    }
    const behind = Buffer.alloc(16)
    behind.writeUInt32LE(0x08074b50, 0)
    writeSizes(behind, 4, sizes)
    yield behind
    position += behind.length
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(CENTRAL, 0)
    entry.writeUInt16LE(20, 4)
    entry.writeUInt16LE(20, 6)
    entry.writeUInt16LE(FLAGS, 8)
    entry.writeUInt16LE(DEFLATED, 10)
    writeSizes(entry, 16, sizes)
    entry.writeUInt16LE(file_name.length, 28)
    entry.writeUInt32LE(start, 42)
    directory.push(entry, file_name)
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(directory.length / 2, 8)
  end.writeUInt16LE(directory.length / 2, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(position, 16)
  yield Buffer.concat([entries, end])
}

/** Names in UTF-8, sizes behind the part. */
const FLAGS = 0x0808

interface Sizes {
  packed: number
  unpacked: number
  sum: number
}

function* packed(part: Part, sizes: Sizes): Generator<Buffer> {
  const pieces = typeof part === 'string' || part instanceof Uint8Array ? [part] : part
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    // A flush ends each piece at a byte, so that the next can follow.
    const packed = deflateRawSync(bytes, { finishFlush: SYNC_FLUSH, level: 1 })
    sizes.packed += packed.length
    sizes.unpacked += bytes.length
    sizes.sum = crc32(bytes, sizes.sum)
    yield packed
  }
  sizes.packed += LAST_BLOCK.length
  yield LAST_BLOCK
}

const SYNC_FLUSH = 2
const LAST_BLOCK = deflateRawSync('')

function writeSizes(target: Buffer, at: number, { packed, unpacked, sum }: Sizes): void {
  target.writeUInt32LE(sum, at)
  target.writeUInt32LE(packed, at + 4)
  target.writeUInt32LE(unpacked, at + 8)
}

export function writeArchive(path: string, parts: Readonly<Record<string, Part>>): void {
  const file = openSync(path, 'w')
  try {
    for (const bytes of archive(parts)) writeSync(file, bytes)
  } finally {
    closeSync(file)
  }
}
