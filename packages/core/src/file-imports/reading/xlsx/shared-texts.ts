import { RECORD_CHARACTERS_MAX } from '../csv-records.ts'
import { SpillingBytes } from './spilling-bytes.ts'
import { decodeEscapes } from './text-escapes.ts'
import type { XmlHandler } from './xml.ts'

/** Bytes of texts, and of their positions, that stay in memory. */
const TEXT_MEMORY_BYTES = 8 * 1024 * 1024
const POSITION_MEMORY_BYTES = 2 * 1024 * 1024

/** Texts that many cells have, such as countries, are decoded once. */
const RECENT_TEXTS = 4096
const RECENT_TEXT_CHARACTERS_MAX = 100

/** The texts that the cells of a workbook share, by number. Memory does not grow with them. */
export class SharedTexts {
  private readonly texts: SpillingBytes
  /** Where each text ends, eight bytes a text. */
  private readonly ends: SpillingBytes
  private readonly end = Buffer.alloc(8)
  private count = 0
  private readonly recent: string[] = new Array<string>(RECENT_TEXTS).fill('')
  private readonly recentNumbers = new Int32Array(RECENT_TEXTS).fill(-1)

  constructor(text_bytes = TEXT_MEMORY_BYTES, position_bytes = POSITION_MEMORY_BYTES) {
    this.texts = new SpillingBytes(text_bytes)
    this.ends = new SpillingBytes(position_bytes)
  }

  add(text: string): void {
    this.texts.appendText(text)
    this.end.writeDoubleLE(this.texts.length)
    this.ends.append(this.end)
    this.count += 1
  }

  /** Returns a text, `''` for a number that has none. */
  get(number: number): string {
    if (!(number >= 0 && number < this.count && Number.isInteger(number))) return ''
    const slot = number % RECENT_TEXTS
    if (this.recentNumbers[slot] === number) return this.recent[slot] ?? ''
    const start = number === 0 ? 0 : this.ends.double((number - 1) * 8)
    const text = this.texts.text(start, this.ends.double(number * 8))
    if (text.length <= RECENT_TEXT_CHARACTERS_MAX) {
      this.recent[slot] = text
      this.recentNumbers[slot] = number
    }
    return text
  }

  close(): void {
    this.texts.close()
    this.ends.close()
  }
}

/** Collects the texts of `sharedStrings.xml`: of each item its text, or its runs, without how they are pronounced. */
export class SharedTextsHandler implements XmlHandler {
  private readonly texts: SharedTexts
  private value = ''
  private isText = false
  private phonetic = 0

  constructor(texts: SharedTexts) {
    this.texts = texts
  }

  open(name: string): void {
    if (name === 't') this.isText = this.phonetic === 0
    else if (name === 'rPh') this.phonetic += 1
    else if (name === 'si') {
      this.value = ''
      this.phonetic = 0
    }
  }

  text(text: string): void {
    // A record is refused at that length. One more character tells that there was more.
    if (this.isText && this.value.length <= RECORD_CHARACTERS_MAX) this.value += text
  }

  close(name: string): void {
    if (name === 't') this.isText = false
    else if (name === 'rPh') this.phonetic -= 1
    else if (name === 'si') this.texts.add(decodeEscapes(this.value))
  }
}
