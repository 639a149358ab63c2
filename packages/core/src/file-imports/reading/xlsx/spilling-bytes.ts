import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PAGE_BYTES = 16 * 1024
const CACHED_PAGES_MAX = 256

/**
 * Bytes that are appended, and read at any place: the first ones stay in memory, the others are in a temporary file that
 * only its owner can read. The file has no name any more once it is open, so that it goes with the process.
 */
export class SpillingBytes {
  private readonly kept_max: number
  private readonly kept: Buffer[] = []
  private readonly cached = new Map<number, Buffer>()
  /** The page that is being written. */
  private tail = Buffer.allocUnsafeSlow(PAGE_BYTES)
  private tailBytes = 0
  private fullPages = 0
  private file: number | null = null

  /** @param memory_bytes how many bytes stay in memory, besides 4 MB of pages that were read last */
  constructor(memory_bytes: number) {
    this.kept_max = Math.ceil(memory_bytes / PAGE_BYTES)
  }

  get length(): number {
    return this.fullPages * PAGE_BYTES + this.tailBytes
  }

  appendText(text: string): void {
    // A character takes at most three bytes in UTF-8 per UTF-16 unit.
    if (text.length * 3 <= PAGE_BYTES - this.tailBytes) {
      this.tailBytes += this.tail.write(text, this.tailBytes, 'utf8')
      if (this.tailBytes === PAGE_BYTES) this.finishPage()
    } else this.append(Buffer.from(text, 'utf8'))
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + PAGE_BYTES - this.tailBytes)
      this.tail.set(part, this.tailBytes)
      this.tailBytes += part.length
      at += part.length
      if (this.tailBytes === PAGE_BYTES) this.finishPage()
    }
  }

  /** Returns the text between two positions. */
  text(start: number, end: number): string {
    const page = Math.floor(start / PAGE_BYTES)
    const from = start - page * PAGE_BYTES
    const bytes = end - start
    if (from + bytes <= PAGE_BYTES) return this.page(page).toString('utf8', from, from + bytes)
    const whole = Buffer.allocUnsafe(bytes)
    for (let at = start; at < end; ) {
      const number = Math.floor(at / PAGE_BYTES)
      const within = at - number * PAGE_BYTES
      at += this.page(number).copy(whole, at - start, within, Math.min(PAGE_BYTES, within + end - at))
    }
    return whole.toString('utf8')
  }

  /** Returns the number at a position that is a multiple of eight. */
  double(position: number): number {
    const page = Math.floor(position / PAGE_BYTES)
    return this.page(page).readDoubleLE(position - page * PAGE_BYTES)
  }

  close(): void {
    if (this.file !== null) closeSync(this.file)
    this.file = null
    this.kept.length = 0
    this.cached.clear()
  }

  private finishPage(): void {
    if (this.kept.length < this.kept_max) {
      this.kept.push(this.tail)
      this.tail = Buffer.allocUnsafeSlow(PAGE_BYTES)
    } else {
      this.file ??= openUnnamedFile()
      const start = (this.fullPages - this.kept_max) * PAGE_BYTES
      for (let at = 0; at < PAGE_BYTES; ) at += writeSync(this.file, this.tail, at, PAGE_BYTES - at, start + at)
    }
    this.fullPages += 1
    this.tailBytes = 0
  }

  private page(number: number): Buffer {
    if (number === this.fullPages) return this.tail
    return this.kept[number] ?? this.cached.get(number) ?? this.load(number)
  }

  private load(number: number): Buffer {
    if (this.file === null) throw new RangeError('a position behind the end')
    let page: Buffer | undefined
    if (this.cached.size >= CACHED_PAGES_MAX) {
      // The one that was loaded first makes room, and its memory is used again.
      const [[oldest, bytes]] = this.cached as unknown as Iterable<[number, Buffer]> as [[number, Buffer]]
      this.cached.delete(oldest)
      page = bytes
    }
    page ??= Buffer.allocUnsafeSlow(PAGE_BYTES)
    const start = (number - this.kept_max) * PAGE_BYTES
    for (let at = 0; at < PAGE_BYTES; ) {
      const read = readSync(this.file, page, at, PAGE_BYTES - at, start + at)
      if (read === 0) throw new RangeError('a position behind the end')
      at += read
    }
    this.cached.set(number, page)
    return page
  }
}

function openUnnamedFile(): number {
  const directory = mkdtempSync(join(tmpdir(), 'leads-workbook-'))
  try {
    return openSync(join(directory, 'texts'), 'wx+', 0o600)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
