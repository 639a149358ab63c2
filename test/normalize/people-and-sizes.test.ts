import { parseEmployeeSize } from '@leads/core/normalize/employees'
import { cleanNamePart, mergeNameParts, parsePersonName } from '@leads/core/normalize/name'
import { cleanTags } from '@leads/core/normalize/tags'
import { cleanText, toCleanLine, truncateText } from '@leads/core/normalize/text'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('parsePersonName', () => {
  test.each([
    ['Jane Doe', 'Jane Doe', 'Jane', 'Doe'],
    ['Dr. Jane Doe', 'Jane Doe', 'Jane', 'Doe'],
    ['Prof. Dr. Jane Doe', 'Jane Doe', 'Jane', 'Doe'],
    ['Herr Uwe Hofmann', 'Uwe Hofmann', 'Uwe', 'Hofmann'],
    ['Jane Doe, PharmD, MBA', 'Jane Doe', 'Jane', 'Doe'],
    ['Jane Doe MBA', 'Jane Doe', 'Jane', 'Doe'],
    ['JANE DOE', 'Jane Doe', 'Jane', 'Doe'],
    ['jane doe', 'Jane Doe', 'Jane', 'Doe'],
    ['Jean DUPONT', 'Jean Dupont', 'Jean', 'Dupont'],
    ['DUPONT Marie', 'Marie Dupont', 'Marie', 'Dupont'],
    ['LE GOFF Anne-Laure', 'Anne-Laure Le Goff', 'Anne-Laure', 'Le Goff'],
    ['Sabine & Thomas Klein', 'Sabine & Thomas Klein', 'Sabine & Thomas', 'Klein'],
    ['Eva und Max van Roth', 'Eva und Max van Roth', 'Eva und Max', 'van Roth'],
    ['Dr. Anna Moor und Peter Fuchs', 'Anna Moor und Peter Fuchs', 'Anna', 'Moor'],
    ['José Ortega y Gasset', 'José Ortega y Gasset', 'José Ortega', 'y Gasset'],
    ['Doe, Jane', 'Jane Doe', 'Jane', 'Doe'],
    ['Ludwig van Beethoven', 'Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
    ['Anna Maria de la Cruz', 'Anna Maria de la Cruz', 'Anna Maria', 'de la Cruz'],
    ["Sinéad O'Brien-Walsh", "Sinéad O'Brien-Walsh", 'Sinéad', "O'Brien-Walsh"],
    ['🚀 Jane Doe ✨', 'Jane Doe', 'Jane', 'Doe'],
    ['Jane (Smith) Doe', 'Jane Doe', 'Jane', 'Doe'],
    ['Robert Downey Jr.', 'Robert Downey Jr.', 'Robert', 'Downey'],
    ['王小明', '王小明', null, null],
    ['Иван Петров', 'Иван Петров', null, null],
    ['Cher', 'Cher', 'Cher', null],
    ['LinkedIn Member', null, null, null],
    ['J*** D***', null, null, null],
    ['jane@acme.com', null, null, null],
    ['12345', null, null, null],
    ['undefined', null, null, null],
  ])('%s is %s: %s and %s', (text, full, first, last) => {
    expect(parsePersonName(text)).toEqual({ full, first, last })
  })

  test('stated parts win over a full name, and a missing part comes from it', () => {
    expect(mergeNameParts('Jane', 'Doe', parsePersonName('Jane Doe, PhD'))).toEqual({
      full: 'Jane Doe',
      first: 'Jane',
      last: 'Doe',
    })
    expect(mergeNameParts('Mary Ann', 'Lee', parsePersonName('Mary Ann van Lee'))).toEqual({
      full: 'Mary Ann van Lee',
      first: 'Mary Ann',
      last: 'Lee',
    })
    expect(mergeNameParts('Jane', null, parsePersonName('Jane Doe'))).toEqual({
      full: 'Jane Doe',
      first: 'Jane',
      last: 'Doe',
    })
    expect(cleanNamePart('Siddiq, PharmD')).toBe('Siddiq')
  })

  test('a name is never longer than its column and stays the same when it is parsed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const { full } = parsePersonName(text)
        expect([...(full ?? '')].length).toBeLessThanOrEqual(255)
      }),
    )
  })
})

describe('parseEmployeeSize', () => {
  const size = (count: number | null, min: number | null, max: number | null) => ({ count, min, max })
  test.each([
    [12, size(12, null, null)],
    ['12', size(12, null, null)],
    ['300000', size(300000, null, null)],
    ['10,001', size(10001, null, null)],
    ['10.001', size(10001, null, null)],
    ['501-1000', size(null, 501, 1000)],
    ['51 - 200 employees', size(null, 51, 200)],
    ['201 to 500 Employees', size(null, 201, 500)],
    ['11–50 Mitarbeiter', size(null, 11, 50)],
    ['1K-5K', size(null, 1000, 5000)],
    ['10,001+ employees', size(null, 10001, null)],
    ['more than 500', size(null, 500, null)],
    ['less than 10', size(null, null, 10)],
    ['c_00051_00100', size(null, 51, 100)],
    ['c_10001_max', size(null, 10001, null)],
    [[51, 100], size(null, 51, 100)],
    [{ start: 10001 }, size(null, 10001, null)],
    [{ start: 10001, end: null }, size(null, 10001, null)],
    [{ min: 2, max: 10 }, size(null, 2, 10)],
    [{ value: '11-50' }, size(null, 11, 50)],
    ['many', size(null, null, null)],
    ['100-50', size(null, null, null)],
    [-3, size(null, null, null)],
    [Number.NaN, size(null, null, null)],
    [{}, size(null, null, null)],
    [null, size(null, null, null)],
  ])('%j', (value, expected) => {
    expect(parseEmployeeSize(value)).toEqual(expected)
  })
})

describe('cleanText', () => {
  test.each([
    '',
    ' ',
    '-',
    '--',
    '?',
    'N/A',
    'null',
    'undefined',
    'None',
    '+***********',
    'xxx-xxx',
    '[object Object]',
    'keine Angabe',
  ])('%j says nothing', (text) => {
    expect(cleanText(text, 255)).toBeNull()
  })

  test.each([
    ['\u001b]0;a title\u0007Max\u001b[2J Muster', 'Max Muster'],
    ['A\u001b[31;1m red\u001b[0m', 'A red'],
    ['\u009b2JMax', 'Max'],
    ['\u001b]8;;https://x.example\u001b\\Max\u001b]8;;\u001b\\', 'Max'],
    ['\u001bcMax', 'Max'],
    ['Max [2J Muster', 'Max [2J Muster'],
  ])('a cleaned text contains nothing of a terminal sequence: %j', (text, expected) => {
    expect(cleanText(text, 255)).toBe(expected)
  })

  test('a cleaned text loses characters that no column accepts and keeps the others', () => {
    expect(toCleanLine('a\u0000b\u001fc\u001ed\u0085e')).toBe('a b c d e')
    expect(toCleanLine('x\ud800y\udc00z 👩‍👩‍👧')).toBe('xyz 👩‍👩‍👧')
    expect(toCleanLine(' Ben &amp;  Jerry\u200b\u00a0Ltd\n')).toBe('Ben & Jerry Ltd')
  })

  test('a text is cut by characters and never in a surrogate pair', () => {
    expect(truncateText('😀😀😀', 2)).toBe('😀😀')
    expect(truncateText('ab', 2)).toBe('ab')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = cleanText(text, max)
        if (cut !== null) {
          expect(cut.isWellFormed()).toBe(true)
          expect([...cut].length).toBeLessThanOrEqual(max)
          expect(toCleanLine(cut)).toBe(cut)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('tags are read from lists and from comma-separated text, each once', () => {
    expect(cleanTags(['a, b', 'B', 'c', null, 3, ''])).toEqual(['a', 'b', 'c', '3'])
  })
})
