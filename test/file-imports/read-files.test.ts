import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { escapeFormula, formatCell, formatCsvLine, parseListCell, unescapeFormula } from '@leads/core/csv-text'
import { detectFormat } from '@leads/core/file-imports/detect-format'
import { previewFile } from '@leads/core/file-imports/import-file'
import { inspectFile } from '@leads/core/file-imports/inspect-file'
import { type FileRecord, readRecords } from '@leads/core/file-imports/read-records'
import { afterAll, beforeAll, describe, expect } from 'vitest'

let directory: string
let count = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'leads-test-files-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function save(content: string | Buffer): string {
  const path = join(directory, `${++count}.csv`)
  writeFileSync(path, content)
  return path
}

async function read(content: string | Buffer, given: { delimiter?: string; quote?: string } = {}) {
  const path = save(content)
  const { encoding, sample } = await inspectFile(path)
  const format = detectFormat(sample, given)
  const records: FileRecord[] = []
  for await (const record of readRecords({ path, encoding, format })) records.push(record)
  return { encoding, format, records, cells: records.map(({ cells }) => cells) }
}

const table = [
  ['name', 'city'],
  ['Zoë Müller', 'Köln'],
  ['Ana', 'São Paulo'],
]
const lines = (delimiter: string, end = '\n') => table.map((row) => row.join(delimiter)).join(end) + end

describe('a file', () => {
  test.each([
    [',', 'comma'],
    [';', 'semicolon'],
    ['\t', 'tab'],
    ['|', 'pipe'],
  ])('is cut at its own delimiter %j', async (delimiter) => {
    expect((await read(lines(delimiter))).cells).toEqual(table)
  })

  test.each(['\n', '\r\n', '\r'])('may end its lines with %j', async (end) => {
    expect((await read(lines(',', end))).cells).toEqual(table)
  })

  test.each([
    ['utf-8', Buffer.from(lines(','))],
    ['utf-8', Buffer.from(`\ufeff${lines(',')}`)],
    ['windows-1252', Buffer.from(lines(','), 'latin1')],
    ['utf-16le', Buffer.from(`\ufeff${lines(',')}`, 'utf16le')],
    ['utf-16le', Buffer.from(lines(','), 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${lines(',')}`, 'utf16le').swap16()],
  ])('is read in its encoding, %s, with or without a byte order mark', async (encoding, content) => {
    const found = await read(content)
    expect(found.encoding).toBe(encoding)
    expect(found.cells).toEqual(table)
  })

  test('is Windows-1252 when its first umlaut stands far behind its beginning', async () => {
    const path = save(Buffer.concat([Buffer.from(`name\n${'Ana\n'.repeat(200_000)}`), Buffer.from('Zoë\n', 'latin1')]))
    expect((await inspectFile(path)).encoding).toBe('windows-1252')
  })

  test('keeps delimiters, line ends and quotes inside quotes', async () => {
    const { cells, records } = await read('name;note\n"Ana; B";"two\nlines"\n"say ""hi""";x\n')
    expect(cells.slice(1)).toEqual([
      ['Ana; B', 'two\nlines'],
      ['say "hi"', 'x'],
    ])
    expect(records.map(({ line_number }) => line_number)).toEqual([1, 2, 4])
  })

  test('may say its delimiter in a first line sep=, as Excel does', async () => {
    const { cells, format } = await read('sep=;\nname;city\nAna;Rome, Italy\n')
    expect(format.delimiter).toBe(';')
    expect(cells).toEqual([
      ['name', 'city'],
      ['Ana', 'Rome, Italy'],
    ])
  })

  test('may have quotes within cells that mean nothing', async () => {
    expect((await read('name,size\nAna "The Cat" B,5" pipe\n')).cells[1]).toEqual(['Ana "The Cat" B', '5" pipe'])
    expect((await read('name,size\n"Ana,5\n', { quote: '' })).cells[1]).toEqual(['"Ana', '5'])
  })

  test('with a quote that is never closed names the line where it begins', async () => {
    await expect(read('name,city\nAna,Rome\n"Bob,Oslo\nCid,Paris\n')).rejects.toThrow(/begins in line 3/)
  })

  test('may be one JSON object a line', async () => {
    const { cells, format } = await read('{"name":"Ana"}\n\n{"name":"Bob","tags":["a"]}')
    expect(format.kind).toBe('ndjson')
    expect(cells).toEqual([{ name: 'Ana' }, { name: 'Bob', tags: ['a'] }])
    await expect(read('{"name":"Ana"}\n{"name":\n')).rejects.toThrow(/Line 2 cannot be read/)
    await expect(read('{"name":"Ana"}\n[1]\n')).rejects.toThrow(/Line 2 cannot be read/)
  })

  test('with blank and repeated column names gets names for all of them', async () => {
    const { columns } = await previewFile(save('email,,phone,phone\na@x.org,1,2,3\n'), { on_duplicate: 'merge' })
    expect(columns.map(({ header, column }) => [header, column])).toEqual([
      ['email', 'email'],
      ['column 2', null],
      ['phone', 'phone'],
      ['phone 2', 'phone'],
    ])
  })

  test('understands column names of five languages', async () => {
    const header = 'Vorname;Nachname;Firmenname;Telefonnummer;PLZ;Ville;Pays;Correo electrónico;Sito web;Secteur'
    const { columns } = await previewFile(save(`${header}\n${';'.repeat(9)}x\n`), { on_duplicate: 'merge' })
    expect(columns.map(({ column }) => column)).toEqual([
      'first_name',
      'last_name',
      'company_name',
      'phone',
      'postal_code',
      'city',
      'country',
      'email',
      'website',
      'industry',
    ])
  })

  test('takes overrides, and refuses those that name nothing', async () => {
    const path = save('Kd;Mail\nAcme;a@x.org\n')
    const of = async (overrides: Record<string, string | null>) =>
      (await previewFile(path, { on_duplicate: 'merge', map: overrides })).columns.map(({ column }) => column)
    expect(await of({ Kd: 'company_name' })).toEqual(['company_name', 'email'])
    expect(await of({ Mail: null, Kd: 'company_name' })).toEqual(['company_name', null])
    await expect(of({ Nix: 'email' })).rejects.toThrow(/no column "Nix". It has: Kd, Mail/)
    await expect(of({ Kd: 'nix' })).rejects.toThrow(/"nix" is nothing .* company_name/s)
  })

  test('is refused when it is empty or none of its columns is about leads', async () => {
    await expect(previewFile(save(''), { on_duplicate: 'merge' })).rejects.toThrow(/empty/)
    await expect(previewFile(save('\n\n'), { on_duplicate: 'merge' })).rejects.toThrow(/no records/)
    await expect(previewFile(save('a,b\n1,2\n'), { on_duplicate: 'merge' })).rejects.toThrow(/a, b/)
  })
})

describe('a cell', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', "'", "'=", '"', '|', '＝', "''+"), fc.string())
      .map((parts) => parts.join('')),
  )

  test.prop([nasty])('comes back as it was, whatever is in it', (text) => {
    expect(unescapeFormula(escapeFormula(text))).toBe(text)
  })

  test.prop([nasty])('never begins like a formula, unless it is a mere number', (text) => {
    expect(escapeFormula(text)).not.toMatch(/^[=@|%\t\r]|^[+-](?![\d\s().,/-]*$)/)
  })

  test.prop([
    fc.array(
      nasty.filter((text) => text !== ''),
      { maxLength: 5 },
    ),
  ])('holds a list and gives it back', (values) => {
    expect(parseListCell(formatCell(values))).toEqual(values)
  })

  test('with a phone number or a number stays as it is', () => {
    for (const text of ['+49 30 1234567', '+1 (217) 555-0001', '-12.5']) expect(escapeFormula(text)).toBe(text)
    for (const text of ['=1+1', '+cmd|calc', '-2+cmd', '@SUM(A1)']) expect(escapeFormula(text)).toBe(`'${text}`)
  })

  test.prop([fc.array(fc.array(nasty, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })], {
    numRuns: 50,
  })('survives being written to a file and read from it', async (rows) => {
    const header = ['name', 'city', 'tags', 'notes']
    const full = rows.map((row) => header.map((_, index) => row[index] ?? 'x'))
    const { cells } = await read([header, ...full].map(formatCsvLine).join(''), { delimiter: ',' })
    expect((cells as string[][]).slice(1).map((row) => row.map(unescapeFormula))).toEqual(full)
  })
})
