import type { BatchOptions } from './batch-state.ts'
import { cutSample } from './reading/csv-records.ts'
import { scoreHeader } from './reading/find-header.ts'
import type { FileFormat } from './reading/types.ts'

const delimiters = [',', ';', '\t', '|'] as const
const SAMPLE_CHARACTERS = 64 * 1024
const SAMPLE_RECORDS = 60

const withoutCells = (kind: FileFormat['kind']): FileFormat => ({ kind, delimiter: '', quote: '', skip_lines: 0 })

export const XLSX_FORMAT: FileFormat = withoutCells('xlsx')

/** True for kinds whose records are rows of cells below a header. */
export const isTable = ({ kind }: Pick<FileFormat, 'kind'>): boolean => kind === 'csv' || kind === 'xlsx'

/**
 * Detects from the beginning of a text how it is written. The delimiter is the one that cuts most of the first records
 * into the same number of cells, more than one.
 */
export function detectFormat(sample: string, given: { delimiter?: string; quote?: string } = {}): FileFormat {
  if (given.delimiter === undefined) {
    if (/^\s*\{/.test(sample)) return withoutCells('ndjson')
    if (/^\s*\[\s*(?:[{\]]|$)/.test(sample)) return withoutCells('json')
  }
  const text = sample.slice(0, SAMPLE_CHARACTERS)
  const declared = /^sep=(.)\r?\n/i.exec(text)
  const skip_lines = declared === null ? 0 : 1
  const body = declared === null ? text : text.slice(declared[0].length)
  const quote = given.quote ?? detectQuote(body)
  const delimiter = given.delimiter ?? declared?.[1] ?? bestDelimiter(body, quote)
  return { kind: 'csv', delimiter, quote, has_backslash_quotes: hasBackslashQuotes(body, quote, delimiter), skip_lines }
}

const LINES_FOR_QUOTES = 30

const QUOTED_PAIR = /^\s*'.*'\s*([,;\t|])\s*'.*'\s*$/

/** Single quotes, if they enclose the cells of the header and most lines. An apostrophe alone is a spreadsheet's mark. */
function detectQuote(text: string): string {
  const lines = text.split(/\r?\n/, LINES_FOR_QUOTES).filter((line) => line.trim() !== '')
  const quoted = lines.filter((line) => QUOTED_PAIR.test(line)).length
  return QUOTED_PAIR.test(lines[0] ?? '') && quoted * 2 > lines.length ? "'" : '"'
}

/** True if `\"` occurs where a quote that ends its cell cannot be. */
function hasBackslashQuotes(text: string, quote: string, delimiter: string): boolean {
  if (quote === '') return false
  for (let at = text.indexOf(`\\${quote}`); at >= 0; at = text.indexOf(`\\${quote}`, at + 2)) {
    const next = text[at + 2]
    if (next !== undefined && next !== delimiter && next !== quote && next !== '\r' && next !== '\n') return true
  }
  return false
}

function bestDelimiter(sample: string, quote: string): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const score = scoreDelimiter(sample, delimiter, quote)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/**
 * The share of the records with the most frequent number of cells, weighted by that number and by the known names in a
 * record: a text in each row may have more semicolons than the row has commas.
 */
function scoreDelimiter(sample: string, delimiter: string, quote: string): number {
  const counts = new Map<number, number>()
  const records = cutSample(sample, { delimiter, quote, skip_lines: 0 }, SAMPLE_RECORDS)
  for (const { length } of records) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1)
  const known = Math.max(0, ...records.map((cells) => (cells.length > 1 ? (scoreHeader(cells)?.known ?? 0) : 0)))
  let best = 0
  for (const [width, count] of counts)
    best = Math.max(best, (count / records.length) ** 2 * Math.log2(width) * (1 + known))
  return best
}

export const resolveFormat = (sample: string, { delimiter, quote }: BatchOptions): FileFormat =>
  detectFormat(sample, { ...(delimiter !== undefined && { delimiter }), ...(quote !== undefined && { quote }) })
