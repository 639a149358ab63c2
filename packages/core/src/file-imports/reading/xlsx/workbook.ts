import { Problem } from '../../../problem.ts'
import type { FileRecord } from '../types.ts'
import { Archive } from './archive.ts'
import { CellFormatsHandler } from './cell-formats.ts'
import { folderOf, type Relationship, RelationshipsHandler, relationshipsOf } from './relationships.ts'
import { SharedTexts, SharedTextsHandler } from './shared-texts.ts'
import { SheetRowsHandler } from './sheet-rows.ts'
import { SheetsHandler } from './sheets.ts'
import { type XmlHandler, XmlParser } from './xml.ts'

/** Bytes of XML that a part with rows or shared texts has at most: some 20 million rows. */
const PART_BYTES_MAX = 4 * 1024 ** 3
/** Bytes of the parts that describe the workbook: what they say is held in memory. */
const DESCRIPTION_BYTES_MAX = 64 * 1024 * 1024
/** Bytes of XML whose rows are in memory at a time: the cells of 16 KB may share 20 MB of text. */
const PIECE_BYTES = 16 * 1024
const TOO_LARGE = 'The Excel workbook has a sheet of more than 4 GB. Save the sheet as CSV.'

export interface WorkbookOptions {
  signal?: AbortSignal | undefined
  /** Called with the number of bytes of the file that have been read, those that are not needed included. */
  onBytes?: ((bytes: number) => void) | undefined
}

interface CellFacts {
  texts: SharedTexts
  kinds: CellFormatsHandler['found']
}

/** An Excel workbook whose sheets are read as a stream: memory does not grow with them. */
export class Workbook {
  /** Names of the parts with the sheets that people see, then those of hidden ones. */
  readonly sheets: readonly string[]
  private readonly archive: Archive
  private readonly is_1904: boolean
  private readonly related: readonly Relationship[]
  private readonly options: WorkbookOptions
  private facts: CellFacts | null = null
  private readBytes = 0

  private constructor(
    archive: Archive,
    found: Pick<Workbook, 'sheets'> & { is_1904: boolean; related: readonly Relationship[] },
    options: WorkbookOptions,
  ) {
    this.archive = archive
    this.sheets = found.sheets
    this.is_1904 = found.is_1904
    this.related = found.related
    this.options = options
  }

  /**
   * Opens a workbook; close() it.
   * @param source the path of a file, or its bytes
   * @throws Problem invalid_request; Error for a damaged workbook
   */
  static async open(source: string | Uint8Array, options: WorkbookOptions): Promise<Workbook> {
    const archive = await Archive.open(source)
    try {
      const main = await findMainPart(archive)
      const related = await readRelationships(archive, main)
      const handler = new SheetsHandler()
      await describe(archive, main, handler)
      const sheets = handler.found
        .map(({ relationship }) => related.find(({ id, type }) => id === relationship && type === 'worksheet')?.part)
        .filter((part) => part !== undefined && archive.has(part)) as string[]
      if (sheets.length === 0) throw new Error('it has no sheet with cells')
      return new Workbook(archive, { sheets, is_1904: handler.is_1904, related }, options)
    } catch (error) {
      archive.close()
      throw error
    }
  }

  /** Yields the rows of a sheet that are not empty, in the order of the file. @throws as open() */
  async *readRows(sheet: string): AsyncGenerator<FileRecord> {
    this.facts ??= await this.readFacts()
    const { texts, kinds } = this.facts
    const rows = new SheetRowsHandler({ texts, kinds, is_1904: this.is_1904 })
    const xml = new XmlParser(rows)
    const before = this.readBytes
    try {
      // Behind the rows are rules and links. They are decompressed only, to tell whether the part is whole.
      for await (const bytes of this.readPart(sheet))
        for (let at = 0; at < bytes.length && !rows.isEnded; at += PIECE_BYTES) {
          xml.write(bytes.subarray(at, at + PIECE_BYTES))
          yield* rows.take()
        }
    } finally {
      this.readBytes = before
    }
    if (!rows.isEnded) throw new Error('it ends within a sheet')
  }

  close(): void {
    this.facts?.texts.close()
    this.archive.close()
  }

  private async readFacts(): Promise<CellFacts> {
    const styles = this.find('styles')
    const formats = new CellFormatsHandler()
    if (styles !== null) await describe(this.archive, styles, formats)
    const texts = new SharedTexts()
    try {
      const shared = this.find('sharedStrings')
      if (shared !== null) {
        const xml = new XmlParser(new SharedTextsHandler(texts))
        for await (const bytes of this.readPart(shared)) xml.write(bytes)
        xml.end()
      }
    } catch (error) {
      texts.close()
      throw error
    }
    return { texts, kinds: formats.found }
  }

  private find(type: string): string | null {
    const part = this.related.find((each) => each.type === type)?.part
    return part !== undefined && this.archive.has(part) ? part : null
  }

  private async *readPart(part: string): AsyncGenerator<Buffer> {
    const { signal, onBytes } = this.options
    const { packed, unpacked } = this.archive.size(part)
    if (unpacked > PART_BYTES_MAX) throw new Problem('invalid_request', TOO_LARGE)
    const before = this.readBytes
    let bytes = 0
    for await (const chunk of this.archive.read(part)) {
      signal?.throwIfAborted()
      bytes += chunk.length
      this.readBytes = before + Math.round((packed * bytes) / unpacked)
      onBytes?.(this.readBytes)
      yield chunk
    }
  }
}

async function findMainPart(archive: Archive): Promise<string> {
  const root = archive.has('_rels/.rels') ? await readRelationships(archive, '') : []
  const main = root.find(({ type, part }) => type === 'officeDocument' && archive.has(part))?.part ?? 'xl/workbook.xml'
  if (!archive.has(main)) throw new Error('it is no workbook')
  return main
}

async function readRelationships(archive: Archive, part: string): Promise<readonly Relationship[]> {
  const handler = new RelationshipsHandler(folderOf(part))
  await describe(archive, relationshipsOf(part), handler)
  return handler.found
}

async function describe(archive: Archive, part: string, handler: XmlHandler): Promise<void> {
  if (archive.size(part).unpacked > DESCRIPTION_BYTES_MAX) throw new Error(`its part ${part} is too large`)
  const xml = new XmlParser(handler)
  for await (const bytes of archive.read(part)) xml.write(bytes)
  xml.end()
}
