import type { CsvFormat, FileRecord } from './types.ts'

/**
 * Cuts CSV text into records. A record that cannot be read, because a quote in it is never closed, becomes a record with a
 * problem: reading continues with the line behind it. Memory does not grow with the text.
 */

/** Characters of one record at most. What is longer is an unclosed quote that swallows the rest of the file. */
export const RECORD_CHARACTERS_MAX = 1024 * 1024
/** Columns of one record at most; a spreadsheet has 16,384. */
export const CELLS_MAX = 16_384
const PROBLEM_CHARACTERS = 200

const UNCLOSED = 'a quote in this line is never closed'
export const TOO_LONG = `the record is longer than ${RECORD_CHARACTERS_MAX.toLocaleString('en')} characters`
export const TOO_WIDE = `the record has more than ${CELLS_MAX.toLocaleString('en')} columns`

interface Cut {
  cells: string[]
  /** Position behind the record and its line end. */
  end: number
  /** A quote within a cell was neither doubled nor at its end. */
  isIrregular: boolean
}

export async function* parseCsv(text: AsyncIterable<string>, format: CsvFormat): AsyncGenerator<FileRecord> {
  const cutter = new RecordCutter(format)
  for await (const part of text) {
    cutter.push(part)
    yield* cutter.records(false)
  }
  yield* cutter.records(true)
}

/** Cells of the first records of a text. */
export function cutSample(text: string, format: CsvFormat, records_max: number): string[][] {
  const cutter = new RecordCutter(format)
  cutter.push(text)
  const records: string[][] = []
  for (const { cells } of cutter.records(true)) {
    if (Array.isArray(cells)) records.push(cells)
    if (records.length >= records_max) break
  }
  return records
}

class RecordCutter {
  private readonly format: CsvFormat
  private text = ''
  private at = 0
  private line = 1
  private lineEnd = ''
  /** Cells of the first record: what a record with another number of cells and a line end within it is compared with. */
  private width = 0

  constructor(format: CsvFormat) {
    this.format = format
  }

  push(part: string): void {
    this.text = this.at === 0 ? this.text + part : this.text.slice(this.at) + part
    this.at = 0
    if (this.lineEnd === '') this.lineEnd = findLineEnd(this.text)
  }

  *records(isEnd: boolean): Generator<FileRecord> {
    if (this.lineEnd === '') {
      if (!isEnd && this.text.length < RECORD_CHARACTERS_MAX) return
      this.lineEnd = '\n'
    }
    while (this.at < this.text.length) {
      const found = this.next(isEnd)
      if (found === null) break
      if (this.line > this.format.skip_lines && !isEmpty(found)) {
        this.width ||= found.cells.length
        yield found.record
      }
      this.line += found.lines
    }
    if (isEnd) {
      this.text = ''
      this.at = 0
    }
  }

  /** Returns the next record, or null where more text is needed. */
  private next(isEnd: boolean): { record: FileRecord; cells: readonly string[]; lines: number } | null {
    const { text, at } = this
    let eol = text.indexOf(this.lineEnd, at)
    // A carriage return at the end of a piece may belong to the line end.
    if (eol < 0 && !isEnd) return this.waitOrRefuse()
    if (eol < 0) eol = text.length
    const { quote, delimiter } = this.format
    const line = text.slice(at, text.charCodeAt(eol - 1) === 13 && eol > at ? eol - 1 : eol)
    if (this.line <= this.format.skip_lines || quote === '' || !line.includes(quote))
      return this.finish(splitCells(line, delimiter), eol, 1)
    const cut = this.cutQuoted(at, isEnd)
    if (cut === 'more') return this.waitOrRefuse()
    if (cut === 'unclosed') return this.refuse(line, eol, UNCLOSED)
    const lines = countLines(text, at, cut.end, this.lineEnd)
    // A stray quote that one in another line closes by chance: the first line alone fits the header.
    if (lines > 1 && this.width > 1 && (cut.isIrregular || cut.cells.length !== this.width)) {
      const alone = splitCells(line, delimiter)
      if (alone.length === this.width && line.split(quote).length % 2 === 0) return this.refuse(line, eol, UNCLOSED)
    }
    return this.finish(cut.cells, cut.end - this.lineEnd.length, lines)
  }

  private finish(cells: string[], eol: number, lines: number) {
    this.at = Math.min(eol + this.lineEnd.length, this.text.length)
    const record: FileRecord = { line_number: this.line, cells }
    if (cells.length > CELLS_MAX) {
      record.problem = TOO_WIDE
      record.cells = cells.slice(0, 10)
    }
    return { record, cells, lines }
  }

  private refuse(line: string, eol: number, problem: string) {
    this.at = Math.min(eol + this.lineEnd.length, this.text.length)
    const cells = [line.slice(0, PROBLEM_CHARACTERS)]
    return { record: { line_number: this.line, cells, problem }, cells, lines: 1 }
  }

  /** Waits for more text, unless the record is too long already. */
  private waitOrRefuse() {
    if (this.text.length - this.at <= RECORD_CHARACTERS_MAX) return null
    const eol = this.text.indexOf(this.lineEnd, this.at)
    if (eol >= 0) return this.refuse(this.text.slice(this.at, eol), eol, UNCLOSED)
    // One line without an end: its beginning is dropped, the rest is looked for a line end in the next pieces.
    return this.refuse(
      this.text.slice(this.at, this.at + RECORD_CHARACTERS_MAX),
      this.text.length - this.lineEnd.length,
      TOO_LONG,
    )
  }

  /** Cuts a record with quotes. */
  private cutQuoted(start: number, isEnd: boolean): Cut | 'more' | 'unclosed' {
    const { text } = this
    const { quote, delimiter } = this.format
    const cells: string[] = []
    let isIrregular = false
    let at = start
    for (;;) {
      const from = this.skipBlanks(at)
      if (text[from] !== quote) {
        const plain = this.cutPlainCell(at, isEnd)
        if (plain === null) return 'more'
        cells.push(plain.value)
        if (plain.isLast) return { cells, end: plain.end, isIrregular }
        at = plain.end
        continue
      }
      const quoted = this.cutCell(from + 1)
      if (quoted === null) return isEnd || text.length - start > RECORD_CHARACTERS_MAX ? 'unclosed' : 'more'
      cells.push(quoted.value)
      isIrregular ||= quoted.isIrregular
      at = quoted.end
      if (at >= text.length && !isEnd) return 'more'
      if (!text.startsWith(delimiter, at)) return { cells, end: this.skipLineEnd(at), isIrregular }
      at += delimiter.length
    }
  }

  /** Cuts a cell without quotes. `end` is behind its delimiter or line end. Null: neither has arrived yet. */
  private cutPlainCell(at: number, isEnd: boolean): { value: string; end: number; isLast: boolean } | null {
    const { text, lineEnd } = this
    const { delimiter } = this.format
    const next = text.indexOf(delimiter, at)
    const eol = text.indexOf(lineEnd, at)
    if (eol < 0 && !isEnd) return null
    const end = eol < 0 ? text.length : eol
    return next >= 0 && next < end
      ? { value: text.slice(at, next), end: next + delimiter.length, isLast: false }
      : { value: withoutReturn(text.slice(at, end)), end: end + lineEnd.length, isLast: true }
  }

  private skipBlanks(start: number): number {
    let at = start
    while (isBlank(this.text.charCodeAt(at)) && this.text[at] !== this.format.delimiter) at += 1
    return at
  }

  private skipLineEnd(at: number): number {
    const isPair = this.text.charCodeAt(at) === 13 && this.lineEnd !== '\r'
    return at + (isPair ? 1 : 0) + this.lineEnd.length
  }

  /** Reads a quoted cell up to the quote that a delimiter or line end follows; quotes within it are kept. */
  private cutCell(start: number): { value: string; end: number; isIrregular: boolean } | null {
    const { text } = this
    const { quote, delimiter, has_backslash_quotes } = this.format
    let at = start
    let value = ''
    let isIrregular = false
    for (;;) {
      const next = text.indexOf(quote, at)
      if (next < 0) return null
      if (has_backslash_quotes && isEscaped(text, next, start)) {
        value += `${text.slice(at, next - 1)}${quote}`
        at = next + 1
        continue
      }
      if (text[next + 1] === quote) {
        // `"",` may end an empty cell that was not begun here: only a pair of quotes within a cell is one quote.
        value += text.slice(at, next + 1)
        at = next + 2
        continue
      }
      const after = this.skipBlanks(next + 1)
      const code = text.charCodeAt(after)
      if (after >= text.length || text.startsWith(delimiter, after) || code === 10 || code === 13) {
        const cell = value + text.slice(at, next)
        return { value: has_backslash_quotes ? cell.replaceAll('\\\\', '\\') : cell, end: after, isIrregular }
      }
      value += text.slice(at, next + 1)
      at = next + 1
      isIrregular = true
    }
  }
}

const isBlank = (code: number): boolean => code === 32 || code === 9
const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)
const isEmpty = ({ record, cells }: { record: FileRecord; cells: readonly string[] }): boolean =>
  record.problem === undefined && cells.every((cell) => cell === '' || cell.trim() === '')

function isEscaped(text: string, at: number, start: number): boolean {
  let slashes = 0
  while (at - 1 - slashes >= start && text[at - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}

/** Lines end with `\n`, or with `\r` in files of old Macs. Empty: no line has ended yet. */
function findLineEnd(text: string): string {
  if (text.includes('\n')) return '\n'
  const at = text.indexOf('\r')
  return at >= 0 && at < text.length - 1 ? '\r' : ''
}

function splitCells(line: string, delimiter: string): string[] {
  return line.split(delimiter)
}

function countLines(text: string, start: number, end: number, lineEnd: string): number {
  let lines = 1
  for (let at = text.indexOf(lineEnd, start); at >= 0 && at < end - 1; at = text.indexOf(lineEnd, at + 1)) lines += 1
  return lines
}
