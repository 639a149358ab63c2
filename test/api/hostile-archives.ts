import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** Archives that are small and decompress to much. */

/** A ZIP archive of one entry per name, each with the same text. */
export function zipOf(names: readonly string[], text: Buffer): Buffer {
  const data = deflateRawSync(text, { level: 1 })
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const name of names) {
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(text), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(text.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), data])
    const entry = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, Buffer.alloc(14)])
    entry.writeUInt32LE(at, 42)
    directory.push(entry, Buffer.from(name))
    locals.push(local)
    at += local.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(names.length, 8)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, entries, end])
}

const WORKBOOK_PARTS = ['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/worksheets/sheet1.xml']

/** A gzip archive that decompresses to this many bytes. */
export const gzipBomb = (bytes_count: number, fill = 'a,b\n'): Buffer =>
  gzipSync(Buffer.alloc(bytes_count, fill), { level: 6 })

export const workbookBomb = (bytes_count: number, entries_count: number): Buffer =>
  zipOf(
    Array.from({ length: entries_count }, (_, index) => WORKBOOK_PARTS[index] ?? `xl/worksheets/sheet${index}.xml`),
    Buffer.alloc(bytes_count, '<row><c t="inlineStr"><is><t>x</t></is></c></row>'),
  )
