import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseXlsx, parseXlsxBytes } from '@leads/core/file-imports/reading/xlsx-records'
import { Problem } from '@leads/core/problem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { relationship, relationships, type SheetOptions, sheet, workbookParts } from './workbook-parts.ts'
import { archive, type Part, writeArchive } from './write-archive.ts'

/** Workbooks as Excel, LibreOffice, Google and others write them, and as nobody should. All people are invented. */

const toBytes = (parts: Record<string, Part>): Buffer => Buffer.concat([...archive(parts)])

async function readParts(parts: Record<string, Part>): Promise<unknown[]> {
  const records: unknown[] = []
  for await (const { cells, problem } of parseXlsxBytes(toBytes(parts))) records.push(problem ?? cells)
  return records
}

const read = (rows: string | Iterable<string>, options: SheetOptions = {}): Promise<unknown[]> =>
  readParts(workbookParts(rows, options))

/** Returns the text of a cell, in a row whose other cell makes it a table. */
async function readCell(cell: string, options: SheetOptions = {}): Promise<unknown> {
  const [row] = await read(`<row r="1"><c r="A1" t="str"><v>Email</v></c>${cell}</row>`, options)
  return (row as string[])[1] ?? ''
}

const inline = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const row = (...texts: string[]): string => `<row>${texts.map(inline).join('')}</row>`
const TABLE = [
  ['Name', 'Email'],
  ['Åsa Ek', 'asa@ek.example'],
]
const tableRows = TABLE.map((cells) => row(...cells)).join('')

describe('cells', () => {
  const dates = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/></cellXfs>'
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>${dates}`

  test.each([
    ['a number', '<c><v>4915123456789</v></c>', '4915123456789'],
    ['a number with an exponent', '<c t="n"><v>4.915123456789E12</v></c>', '4915123456789'],
    ['a fraction', '<c><v>0.1</v></c>', '0.1'],
    ['zeros before a number', '<c><v>007</v></c>', '7'],
    ['what is no number', '<c><v>n/a</v></c>', 'n/a'],
    ['true', '<c t="b"><v>1</v></c>', 'true'],
    ['false', '<c t="b"><v>0</v></c>', 'false'],
    ['an error', '<c t="e"><v>#N/A</v></c>', '#N/A'],
    ['the result of a formula', '<c t="str"><f>A1&amp;"x"</f><v>a&amp;b</v></c>', 'a&b'],
    ['a formula without a result', '<c><f>A1</f></c>', ''],
    ['a text in the cell', '<c t="inlineStr"><is><t xml:space="preserve"> Bo </t></is></c>', ' Bo '],
    ['an empty text in the cell', '<c t="inlineStr"><is><t/></is></c>', ''],
    ['runs', '<c t="inlineStr"><is><r><rPr><b/></rPr><t>Bo</t></r><r><t> Ek</t></r></is></c>', 'Bo Ek'],
    [
      'a text with its sound',
      '<c t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>',
      '東京',
    ],
    ['escapes', '<c t="str"><v>a_x000D_b_x005F_x0041__xZZZZ_ _x41_</v></c>', 'a\rb_x0041__xZZZZ_ _x41_'],
    ['CDATA', '<c t="str"><v><![CDATA[<b> & ]]>x</v></c>', '<b> & x'],
    ['an entity nobody declared', '<c t="str"><v>R&nbsp;D</v></c>', 'R&nbsp;D'],
    ['a character that XML cannot hold', '<c t="str"><v>a\u000bb</v></c>', 'a\u000bb'],
    ['a date', '<c s="1"><v>46081</v></c>', '2026-02-28'],
    ['a date with a time', '<c s="3"><v>46081.395833333336</v></c>', '2026-02-28T09:30:00.000Z'],
    ['a time of day', '<c s="2"><v>0.39583333333333331</v></c>', '09:30:00'],
    ['the first day', '<c s="1"><v>1</v></c>', '1900-01-01'],
    ['the last day of February 1900', '<c s="1"><v>59</v></c>', '1900-02-28'],
    ['the day after it', '<c s="1"><v>61</v></c>', '1900-03-01'],
    ['the last day', '<c s="1"><v>2958465</v></c>', '9999-12-31'],
    ['a number that is no day', '<c s="1"><v>2958466</v></c>', '2958466'],
    ['a negative number that is no day', '<c s="1"><v>-3</v></c>', '-3'],
    ['a style that is missing', '<c s="99"><v>46081</v></c>', '46081'],
    ['a date written as one', '<c t="d"><v>2026-02-28</v></c>', '2026-02-28'],
    ['a date and time written as one', '<c t="d"><v>2026-02-28T09:30:00</v></c>', '2026-02-28T09:30:00.000Z'],
  ])('%s', async (_, cell, text) => {
    expect(await readCell(cell, { styles })).toBe(text)
  })

  test('days are counted from 1904 in workbooks of old Macs', async () => {
    const workbook = '<workbookPr date1904="1"/><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
    expect(await readCell('<c s="1"><v>44619</v></c>', { styles, workbook })).toBe('2026-02-28')
    expect(await readCell('<c s="1"><v>0</v></c>', { styles, workbook })).toBe('1904-01-01')
  })

  test.each([
    ['yyyy\\-mm\\-dd', '2026-02-28'],
    ['[$-409]d\\-mmm\\-yy;@', '2026-02-28'],
    ['[h]:mm:ss', '2026-02-28'],
    ['m/d/yy h:mm AM/PM', '2026-02-28'],
    ['mm:ss.0', '2026-02-28'],
    ['General', '46081'],
    ['0.00E+00', '46081'],
    ['[Red]#,##0;[Blue]-#,##0', '46081'],
    ['0 "days"', '46081'],
    ['#,##0.00\\ [$USD]', '46081'],
    ['@', '46081'],
  ])('the format %s makes %s of 46081', async (code, text) => {
    const own = `<numFmts><numFmt numFmtId="170" formatCode="${code.replaceAll('"', '&quot;')}"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs>`
    expect(await readCell('<c s="0"><v>46081</v></c>', { styles: own })).toBe(text)
  })

  test('shared texts', async () => {
    const shared =
      '<si><t>Åsa &amp; Bo</t></si><si><r><t>E</t></r><r><t xml:space="preserve">k </t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si/>'
    const cells = ['0', '1', '2', '3', '-1', '0.5', 'x'].map((number) => `<c t="s"><v>${number}</v></c>`).join('')
    const [first] = await read(`<row>${cells}${inline('end')}</row>`, { shared })
    expect(first).toEqual(['Åsa & Bo', 'Ek ', '', '', '', '', '', 'end'])
  })
})

describe('rows', () => {
  test('of different widths, with gaps, in any order, without references', async () => {
    const rows =
      '<row r="2"><c r="C2"><v>3</v></c><c r="A2"><v>1</v></c></row><row/>' +
      '<row r="9" spans="1:1"><c><v>5</v></c><c r="AA9"><v>6</v></c><c><v>7</v></c></row><row r="4"><c r="B4"><v>8</v></c><c r="A4"><v>9</v></c></row>'
    const records: unknown[] = []
    for await (const { line_number, cells } of parseXlsxBytes(toBytes(workbookParts(rows))))
      records.push([line_number, Object.entries(cells).filter(([, cell]) => cell !== '')])
    expect(records).toEqual([
      [
        2,
        [
          ['0', '1'],
          ['2', '3'],
        ],
      ],
      [
        9,
        [
          ['0', '5'],
          ['26', '6'],
          ['27', '7'],
        ],
      ],
      [
        4,
        [
          ['0', '9'],
          ['1', '8'],
        ],
      ],
    ])
  })

  test('a cell beyond the last column rejects its row alone', async () => {
    const rows = `${tableRows}<row r="7"><c r="A7"><v>1</v></c><c r="XFE7"><v>2</v></c></row><row r="8"><c r="XFD8"><v>3</v></c></row>`
    const records = await read(rows)
    expect(records.slice(0, 3)).toEqual([...TABLE, 'the record has more than 16,384 columns'])
    expect((records[3] as string[]).length).toBe(16_384)
  })

  test('a row that is too long, by one text in many cells, rejects itself alone', async () => {
    const shared = `<si><t>${'x'.repeat(32_000)}</t></si>`
    const rows = `${row('Name', 'Email')}<row>${'<c t="s"><v>0</v></c>'.repeat(40)}</row>${row('Bo', 'bo@ek.example')}`
    expect(await read(rows, { shared })).toEqual([
      ['Name', 'Email'],
      'the record is longer than 1,048,576 characters',
      ['Bo', 'bo@ek.example'],
    ])
  })

  test('what stands before and behind the rows is no row', async () => {
    const parts = workbookParts('')
    const extra = row('no', 'row')
    parts['xl/worksheets/sheet1.xml'] =
      `<worksheet><extLst>${extra}</extLst><dimension ref="A1:A1"/><sheetData>${tableRows}</sheetData><extLst>${extra}</extLst></worksheet>`
    expect(await readParts(parts)).toEqual(TABLE)
  })
})

describe('parts', () => {
  test('names with prefixes, of the strict form, with absolute targets, other names and another case', async () => {
    const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
    const relation = (id: string, type: string, target: string) =>
      `<Relationship Target="${target}" Type="${strict}/${type}" Id="${id}"/>`
    const parts = {
      // Sheets before what they refer to.
      'data/Sheet One.xml':
        '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
      'book/main.xml':
        '<x:workbook xmlns:x="urn:x" xmlns:q="urn:q"><x:sheets><x:sheet q:id="abc" name="a" sheetId="7"/></x:sheets></x:workbook>',
      'book/_rels/main.xml.rels': relationships(
        relation('abc', 'worksheet', '../data/sheet%20one.xml') + relation('z', 'sharedStrings', '/book/Texts.XML'),
      ),
      'Book\\texts.xml': '<x:sst xmlns:x="urn:x"><x:si><x:t>Name</x:t></x:si><x:si><x:t>Email</x:t></x:si></x:sst>',
      '_rels/.rels': relationships(relation('r', 'officeDocument', '/book/main.xml')),
    }
    expect(await readParts(parts)).toEqual([['Name', 'Email']])
  })

  const sheets = (...states: string[]): string =>
    `<sheets>${states.map((state, index) => `<sheet name="s${index}" sheetId="${index + 1}" r:id="rId${index + 1}" ${state}/>`).join('')}</sheets>`
  const second = relationship('rId2', 'worksheet', 'worksheets/sheet2.xml')

  test('hidden sheets are read where no other has a table', async () => {
    const others = { 'xl/worksheets/sheet2.xml': sheet(tableRows) }
    const lists = row('Country', 'Code')
    const workbook = sheets('state="hidden"', '')
    expect(await read(lists, { workbook, relationships: second, others })).toEqual(TABLE)
    const hidden = sheets('', 'state="veryHidden"')
    expect(await read(row('Cover'), { workbook: hidden, relationships: second, others })).toEqual(TABLE)
  })

  test('a sheet of charts and one that is missing are passed over', async () => {
    const others = { 'xl/worksheets/sheet2.xml': sheet(tableRows), 'xl/chartsheets/sheet1.xml': '<chartsheet/>' }
    const workbook =
      '<sheets><sheet name="c" sheetId="1" r:id="rId5"/><sheet name="m" sheetId="2" r:id="rId6"/><sheet name="t" sheetId="3" r:id="rId2"/></sheets>'
    const related =
      second +
      relationship('rId5', 'chartsheet', 'chartsheets/sheet1.xml') +
      relationship('rId6', 'worksheet', 'worksheets/none.xml')
    expect(await read('', { workbook, relationships: related, others })).toEqual(TABLE)
  })

  test('UTF-16 with a mark is read', async () => {
    const parts = workbookParts('')
    const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData>${tableRows}</sheetData></worksheet>`
    parts['xl/worksheets/sheet1.xml'] = Buffer.from(text, 'utf16le')
    expect(await readParts(parts)).toEqual(TABLE)
    parts['xl/worksheets/sheet1.xml'] = Buffer.from(text, 'utf16le').swap16()
    expect(await readParts(parts)).toEqual(TABLE)
  })
})

describe('workbooks that are refused', () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    try {
      for await (const _ of parseXlsxBytes(bytes));
      return 'read'
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return error.message
    }
  }
  const refusalOf = (parts: Record<string, Part>): Promise<string> => refusal(toBytes(parts))
  const withSheet = (xml: string): Record<string, Part> => ({ ...workbookParts(''), 'xl/worksheets/sheet1.xml': xml })

  test('entities that would expand stay as they are', async () => {
    const bomb = `<!DOCTYPE w [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]>`
    const parts = withSheet(`${bomb}<worksheet><sheetData>${row('Name', '&b;')}</sheetData></worksheet>`)
    expect(await readParts(parts)).toEqual([['Name', '&b;']])
  })

  test.each([
    ['other archives', { 'a.txt': 'a' }, /it is no workbook/],
    ['no sheets', workbookParts('', { workbook: '<sheets/>' }), /no sheet with cells/],
    ['a sheet that ends early', withSheet('<worksheet><sheetData><row>'), /ends within a sheet/],
    [
      'XML with crossed elements',
      withSheet('<worksheet><sheetData><row><c></row></sheetData>'),
      /unexpected close tag/,
    ],
    ['a sheet that is no XML', withSheet('PK and more'), /cannot be read/],
    ['elements in elements', withSheet(`<worksheet>${'<a>'.repeat(200)}`), /nested too deeply/],
  ])('%s', async (_, parts, message) => {
    expect(await refusalOf(parts)).toMatch(message)
  })

  function* manyTimes(text: string, times: number): Generator<string> {
    for (let time = 0; time < times; time += 1) yield text
  }

  test.each([
    ['one text', '<worksheet><sheetData><row><c t="inlineStr"><is><t>', 'x'],
    ['one comment', '<worksheet><!--', 'x'],
    ['one element', '<worksheet ', ' a="b"'],
    ['one name', '<worksheet', 'x'],
  ])('%s of 60 MB is refused before it fills the memory', async (_, start, piece) => {
    const parts = workbookParts('')
    function* text() {
      yield start
      yield* manyTimes(piece.repeat(1_000_000 / piece.length), 60)
    }
    parts['xl/worksheets/sheet1.xml'] = text()
    const started = process.cpuUsage()
    expect(await refusalOf(parts)).toMatch(/longer than a cell can be/)
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1e6).toBeLessThan(20)
  })

  test('bytes that were changed within a part are noticed', async () => {
    const bytes = toBytes({ ...workbookParts(''), 'xl/worksheets/sheet1.xml': sheet(row('Name', 'Åsa'.repeat(3000))) })
    const at = bytes.indexOf('xl/worksheets/sheet1.xml') + 200
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    expect(await refusal(bytes)).toMatch(/cannot be read/)
  })

  test('a part that is larger than it states is refused', async () => {
    const bytes = toBytes(workbookParts(row('Name', 'Email')))
    const entry = bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 46
    bytes.writeUInt32LE(100, entry + 24)
    expect(await refusal(bytes)).toMatch(/is damaged/)
  })

  test('a workbook with a password says so', async () => {
    const bytes = toBytes(workbookParts(tableRows))
    const entry = bytes.lastIndexOf('xl/worksheets/sheet1.xml') - 46
    bytes.writeUInt16LE(bytes.readUInt16LE(entry + 8) | 1, entry + 8)
    expect(await refusal(bytes)).toMatch(/protected by a password/)
  })
})

describe('files', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'workbooks-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const openFiles = (path: string): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(path)
      } catch {
        return false
      }
    }).length

  test('progress ends with the size of the file, and a reader that stops or is aborted leaves no file open', async () => {
    const path = join(directory, 'many.xlsx')
    function* rows() {
      for (let number = 0; number < 20_000; number += 1) yield row(`Ann ${number}`, `ann.${number}@ek.example`)
    }
    writeArchive(path, workbookParts(rows()))
    const bytes: number[] = []
    let count = 0
    for await (const _ of parseXlsx(path, { onBytes: (read) => bytes.push(read) })) count += 1
    expect(count).toBe(20_000)
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
    expect(bytes.length).toBeGreaterThan(10)
    for await (const _ of parseXlsx(path)) break
    const controller = new AbortController()
    const abort = async () => {
      for await (const _ of parseXlsx(path, { signal: controller.signal })) controller.abort()
    }
    await expect(abort()).rejects.toThrow(/abort/i)
    if (process.platform === 'linux') await expect.poll(() => openFiles(path)).toBe(0)
  })
})
