import { gzipSync } from 'node:zlib'
import { type FilePreview, previewFile, readPages } from '@leads/core/file-imports/import-file'
import { parseXlsxBytes } from '@leads/core/file-imports/reading/xlsx-records'
import { Problem } from '@leads/core/problem'
import { writeXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dice } from '../faults/dice.ts'
import { workbookParts } from './workbook-parts.ts'
import { createImportWorld, type ImportWorld, map } from './world.ts'
import { archive } from './write-archive.ts'

/** Files as nobody would write them: the readers return records or a Problem, and never throw anything else. */

let world: ImportWorld
beforeAll(async () => {
  world = await createImportWorld('sqlite')
})
afterAll(() => world.close())

/** Returns the number of records, or the code of the Problem. */
async function read(content: Buffer): Promise<number | string> {
  try {
    const preview: FilePreview = await previewFile(world.file('fuzz', content), { on_duplicate: 'merge' })
    let count = 0
    for await (const rows of readPages({ map }, preview, 0, { bytes: 0 })) count += rows.length
    return count
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.code
  }
}

const TEXT = 'Vorname;Nachname;E-Mail;Notiz\nJürgen;Möß;jm@moess.de;"eins\n""zwei"""\nÅsa;Ek;asa@ek.se;x\n'

test('random bytes are refused or read, whatever their container', async () => {
  const dice = new Dice(7)
  const starts = [
    [],
    [0x1f, 0x8b, 8],
    [0x50, 0x4b, 3, 4],
    [0xff, 0xfe],
    [0xfe, 0xff],
    [0xef, 0xbb, 0xbf],
    [0x5b],
    [0x7b],
  ]
  for (let round = 0; round < 80; round += 1) {
    const length = Math.floor(dice.next() * 3000)
    const body = Buffer.from(Array.from({ length }, () => Math.floor(dice.next() * 256)))
    const result = await read(Buffer.concat([Buffer.from(starts[round % starts.length] ?? []), body]))
    if (typeof result === 'string') expect(result).toBe('invalid_request')
  }
})

test('files that are cut off or damaged anywhere are refused or read', async () => {
  const dice = new Dice(11)
  const json = '[{"name":"Åsa Ek","email":"asa@ek.se"},{"name":"Bo Ek","email":"bo@ek.se"}]'
  const sheet = await writeXlsx({
    sheets: [
      {
        name: 'a',
        rows: [
          ['Name', 'Email'],
          ['Åsa Ek', 'asa@ek.se'],
        ],
      },
    ],
  })
  for (const whole of [Buffer.from(TEXT), gzipSync(TEXT), Buffer.from(json), Buffer.from(sheet)])
    for (let round = 0; round < 15; round += 1) {
      const cut = Buffer.from(whole.subarray(0, 1 + Math.floor(dice.next() * whole.length)))
      cut[Math.floor(dice.next() * cut.length)] = Math.floor(dice.next() * 256)
      const result = await read(cut)
      if (typeof result === 'string') expect(result).toBe('invalid_request')
    }
})

test('workbooks that are damaged anywhere, within parts as well, are refused or read', async () => {
  const dice = new Dice(5)
  const parts = workbookParts('<row><c t="s"><v>0</v></c><c s="1"><v>45000.5</v></c><c><f>A1</f><v>2</v></c></row>', {
    shared: '<si><t>Name</t></si><si><r><t>Åsa_x000D_</t></r><rPh><t>x</t></rPh></si>',
    styles:
      '<numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
  })
  const damage = (bytes: Buffer): Buffer => {
    const damaged = Buffer.from(
      bytes.subarray(0, dice.next() < 0.3 ? Math.floor(dice.next() * bytes.length) : undefined),
    )
    for (let count = Math.floor(dice.next() * 4); count >= 0 && damaged.length > 0; count -= 1)
      damaged[Math.floor(dice.next() * damaged.length)] = Math.floor(dice.next() * 256)
    return damaged
  }
  const names = Object.keys(parts)
  for (let round = 0; round < 150; round += 1) {
    // Every second time within the XML of one part, whose sums are right then.
    const name = names[round % names.length] ?? ''
    const changed = { ...parts, [name]: damage(Buffer.from(parts[name] as string)) }
    const bytes = round % 2 === 0 ? damage(Buffer.concat([...archive(parts)])) : Buffer.concat([...archive(changed)])
    try {
      for await (const { cells } of parseXlsxBytes(bytes)) expect(cells).toBeInstanceOf(Array)
    } catch (error) {
      expect(error).toBeInstanceOf(Problem)
    }
  }
})

test('workbooks that another program writes are read as they were', async () => {
  const dice = new Dice(9)
  const letters = ['a', 'É', ' ', '&', '<', '>', '"', "'", '€', '😀', '_x41_', '0', '\n', ';']
  const pick = <T>(list: readonly T[]): T => list[Math.floor(dice.next() * list.length)] as T
  const text = () => `t${Array.from({ length: Math.floor(dice.next() * 12) }, () => pick(letters)).join('')}`
  for (let round = 0; round < 15; round += 1) {
    const rows = Array.from({ length: 1 + Math.floor(dice.next() * 30) }, () =>
      Array.from({ length: 2 + Math.floor(dice.next() * 8) }, (_, column) => {
        const kind = column < 2 ? 0 : dice.next()
        if (kind < 0.5) return text()
        if (kind < 0.7) return Math.floor(dice.next() * 1e12)
        if (kind < 0.8) return dice.next() < 0.5
        if (kind < 0.9) return new Date(Math.floor(dice.next() * 20_000) * 86_400_000)
        return Math.round(dice.next() * 1e6) / 1000
      }),
    )
    const read: unknown[] = []
    for await (const { cells } of parseXlsxBytes(await writeXlsx({ sheets: [{ name: 'a', rows }] }))) read.push(cells)
    expect(read).toEqual(
      rows.map((cells) => cells.map((cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)))),
    )
  }
})

test.each(['utf-8', 'utf16le', 'utf16be', 'windows-1252', 'iso-8859-15', 'cp850', 'macintosh'])(
  'a text in %s gives its two records',
  async (encoding) => {
    const addBOM = encoding.startsWith('utf16')
    expect(await read(iconv.encode(TEXT, encoding, { addBOM }))).toBe(2)
  },
)

test.each([
  ['quotes', '"'],
  ['delimiters', ';,'],
  ['opened lists', '['],
  ['line ends', '\r\n'],
  ['bytes of no encoding', '\u00ff\u00fe'],
])('the time for a file of %s grows no faster than the file', async (_what, text) => {
  const time = async (bytes: number) => {
    const started = process.cpuUsage()
    await read(Buffer.from(`Name;Email\n${text.repeat(bytes / text.length)}`, 'latin1'))
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  }
  await time(200_000)
  const small = await time(400_000)
  // Eight times the bytes: a quadratic reader takes 64 times as long.
  expect(await time(3_200_000)).toBeLessThan(Math.max(small, 20) * 24)
})
