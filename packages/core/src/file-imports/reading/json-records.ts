import { RECORD_CHARACTERS_MAX } from './csv-records.ts'
import type { FileRecord } from './types.ts'

/** Cuts JSON texts into records: one object per line, or one array of objects. Memory does not grow with the text. */

const OBJECT_CHARACTERS_MAX = 16 * RECORD_CHARACTERS_MAX
const PROBLEM_CHARACTERS = 200

const refuse = (line_number: number, text: string, problem: string): FileRecord => ({
  line_number,
  cells: { line: text.slice(0, PROBLEM_CHARACTERS) },
  problem,
})

function readObject(text: string, line_number: number): FileRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse(line_number, text, 'the line is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(line_number, text, 'the line is not a JSON object')
  return { line_number, cells: value as Record<string, unknown> }
}

/** One JSON object per line. A line that is none becomes a record with a problem. */
export async function* parseNdjson(text: AsyncIterable<string>): AsyncGenerator<FileRecord> {
  let rest = ''
  let line_number = 0
  let isTooLong = false
  const readLine = function* (line: string): Generator<FileRecord> {
    line_number += 1
    if (isTooLong) yield refuse(line_number, line, 'the line is longer than 16 MB')
    else if (line.trim() !== '') yield readObject(line, line_number)
    isTooLong = false
  }
  for await (const part of text) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield* readLine(line)
    if (rest.length <= OBJECT_CHARACTERS_MAX) continue
    isTooLong = true
    rest = rest.slice(0, PROBLEM_CHARACTERS)
  }
  yield* readLine(rest)
}

/**
 * The objects of a JSON array, wherever lines end. An element that is not an object, or not valid, becomes a record with a
 * problem; so does what follows the array.
 */
export async function* parseJsonArray(text: AsyncIterable<string>): AsyncGenerator<FileRecord> {
  const cutter = new ElementCutter()
  for await (const part of text) yield* cutter.push(part)
  yield* cutter.end()
}

class ElementCutter {
  private element: string[] = []
  private length = 0
  private depth = 0
  private isInText = false
  private isEscaped = false
  private isBegun = false
  private isEnded = false
  private line = 1
  private elementLine = 1

  private keep(text: string): void {
    this.length += text.length
    // An element without an end: its beginning is enough to tell the user where.
    if (this.length <= OBJECT_CHARACTERS_MAX) this.element.push(text)
  }

  *push(part: string): Generator<FileRecord> {
    let start = 0
    for (let at = 0; at < part.length; at += 1) {
      const code = part.charCodeAt(at)
      if (code === 10) this.line += 1
      if (this.isInText) this.readInText(code)
      else if (code === 34) this.isInText = true
      else if (code === 91 && !this.isBegun) {
        this.isBegun = true
        start = at + 1
        this.elementLine = this.line
      } else if (this.isElementEnd(code)) {
        this.keep(part.slice(start, at))
        yield* this.flush()
        start = at + 1
        this.isEnded ||= code === 93
      } else this.countDepth(code)
    }
    this.keep(part.slice(start))
  }

  private isElementEnd(code: number): boolean {
    return this.depth === 0 && this.isBegun && (code === 44 || code === 93)
  }

  private countDepth(code: number): void {
    if (code === 123 || code === 91) this.depth += 1
    else if ((code === 125 || code === 93) && this.depth > 0) this.depth -= 1
  }

  private readInText(code: number): void {
    if (this.isEscaped) this.isEscaped = false
    else if (code === 92) this.isEscaped = true
    else if (code === 34) this.isInText = false
  }

  *end(): Generator<FileRecord> {
    const rest = this.element.join('').trim()
    if (!this.isEnded) yield refuse(this.elementLine, rest, 'the JSON array is cut off here')
    else if (rest !== '') yield refuse(this.elementLine, rest, 'there is text behind the JSON array')
  }

  private *flush(): Generator<FileRecord> {
    const text = this.element.join('')
    const isTooLong = this.length > OBJECT_CHARACTERS_MAX
    const blank = /^\s*/.exec(text)?.[0] ?? ''
    const line = this.elementLine + blank.split('\n').length - 1
    this.element = []
    this.length = 0
    this.elementLine = this.line
    if (isTooLong) yield refuse(line, text, 'the element is longer than 16 MB')
    else if (text.trim() !== '') yield readElement(text, line)
  }
}

function readElement(text: string, line: number): FileRecord {
  const record = readObject(text, line)
  return record.problem === undefined
    ? record
    : { ...record, problem: record.problem.replace('the line', 'the element') }
}
