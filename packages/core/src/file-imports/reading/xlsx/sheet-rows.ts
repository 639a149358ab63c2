import { CELLS_MAX, RECORD_CHARACTERS_MAX, TOO_LONG, TOO_WIDE } from '../csv-records.ts'
import type { FileRecord } from '../types.ts'
import { toDateText, toIsoText, toTimeText } from './cell-dates.ts'
import type { NumberKind } from './cell-formats.ts'
import type { SharedTexts } from './shared-texts.ts'
import { decodeEscapes } from './text-escapes.ts'
import type { XmlHandler } from './xml.ts'

export interface CellContext {
  texts: Pick<SharedTexts, 'get'>
  /** How numbers are read, by the number of a cell's style. */
  kinds: readonly NumberKind[]
  is_1904: boolean
}

const PROBLEM_CHARACTERS = 1000

/** Collects the rows of a sheet that are not empty. */
export class SheetRowsHandler implements XmlHandler {
  /** True once the last row has been read. */
  isEnded = false
  private rows: FileRecord[] = []
  private readonly context: CellContext

  private isBegun = false
  private rowNumber = 0
  private cells: string[] = []
  private hasText = false
  private characters = 0
  private problem = ''

  private column = -1
  private type = ''
  private style = ''
  private value = ''
  private isInline = false
  private isText = false
  private phonetic = 0

  constructor(context: CellContext) {
    this.context = context
  }

  /** Returns the rows since the last call. */
  take(): FileRecord[] {
    const { rows } = this
    this.rows = []
    return rows
  }

  open(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'c':
        this.beginCell(attributes)
        break
      case 'v':
        this.isText = !this.isInline && this.value === ''
        break
      case 't':
        this.isText = this.isInline && this.phonetic === 0
        break
      case 'row':
        this.beginRow(attributes.r)
        break
      case 'is':
        this.isInline = true
        break
      case 'rPh':
        this.phonetic += 1
        break
      case 'sheetData':
        this.isBegun = true
        break
    }
  }

  text(text: string): void {
    if (this.isText && this.value.length <= RECORD_CHARACTERS_MAX) this.value += text
  }

  close(name: string): void {
    switch (name) {
      case 'c':
        this.endCell()
        break
      case 'v':
      case 't':
        this.isText = false
        break
      case 'row':
        this.endRow()
        break
      case 'rPh':
        this.phonetic -= 1
        break
      case 'is':
        this.isInline = false
        break
      case 'sheetData':
        this.isEnded = this.isBegun
        break
    }
  }

  private beginRow(stated: string | undefined): void {
    const number = Number(stated)
    this.rowNumber = Number.isSafeInteger(number) && number > 0 ? number : this.rowNumber + 1
    this.cells = []
    this.column = -1
    this.hasText = false
    this.characters = 0
    this.problem = ''
  }

  private beginCell({ r, t, s }: Record<string, string>): void {
    this.column = (r === undefined ? -1 : toColumn(r)) >= 0 ? toColumn(r ?? '') : this.column + 1
    this.type = t ?? 'n'
    this.style = s ?? ''
    this.value = ''
    this.isInline = false
    this.phonetic = 0
  }

  private endCell(): void {
    this.isText = false
    // What is refused is not collected: cells may share one long text, and a small file then hold very long rows.
    if (this.problem !== '' || (this.value === '' && this.type !== 'inlineStr')) return
    const text = this.toText()
    if (text === '') return
    if (this.column >= CELLS_MAX) {
      this.problem = TOO_WIDE
      return
    }
    this.characters += text.length
    if (this.characters > RECORD_CHARACTERS_MAX) this.problem = TOO_LONG
    const { cells, column } = this
    while (cells.length < column) cells.push('')
    cells[column] = text
    this.hasText ||= text.trim() !== ''
  }

  private endRow(): void {
    if (!this.isBegun || this.isEnded) return
    const { cells, problem, rowNumber: line_number } = this
    if (problem !== '') {
      const first = cells.find((cell) => cell !== '') ?? ''
      this.rows.push({ line_number, cells: [first.slice(0, PROBLEM_CHARACTERS)], problem })
    } else if (this.hasText) this.rows.push({ line_number, cells })
  }

  private toText(): string {
    const { value, context } = this
    switch (this.type) {
      case 's':
        return context.texts.get(Number(value))
      case 'str':
      case 'inlineStr':
        return decodeEscapes(value)
      case 'b':
        return String(value === '1' || value.toLowerCase() === 'true')
      case 'e':
        return value
      case 'd':
        return toIsoText(value)
      default:
        return this.toNumberText()
    }
  }

  /** Returns a number without an exponent, dates as ISO dates. */
  private toNumberText(): string {
    const { value, context } = this
    if (value.trim() === '') return ''
    const number = Number(value)
    if (Number.isNaN(number)) return value
    const kind = this.style === '' ? 'number' : context.kinds[Number(this.style)]
    if (kind === 'date' || kind === 'time') {
      const date = (kind === 'time' ? toTimeText(number) : null) ?? toDateText(number, context.is_1904)
      if (date !== null) return date
    }
    return Number.isInteger(number) && Math.abs(number) < 1e21 ? BigInt(number).toString() : String(number)
  }
}

/** Returns 0 for `A12`, 26 for `AA1`, -1 for what names no column. */
function toColumn(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) & ~32
    if (letter < 65 || letter > 90) break
    // No column has that many letters. The number is only to stay beyond the last one.
    column = Math.min(column * 26 + letter - 64, 1_000_000)
  }
  return column - 1
}
