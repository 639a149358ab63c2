import { execFile } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { SharedTexts } from '@leads/core/file-imports/reading/xlsx/shared-texts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dice } from '../faults/dice.ts'
import { workbookParts } from './workbook-parts.ts'
import { writeArchive } from './write-archive.ts'

/** Memory does not grow with a workbook, whatever it is that makes it large. */

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'workbook-memory-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const ROWS = 80_000
const CHARACTERS = 500

/** Yields texts that do not compress well, each of them once, so that a file is as large as what it holds. */
function* invent(prefix: string, count: number, wrap: (text: string, number: number) => string): Generator<string> {
  const bytes = Buffer.alloc((CHARACTERS * 3) / 4)
  let piece = ''
  for (let number = 0; number < count; number += 1) {
    piece += wrap(`${prefix}${number} ${randomFillSync(bytes).toString('base64')}`, number)
    if (piece.length < 200_000) continue
    yield piece
    piece = ''
  }
  yield piece
}

const workbooks = {
  'texts in the cells': () => workbookParts(invent('a', ROWS, (text) => `<row>${inline(text)}<c><v>1</v></c></row>`)),
  'shared texts, in any order': () =>
    workbookParts(
      // A prime step visits every text once.
      invent('', ROWS, (_, number) => `<row><c t="s"><v>${(number * 7919) % ROWS}</v></c><c><v>1</v></c></row>`),
      { shared: invent('s', ROWS, (text) => `<si><t>${text}</t></si>`) },
    ),
}
const inline = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`

const script = (path: string): string => `
  import { parseXlsx } from ${JSON.stringify(fileURLToPath(import.meta.resolve('@leads/core/file-imports/reading/xlsx-records')))}
  let rows = 0, characters = 0
  for await (const { cells } of parseXlsx(${JSON.stringify(path)})) {
    rows += 1
    characters += cells[0].length
  }
  console.log(JSON.stringify({ rows, characters, peak_mb: process.resourceUsage().maxRSS / 1024 }))
`

test.each(Object.keys(workbooks) as (keyof typeof workbooks)[])(
  'a workbook with 40 MB of %s takes no more memory than a small one',
  async (kind) => {
    const path = join(directory, 'large.xlsx')
    writeArchive(path, workbooks[kind]())
    expect(statSync(path).size).toBeGreaterThan(30_000_000)
    const flags = ['--max-old-space-size=48', '--max-semi-space-size=4', '--input-type=module', '--eval', script(path)]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { env: { TMPDIR: directory } })
    const { rows, characters, peak_mb } = JSON.parse(stdout)
    expect(rows).toBe(ROWS)
    expect(characters).toBeGreaterThan(ROWS * CHARACTERS)
    // Held in memory, the texts alone would be 40 MB and the archive another 30.
    console.info(`peak of a workbook with ${kind}: ${Math.round(peak_mb)} MB`)
    expect(peak_mb).toBeLessThan(175)
    expect(readdirSync(directory)).toEqual(['large.xlsx'])
  },
  60_000,
)

test('shared texts are the same in memory and in the temporary file, whatever their length', () => {
  const dice = new Dice(3)
  const texts = new SharedTexts(40_000, 4_000)
  const added: string[] = []
  for (let number = 0; number < 6000; number += 1) {
    const length = dice.next() < 0.01 ? 40_000 : Math.floor(dice.next() * 200)
    added.push('äx€😀'.repeat(length).slice(0, length - (length % 5)))
  }
  try {
    for (const text of added) texts.add(text)
    for (let round = 0; round < 20_000; round += 1) {
      const number = Math.floor(dice.next() * added.length)
      if (texts.get(number) !== added[number]) expect(texts.get(number)).toBe(added[number])
    }
    expect([-1, 0.5, added.length, Number.NaN].map((number) => texts.get(number))).toEqual(['', '', '', ''])
  } finally {
    texts.close()
  }
})
