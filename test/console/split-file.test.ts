import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  decodeFile,
  guessDelimiter,
  inspectText,
  parseRecord,
  splitText,
} from '../../packages/console/src/pages/imports/split-file.ts'

const cell = fc.string({ maxLength: 12 }).map((value) => `"${value.replaceAll('"', '""')}"`)

describe('files to import', () => {
  test.prop([fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 200 })])(
    'parts hold every record once, whole, below the header',
    (rows, size) => {
      const header = 'Name,Mail\n'
      const records = rows.map((row) => `${row.join(',')}\n`)
      const parts = [...splitText(header + records.join(''), { kind: 'csv' }, size)]
      expect(parts.every(({ content }) => content.startsWith(header))).toBe(true)
      expect(parts.map(({ content }) => content.slice(header.length)).join('')).toBe(records.join(''))
      expect(parts.map(({ is_last }) => is_last)).toEqual(parts.map((_, index) => index === parts.length - 1))
    },
  )

  test('a quoted value may contain delimiters, quotes and line breaks', () => {
    expect(parseRecord('"a;b";"say ""x""";"two\nlines"\r\n', ';')).toEqual(['a;b', 'say "x"', 'two\nlines'])
  })

  test('a quote that is never closed ends with its line, however much follows', () => {
    const rest = Array.from({ length: 5 }, (_, index) => `${index},row\n`)
    const text = `a,b\n1,"open\n${rest.join('')}`
    const parts = [...splitText(text, { kind: 'csv' }, 1)].map(({ content }) => content)
    expect(parts).toEqual(['1,"open\n', ...rest].map((record) => `a,b\n${record}`))
    expect(inspectText(text).samples).toHaveLength(6)
  })

  test('the delimiter is the one that the header contains most often', () => {
    expect([guessDelimiter('a,b,c'), guessDelimiter('a;b, c;d'), guessDelimiter('a\tb')]).toEqual([',', ';', '\t'])
  })

  test('NDJSON is recognized by its first character and cut between lines', () => {
    const text = '{"a":1}\n{"a":2}\n{"a":3}\n'
    expect(inspectText(text).kind).toBe('ndjson')
    expect([...splitText(text, { kind: 'ndjson' }, 9)].map(({ content }) => content)).toEqual([
      '{"a":1}\n',
      '{"a":2}\n',
      '{"a":3}\n',
    ])
  })

  test('bytes that are not UTF-8 are read as Windows-1252', () => {
    expect(decodeFile(new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]).buffer)).toBe('Müller')
    expect(decodeFile(new TextEncoder().encode('Müller').buffer as ArrayBuffer)).toBe('Müller')
  })
})
