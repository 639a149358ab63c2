import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl'
import { Problem } from '../../../problem.ts'

/** Parts of an archive at most. A workbook has tens, with pictures hundreds. */
const PARTS_MAX = 20_000
const CHUNK_BYTES = 64 * 1024
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 'The workbook is protected by a password. Save it without one.'

/** The parts of a workbook: a zip archive that is read at any place, a part at a time. */
export class Archive {
  private readonly zip: ZipFile
  private readonly parts: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.zip = zip
    this.parts = parts
  }

  /** @param source the path of a file, or its bytes. @throws Problem invalid_request; Error for a damaged archive */
  static async open(source: string | Uint8Array): Promise<Archive> {
    // Names are decoded here: the package refuses an archive for one name that would be unsafe as a path.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false }
    const zip =
      typeof source === 'string'
        ? await openPromise(source, options)
        : await fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.byteLength), options)
    try {
      if (zip.entryCount > PARTS_MAX) throw new Error(`the archive has ${zip.entryCount} parts`)
      const parts = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) parts.set(toKey(entry.fileNameRaw.toString('utf8')), entry)
      return new Archive(zip, parts)
    } catch (error) {
      zip.close()
      throw error
    }
  }

  has(name: string): boolean {
    return this.parts.has(toKey(name))
  }

  /** Bytes of a part, 0 if it is missing. */
  size(name: string): { packed: number; unpacked: number } {
    const entry = this.parts.get(toKey(name))
    return { packed: entry?.compressedSize ?? 0, unpacked: entry?.uncompressedSize ?? 0 }
  }

  /** Bytes of all parts together, as the archive states them: reading fails where one has more. */
  get unpackedBytes(): number {
    let bytes = 0
    for (const { uncompressedSize } of this.parts.values()) bytes += uncompressedSize
    return bytes
  }

  /** Yields the bytes of a part. @throws Error for a part that is missing, damaged, or not of the size it states */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.parts.get(toKey(name))
    if (entry === undefined) throw new Error(`it has no part ${name}`)
    if (entry.isEncrypted()) throw new Problem('invalid_request', ENCRYPTED)
    let bytes = 0
    let sum = 0
    for await (const chunk of this.unpack(entry)) {
      bytes += chunk.length
      // What is larger than it states may never end.
      if (bytes > entry.uncompressedSize) break
      sum = crc32(chunk, sum)
      yield chunk
    }
    if (bytes !== entry.uncompressedSize || sum !== entry.crc32) throw new Error(`its part ${name} is damaged`)
  }

  private async *unpack(entry: Entry): AsyncGenerator<Buffer> {
    const { compressionMethod } = entry
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
      throw new Error(`compression ${compressionMethod} is unknown`)
    const packed = await this.zip.openReadStreamPromise(entry, { decodeFileData: false })
    // Pieces of four times the default size take a tenth less time in all.
    const stream =
      compressionMethod === STORED ? packed : pipeline(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }), () => {})
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk
    } finally {
      packed.destroy()
      stream.destroy()
    }
  }

  close(): void {
    this.zip.close()
  }
}

/** Names of parts do not differ by case; some programs write backslashes or begin them with a slash. */
const toKey = (name: string): string => name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase()
