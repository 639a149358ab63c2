import { gzipSync } from 'node:zlib'
import { type FilePreview, previewFile, readPages } from '@leads/core/file-imports/import-file'
import { Problem } from '@leads/core/problem'
import { writeXlsx } from 'hucre/xlsx'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dice } from '../faults/dice.ts'
import { createImportWorld, type ImportWorld, map } from './world.ts'

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
