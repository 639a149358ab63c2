import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test } from '@fast-check/vitest'
import { escapeFormula, formatCell, formatCsvLine, parseListCell, unescapeFormula } from '@leads/core/csv-text'
import { detectFormat } from '@leads/core/file-imports/detect-format'
import { previewFile } from '@leads/core/file-imports/import-file'
import { inspectFile } from '@leads/core/file-imports/inspect-file'
import { readRecords } from '@leads/core/file-imports/read-records'
import type { FileRecord } from '@leads/core/file-imports/reading/types'
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
  const { encoding, sample, container } = await inspectFile(path)
  const format = detectFormat(sample, given)
  const records: FileRecord[] = []
  for await (const record of readRecords({ path, container, encoding, format })) records.push(record)
  return { encoding, format, records, cells: records.map(({ cells }) => cells) }
}

const table = [
  ['name', 'city'],
  ['Zoë Müller', 'Köln'],
  ['Ana', 'São Paulo'],
]
const lines = (delimiter: string, end = '\n') => table.map((row) => row.join(delimiter)).join(end) + end

describe('readRecords', () => {
  test.each([
    [',', 'comma'],
    [';', 'semicolon'],
    ['\t', 'tab'],
    ['|', 'pipe'],
  ])('a file is cut at its delimiter %j', async (delimiter) => {
    expect((await read(lines(delimiter))).cells).toEqual(table)
  })

  test('semicolons in a text of each row are no delimiters', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => `Ana ${index},a${index}@x.org,"one; two; three; four; "`)
    const { format, records } = await read(`name,email,notes\n${rows.join('\n')}\n`)
    expect([format.delimiter, records.length]).toEqual([',', 10])
  })

  test.each(['\n', '\r\n', '\r'])('lines may end with %j', async (end) => {
    expect((await read(lines(',', end))).cells).toEqual(table)
  })

  test.each([
    ['utf-8', Buffer.from(lines(','))],
    ['utf-8', Buffer.from(`\ufeff${lines(',')}`)],
    ['windows-1252', Buffer.from(lines(','), 'latin1')],
    ['utf-16le', Buffer.from(`\ufeff${lines(',')}`, 'utf16le')],
    ['utf-16le', Buffer.from(lines(','), 'utf16le')],
    ['utf-16be', Buffer.from(`\ufeff${lines(',')}`, 'utf16le').swap16()],
  ])('a file in %s is read, with or without a byte order mark', async (encoding, content) => {
    const found = await read(content)
    expect(found.encoding).toBe(encoding)
    expect(found.cells).toEqual(table)
  })

  test('a file is Windows-1252 even if its first umlaut is far from its beginning', async () => {
    const path = save(Buffer.concat([Buffer.from(`name\n${'Ana\n'.repeat(200_000)}`), Buffer.from('Zoë\n', 'latin1')]))
    expect((await inspectFile(path)).encoding).toBe('windows-1252')
  })

  test('delimiters, line ends and quotes within quotes are kept', async () => {
    const { cells, records } = await read('name;note\n"Ana; B";"two\nlines"\n"say ""hi""";x\n')
    expect(cells.slice(1)).toEqual([
      ['Ana; B', 'two\nlines'],
      ['say "hi"', 'x'],
    ])
    expect(records.map(({ line_number }) => line_number)).toEqual([1, 2, 4])
  })

  test('a first line sep= states the delimiter', async () => {
    const { cells, format } = await read('sep=;\nname;city\nAna;Rome, Italy\n')
    expect(format.delimiter).toBe(';')
    expect(cells).toEqual([
      ['name', 'city'],
      ['Ana', 'Rome, Italy'],
    ])
  })

  test('quotes within cells are text', async () => {
    expect((await read('name,size\nAna "The Cat" B,5" pipe\n')).cells[1]).toEqual(['Ana "The Cat" B', '5" pipe'])
    expect((await read('name,size\n"Ana,5\n', { quote: '' })).cells[1]).toEqual(['"Ana', '5'])
  })

  test.each([
    ['at the end of the file', 'name,city\nAna,Rome\n"Bob,Oslo\nCid,Paris\n'],
    ['before a line with quotes', 'name,city\nAna,Rome\n"Bob,Oslo\nCid,Paris\n"Dan","Bern"\n'],
    ['in the middle of a line', 'name,city\nAna,Rome\nBob,"Oslo\nCid,Paris\n'],
  ])(
    'a quote that is never closed, %s, makes one record with a problem, and the next lines are read',
    async (_, text) => {
      const { records } = await read(text)
      expect(records.filter(({ problem }) => problem !== undefined)).toEqual([
        { line_number: 3, cells: [expect.stringContaining('Oslo')], problem: 'a quote in this line is never closed' },
      ])
      expect(records.find(({ line_number }) => line_number === 4)?.cells).toEqual(['Cid', 'Paris'])
    },
  )

  test('a record of more than a million characters is one record with a problem', async () => {
    const { records } = await read(`name,city\n"${'x\n'.repeat(700_000)}`)
    expect(records[1]).toMatchObject({ line_number: 2, problem: expect.any(String) })
    const long = await read(`name,city\n${'x'.repeat(3_000_000)}\nAna,Rome\n`)
    expect(long.records.at(-1)?.cells).toEqual(['Ana', 'Rome'])
  })

  test('a header of a million columns is refused quickly', async () => {
    const started = performance.now()
    const wide = save(`${'a,'.repeat(1_000_000)}\n1\n`)
    await expect(previewFile(wide, { on_duplicate: 'merge' })).rejects.toThrow(
      /Line 1 cannot be read: the record (?:is longer|has more)/,
    )
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('a file may have one JSON object per line', async () => {
    const { cells, format } = await read('{"name":"Ana"}\n\n{"name":"Bob","tags":["a"]}')
    expect(format.kind).toBe('ndjson')
    expect(cells).toEqual([{ name: 'Ana' }, { name: 'Bob', tags: ['a'] }])
    const { records } = await read('{"name":"Ana"}\n{"name":\n[1]\n{"name":"Bob"}\n')
    expect(records.map(({ line_number, problem }) => [line_number, problem])).toEqual([
      [1, undefined],
      [2, 'the line is not valid JSON'],
      [3, 'the line is not a JSON object'],
      [4, undefined],
    ])
  })

  test('empty and repeated column names get numbers', async () => {
    const { columns } = await previewFile(save('email,,phone,phone\na@x.org,1,2,3\n'), { on_duplicate: 'merge' })
    expect(columns.map(({ header, column }) => [header, column])).toEqual([
      ['email', 'email'],
      ['column 2', null],
      ['phone', 'phone'],
      ['phone 2', 'phone'],
    ])
  })

  test('column names of five languages in one file are matched', async () => {
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

  test('overrides are applied, and unknown columns in them are refused', async () => {
    const path = save('Kd;Mail\nAcme;a@x.org\n')
    const of = async (overrides: Record<string, string | null>) =>
      (await previewFile(path, { on_duplicate: 'merge', map: overrides })).columns.map(({ column }) => column)
    expect(await of({ Kd: 'company_name' })).toEqual(['company_name', 'email'])
    expect(await of({ Mail: null, Kd: 'company_name' })).toEqual(['company_name', null])
    await expect(of({ Nix: 'email' })).rejects.toThrow(/no column "Nix". It has: Kd, Mail/)
    await expect(of({ Kd: 'nix' })).rejects.toThrow(/"nix" is not a lead column.*company_name/s)
  })

  test('a file that is empty or has no known column is refused', async () => {
    await expect(previewFile(save(''), { on_duplicate: 'merge' })).rejects.toThrow(/empty/)
    await expect(previewFile(save('\n\n'), { on_duplicate: 'merge' })).rejects.toThrow(/no records/)
    await expect(previewFile(save('a,b\n1,2\n'), { on_duplicate: 'merge' })).rejects.toThrow(/a, b/)
  })
})

describe('csv-text', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', "'", "'=", '"', '|', '＝', "''+"), fc.string())
      .map((parts) => parts.join('')),
  )

  test.prop([nasty])('every text survives escaping and unescaping', (text) => {
    expect(unescapeFormula(escapeFormula(text))).toBe(text)
  })

  test.prop([nasty])('an escaped text begins like a formula only if it is a number', (text) => {
    expect(escapeFormula(text)).not.toMatch(/^[=@|%\t\r]|^[+-](?![\d\s().,/-]*$)/)
  })

  test.prop([
    fc.array(
      nasty.filter((text) => text !== ''),
      { maxLength: 5 },
    ),
  ])('every list survives formatting and parsing', (values) => {
    expect(parseListCell(formatCell(values))).toEqual(values)
  })

  test('numbers and phone numbers are not escaped', () => {
    for (const text of ['+49 30 1234567', '+1 (217) 555-0001', '-12.5']) expect(escapeFormula(text)).toBe(text)
    for (const text of ['=1+1', '+cmd|calc', '-2+cmd', '@SUM(A1)']) expect(escapeFormula(text)).toBe(`'${text}`)
  })

  test.prop([fc.array(fc.array(nasty, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })], {
    numRuns: 50,
  })('records survive being written to a file and read from it', async (rows) => {
    const header = ['name', 'city', 'tags', 'notes']
    const full = rows.map((row) => header.map((_, index) => row[index] ?? 'x'))
    const { cells } = await read([header, ...full].map((values) => formatCsvLine(values)).join(''), { delimiter: ',' })
    expect((cells as string[][]).slice(1).map((row) => row.map(unescapeFormula))).toEqual(full)
  })
})
